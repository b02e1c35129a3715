"""Requirements files as people write them, and what uv is given in their place."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from buildpack.requirements import (
    InstallerInput,
    Origin,
    Requirements,
    RequirementsFile,
    Role,
    read_requirements,
    without_engine,
)

ROOT = PurePosixPath("requirements.txt")
HASH = "sha256:" + "a1" * 32
WHEEL = "w/lib-1.0-py3-none-any.whl"
OTHER = "sha256:" + "b2" * 32
ENVIRONMENT = {"TOKEN": "s3cret-value", "VERSION": "3.1.0", "FOLDER": "pkg", "HOST": "h.example"}


def write(app: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def read(app: Path, files: Mapping[str, str | bytes] | str | bytes) -> Requirements:
    write(app, files if isinstance(files, Mapping) else {"requirements.txt": files})
    return read_requirements(app, ROOT, ENVIRONMENT)


def lines(text: str, origins: Mapping[int, Origin], app: Path) -> list[str]:
    """``requirements.txt:1 flask`` for each line that isn't a comment."""
    return [
        f"{origins[number]} {line.replace(str(app), '/app')}"
        for number, line in enumerate(text.splitlines(), start=1)
        if not line.startswith("#")
    ]


def given_lines(given: InstallerInput, app: Path) -> list[str]:
    return lines(given.requirements, given.requirements_origins, app) + [
        f"constraint {line}" for line in lines(given.constraints, given.constraints_origins, app)
    ]


SAME = [
    "flask",
    "Flask==3.1.0",
    "flask>=3,<4",
    "flask~=3.1",
    "flask!=3.0.1",
    "flask==3.*",
    "flask===3.1.0",
    "zope.interface",
    "typing_extensions>=4",
    "flask[async]>=3",
    "flask[async,dotenv]",
    "flask>=3 ; python_version >= '3.9'",
    "flask>=3 ; sys_platform == 'linux' and (python_version < '4' or extra == 'x')",
    "pkg==1!2.0.post1",
    "pkg==1.0+local.1",
    "pkg==2.0rc1",
    "pkg==2.0.dev3",
    f"flask==3.1.0 --hash={HASH}",
    f"flask==3.1.0 ; python_version > '3' --hash={HASH} --hash={OTHER}",
    "b @ git+https://h.example/a/b.git@v1",
    "b[x] @ git+https://h.example/a/b.git@v1#subdirectory=sub",
    "git+https://h.example/a/b.git",
    "git+ssh://git@h.example/a/b.git@main",
    "lib @ https://h.example/lib-1.0-py3-none-any.whl",
    f"https://h.example/lib-1.0.tar.gz --hash={HASH}",
    "https://h.example/lib-1.0.zip ; python_version > '3'",
    "--index-url https://h.example/simple",
    "--extra-index-url https://h.example/simple",
    "--find-links https://h.example/wheels.html",
    "--no-index",
    "--no-binary :all:",
    "--only-binary numpy",
]


@pytest.mark.parametrize("line", SAME)
def test_lines_that_uv_gets_as_they_are(tmp_path: Path, line: str) -> None:
    given = without_engine(read(tmp_path, line + "\n"))
    expected = line
    for name in ("Flask", "zope.interface", "typing_extensions"):
        normal = name.lower().replace(".", "-").replace("_", "-")
        expected = expected.replace(name, normal)
    assert given.requirements == f"# requirements.txt:1\n{expected}\n"
    assert given.constraints == ""


PROJECT = {"pkg/pyproject.toml": "[project]\n"}
MEANS = {
    "blanks around a version": ("flask  >= 3 , < 4", ["1 flask>=3,<4"]),
    "a version in brackets": ("flask (>=3)", ["1 flask>=3"]),
    "blanks in extras": ("flask [ async , dotenv ] >=3", ["1 flask[async,dotenv]>=3"]),
    "blank before a marker": ("flask;python_version>'3'", ["1 flask ; python_version>'3'"]),
    "comments": ("# first\nflask # why\n  # third\nidna", ["2 flask", "4 idna"]),
    "a hash sign in a word": ("git+https://h/b.git#egg=b", ["1 b @ git+https://h/b.git#egg=b"]),
    "extras in an egg name": (
        "git+https://h/b.git#egg=b[x]",
        ["1 b[x] @ git+https://h/b.git#egg=b"],
    ),
    "empty lines": ("\n\n\nflask\n\n", ["4 flask"]),
    "no line end": ("flask", ["1 flask"]),
    "Windows line ends": ("flask\r\nidna\r\n", ["1 flask", "2 idna"]),
    "old Mac line ends": ("flask\ridna", ["1 flask", "2 idna"]),
    "a continued line": ("flask \\\n  ==3.1.0\nidna", ["1 flask==3.1.0", "3 idna"]),
    "hashes on lines of their own": (
        f"flask==3.1.0 \\\n    --hash={HASH} \\\n    --hash={OTHER}\n    # via -r x.in\nidna",
        [f"1 flask==3.1.0 --hash={HASH} --hash={OTHER}", "5 idna"],
    ),
    "a hash after a blank": (f"flask==3.1.0 --hash {HASH}", [f"1 flask==3.1.0 --hash={HASH}"]),
    "a backslash at the very end": ("flask \\", ["1 flask"]),
    "a comment that ends in a backslash": ("flask # x \\\nidna", ["1 flask", "2 idna"]),
    "UTF-8 with a mark": (b"\xef\xbb\xbfflask\n", ["1 flask"]),
    "UTF-16, little end first": ("﻿flask\n".encode("utf-16-le"), ["1 flask"]),
    "UTF-16, big end first": ("﻿flask\n".encode("utf-16-be"), ["1 flask"]),
    "UTF-32": ("﻿flask\n".encode("utf-32-le"), ["1 flask"]),
    "an encoding that is declared": (b"# -*- coding: latin-1 -*-\nflask # \xe9\n", ["2 flask"]),
    "declared on the second line": (b"#\n# vim: fileencoding=cp1252\nflask # \x80", ["3 flask"]),
    "Latin-1 in a comment": (b"flask # caf\xe9\n", ["1 flask"]),
    "an empty file": ("", []),
    "short options": (
        "-i https://h/s\n-f https://h/l",
        ["1 --index-url https://h/s", "2 --find-links https://h/l"],
    ),
    "an option with =": ("--index-url=https://h/s", ["1 --index-url https://h/s"]),
    "an option with a quoted value": ("--index-url 'https://h/s'", ["1 --index-url https://h/s"]),
    "an old name": ("--pypi-url https://h/s", ["1 --index-url https://h/s"]),
    "two options in a line": (
        "--index-url https://h/s --extra-index-url https://h/t",
        ["1 --index-url https://h/s", "1 --extra-index-url https://h/t"],
    ),
    "the last index counts": ("-i https://h/a\n-i https://h/b", ["2 --index-url https://h/b"]),
    "options come first": ("flask\n--no-index", ["2 --no-index", "1 flask"]),
    "names with commas": ("--no-binary a,b", ["1 --no-binary a", "1 --no-binary b"]),
    "what uv has no use for": ("--prefer-binary\n--use-feature=fast-deps\nflask", ["3 flask"]),
    "a version from a variable": ("flask==${VERSION}", ["1 flask==3.1.0"]),
    "a token from a variable": (
        "--index-url https://u:${TOKEN}@h/s",
        ["1 --index-url https://u:${FLASKPACK_REQUIREMENT_TOKEN}@h/s"],
    ),
    "a variable in a comment": ("flask # ${NOWHERE}", ["1 flask"]),
    "a small variable is text": (
        "flask ; python_version > '${x}'",
        ["1 flask ; python_version > '${x}'"],
    ),
    "a repository to edit": ("-e git+https://h/b.git#egg=b", ["1 b @ git+https://h/b.git#egg=b"]),
}
MEANS_WITH_FILES = {
    "a folder": ({"requirements.txt": "./pkg", **PROJECT}, ["1 file:///app/pkg"]),
    "a folder with extras": (
        {"requirements.txt": "./pkg[x,y]", **PROJECT},
        ["1 file:///app/pkg[x,y]"],
    ),
    "a folder and a marker": (
        {"requirements.txt": "./pkg ; python_version > '3'", **PROJECT},
        ["1 file:///app/pkg ; python_version > '3'"],
    ),
    "a folder without a dot": ({"requirements.txt": "pkg/", **PROJECT}, ["1 file:///app/pkg"]),
    "a folder by a name": ({"requirements.txt": "p @ ./pkg", **PROJECT}, ["1 p @ file:///app/pkg"]),
    "a folder by address": ({"requirements.txt": "file:./pkg", **PROJECT}, ["1 file:///app/pkg"]),
    "a folder from a variable": (
        {"requirements.txt": "./${FOLDER}", **PROJECT},
        ["1 file:///app/pkg"],
    ),
    "the project's root": (
        {"requirements.txt": "-e file:///${PROJECT_ROOT}/pkg", **PROJECT},
        ["1 -e file:///app/pkg"],
    ),
    "the app itself": ({"requirements.txt": "-e .", "setup.py": ""}, ["1 -e file:///app"]),
    "the app itself, not edited": ({"requirements.txt": ".", "setup.py": ""}, ["1 file:///app"]),
    "the app with extras and marker": (
        {"requirements.txt": "--editable=.[dev] ; python_version>'3'", "setup.py": ""},
        ["1 -e file:///app[dev] ; python_version>'3'"],
    ),
    "a quoted folder": (
        {"requirements.txt": "-e './my pkg'", "my pkg/setup.py": ""},
        ["1 -e file:///app/my%20pkg"],
    ),
    "a wheel": ({"requirements.txt": f"./{WHEEL}", WHEEL: ""}, [f"1 file:///app/{WHEEL}"]),
    "a wheel in the root": (
        {"requirements.txt": "lib-1.0-py3-none-any.whl", "lib-1.0-py3-none-any.whl": ""},
        ["1 file:///app/lib-1.0-py3-none-any.whl"],
    ),
    "a source archive with a hash": (
        {"requirements.txt": f"./lib-1.0.tar.gz --hash={HASH}", "lib-1.0.tar.gz": ""},
        [f"1 file:///app/lib-1.0.tar.gz --hash={HASH}"],
    ),
    "a folder of wheels": (
        {"requirements.txt": "-f wheels\nlib", "wheels/x": ""},
        ["1 --find-links file:///app/wheels", "2 lib"],
    ),
    "an index in a folder": (
        {"requirements.txt": "-i file:simple", "simple/x": ""},
        ["1 --index-url file:///app/simple"],
    ),
    "an included file": (
        {"requirements.txt": "-r requirements/base.txt\nflask", "requirements/base.txt": "idna"},
        ["requirements/base.txt:1 idna", "2 flask"],
    ),
    "relative to the includer": (
        {
            "requirements.txt": "-r r/a.txt",
            "r/a.txt": "-r b.txt\n-r ../c.txt",
            "r/b.txt": "b",
            "c.txt": "c",
        },
        ["r/b.txt:1 b", "c.txt:1 c"],
    ),
    "spellings of -r": (
        {
            "requirements.txt": "-ra.txt\n--requirement=b.txt\n--requirement c.txt\n-r 'd e.txt'",
            "a.txt": "a",
            "b.txt": "b",
            "c.txt": "c",
            "d e.txt": "d",
        },
        ["a.txt:1 a", "b.txt:1 b", "c.txt:1 c", "d e.txt:1 d"],
    ),
    "a cycle": (
        {"requirements.txt": "-r a.txt\nflask", "a.txt": "-r requirements.txt\nidna"},
        ["a.txt:2 idna", "2 flask"],
    ),
    "a file that includes itself": (
        {"requirements.txt": "-r requirements.txt\nflask"},
        ["2 flask"],
    ),
    "included twice": ({"requirements.txt": "-r a.txt\n-r ./a.txt", "a.txt": "a"}, ["a.txt:1 a"]),
    "a constraints file": (
        {"requirements.txt": "-c c.txt\nflask", "c.txt": "flask<4"},
        ["2 flask", "constraint c.txt:1 flask<4"],
    ),
    "constraints of constraints": (
        {
            "requirements.txt": "-c c.txt\nflask",
            "c.txt": "-r d.txt\n-c e.txt",
            "d.txt": "idna<4",
            "e.txt": "six<2",
        },
        ["2 flask", "constraint d.txt:1 idna<4", "constraint e.txt:1 six<2"],
    ),
    "one file in both roles": (
        {"requirements.txt": "-r a.txt\n-c a.txt", "a.txt": "a==1"},
        ["a.txt:1 a==1", "constraint a.txt:1 a==1"],
    ),
    "an index in a constraints file": (
        {"requirements.txt": "-c c.txt\nflask", "c.txt": "-i https://h/s\nflask<4"},
        ["c.txt:1 --index-url https://h/s", "2 flask", "constraint c.txt:2 flask<4"],
    ),
    "a path in an included file, from the app": (
        {"requirements.txt": "-r r/a.txt", "r/a.txt": "./pkg", **PROJECT},
        ["r/a.txt:1 file:///app/pkg"],
    ),
    "a path in an included file, from there": (
        {"requirements.txt": "-r r/a.txt", "r/a.txt": "./pkg", "r/pkg/setup.py": ""},
        ["r/a.txt:1 file:///app/r/pkg"],
    ),
    "an odd file name": (
        {"requirements.txt": "-r 'a\tb%.txt'", "a\tb%.txt": "a"},
        ["a%09b%25.txt:1 a"],
    ),
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [*MEANS.values(), *MEANS_WITH_FILES.values()],
    ids=[*MEANS, *MEANS_WITH_FILES],
)
def test_what_uv_gets(
    tmp_path: Path, files: Mapping[str, str | bytes] | str | bytes, expected: list[str]
) -> None:
    places = [line if not line[0].isdigit() else f"requirements.txt:{line}" for line in expected]
    assert given_lines(without_engine(read(tmp_path, files)), tmp_path) == places


def test_each_file_is_told_with_what_includes_it(tmp_path: Path) -> None:
    files = {"requirements.txt": "\n-r r/a.txt\n-c c.txt\n", "r/a.txt": "a", "c.txt": "c"}
    assert read(tmp_path, files).files == (
        RequirementsFile(
            ROOT,
            "190098f155a135616c14799f49e310953035a5c7be40b0e1cd808a81af0f58c7",
            Role.REQUIREMENTS,
            None,
        ),
        RequirementsFile(
            PurePosixPath("r/a.txt"),
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
            Role.REQUIREMENTS,
            Origin(ROOT, 2),
        ),
        RequirementsFile(
            PurePosixPath("c.txt"),
            "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6",
            Role.CONSTRAINTS,
            Origin(ROOT, 3),
        ),
    )
