"""Requirements files that can't be followed: one clear text for each, whole."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from buildpack.errors import Explanation
from buildpack.errors.requirements import RequirementsError
from buildpack.requirements import read_requirements

ROOT = PurePosixPath("requirements.txt")
LIMIT = 4_000_000


def message(app: Path, files: Mapping[str, str | bytes] | str | bytes) -> str:
    for name, content in (
        {"requirements.txt": files} if isinstance(files, str | bytes) else files
    ).items():
        path = app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(RequirementsError) as raised:
        read_requirements(app, ROOT, {"BAD": "two words"})
    return raised.value.explanation.render()


def not_understood(line: str, problem: str, remedy: str, where: str = "requirements.txt:1") -> str:
    title = "a line of a requirements file can't be understood"
    return Explanation(title, f"{where} {problem}.", (f"{where}: {line}",), (remedy,)).render()


OPTIONS = (
    "Options that can be used: --requirement, --constraint, --editable, --index-url,"
    " --extra-index-url, --find-links, --no-index, --no-binary, --only-binary, --pre,"
    " --prefer-binary, --require-hashes, --trusted-host, --use-feature."
)
CONDITIONS = "Write conditions like flask>=1.2,<2 or flask==1.2.3"
NAME = "Write a package's name and version, like flask==3.1.0"
LINES = [
    ("flask=3.1", "has a single = sign", "Write flask==3.1"),
    ("flask = 3.1", "has a single = sign", "Write flask==3.1"),
    ("flask~3.1", "has a ~ without =", "Write flask~=3.1"),
    ("flask 3.1", "has a version without ==", "Write flask==3.1"),
    ("flask werkzeug", "holds more than one word", "Give each package a line of its own."),
    ("flask>=3.x", "has a version condition that isn't valid: >=3.x", CONDITIONS),
    ("flask==", "has a version condition that isn't valid: ==", CONDITIONS),
    ("flask>=3.*", "has a version condition that isn't valid: >=3.*", CONDITIONS),
    ("flask~=3", "has a version condition that isn't valid: ~=3", CONDITIONS),
    ("flask>=3,<", "has a version condition that isn't valid: >=3,<", CONDITIONS),
    ("flask>=3 <4", "has a version condition that isn't valid: >=3 <4", CONDITIONS),
    ("==3", "is no requirement", NAME),
    ("@", "is no requirement", NAME),
    ("flask\u2013sqlalchemy", "is no requirement", NAME),
    ("“flask”", "is no requirement", NAME),
    ("flask:3", "is no requirement", NAME),
    (
        "-r my file.txt",
        "has 'file.txt' after an option",
        "Give each option and each requirement its line; quote a name with a space in it.",
    ),
    ("pip install flask", "is a command", "Write only what is to be installed: flask"),
    ("uv pip install idna", "is a command", "Write only what is to be installed: idna"),
    (
        "Package Version",
        "begins a table",
        "Write the list in its own form: pip freeze > requirements.txt",
    ),
    ("import flask", "holds more than one word", "Give each package a line of its own."),
    ("flask @", "names no package", "Write a name, a path or an address."),
    ("flask @ 3.1", "is no requirement", NAME),
    ("flask[a b]", "has an extra that isn't a name: a b", "Write extras as [one,two]."),
    (
        "--hash=sha256:aa",
        "has a --hash without a requirement before it",
        "End the line before it with a backslash, right at its end.",
    ),
    (
        "flask --hash=sha256:zz",
        "has a --hash that isn't a kind and a number in hex",
        "Write it as --hash=sha256:… with 64 digits, or let a tool write it.",
    ),
    (
        "flask --hash",
        "has a --hash that isn't a kind and a number in hex",
        "Write it as --hash=sha256:… with 64 digits, or let a tool write it.",
    ),
    (
        "flask --global-option=build_ext",
        "has --global-option after a requirement, where only --hash can be used",
        "Take it out, or give it a line of its own if it is meant for all packages.",
    ),
    (
        "flask -r base.txt",
        "has -r after a requirement, where only --hash can be used",
        "Take it out, or give it a line of its own if it is meant for all packages.",
    ),
    ("--user", "has the option --user, which can't be used here", OPTIONS),
    ("-x", "has the option -x, which can't be used here", OPTIONS),
    ("-", "has the option -, which can't be used here", OPTIONS),
    ("--index-url", "has nothing after --index-url", "Write the value after --index-url."),
    ("-r", "has nothing after -r", "Write the value after -r."),
    ("-r -c", "has nothing after -r", "Write the value after -r."),
    ("-e", "has nothing after -e", "Write the value after -e."),
    ("--pre=1", "gives --pre a value, which it doesn't take", "Write only --pre."),
    (
        "-r 'base.txt",
        "has a quotation mark, or a backslash, without its partner",
        "Close the quotation, or take it out.",
    ),
    (
        "--pre flask",
        "has 'flask' after an option",
        "Give each option and each requirement its line; quote a name with a space in it.",
    ),
    ("C:\\code\\lib", "is a path on Windows", "Write a path inside the app: ./folder"),
    (
        "git@h.example:a/b.git",
        "is an address that only git itself understands",
        "Write git+ssh://git@h.example/a/b.git, or better its https address.",
    ),
    (
        "b @ git+git@h.example:a/b.git",
        "is an address that only git itself understands",
        "Write git+ssh://git@h.example/a/b.git, or better its https address.",
    ),
    (
        "hg+https://h.example/b",
        "is a repository of a kind that can't be used here",
        "Of repositories only git+https:// and git+ssh:// can be used.",
    ),
    ("https://", "has an address without a host", "Write the whole address."),
    (
        "flask==${BAD}",
        "isn't a requirement once the values of its variables are put in",
        "Check the values that the build is given.",
    ),
]


@pytest.mark.parametrize(("line", "problem", "remedy"), LINES, ids=[line[0] for line in LINES])
def test_lines_that_say_nothing(tmp_path: Path, line: str, problem: str, remedy: str) -> None:
    assert message(tmp_path, line + "\n") == not_understood(line, problem, remedy)


def test_the_first_line_of_a_continued_one_is_named(tmp_path: Path) -> None:
    expected = not_understood("flask 3", "has a version without ==", "Write flask==3", "a.txt:3")
    files = {"requirements.txt": "-r a.txt", "a.txt": "# x\n\nflask \\\n3\n"}
    assert message(tmp_path, files) == expected


def test_no_credentials_and_no_escapes_in_a_message(tmp_path: Path) -> None:
    line = "https://user:pa55word@h.example/\u202ex --foo " + "a" * 300
    shown = "https://****@h.example/<U+202E>x --foo " + "a" * 161 + " …"
    problem = "has --foo after a requirement, where only --hash can be used"
    remedy = "Take it out, or give it a line of its own if it is meant for all packages."
    assert message(tmp_path, line) == not_understood(shown, problem, remedy)


SAVE = "Save it as UTF-8 text, or write it anew: pip freeze > requirements.txt"
NOT_TEXT = [
    (b"flask\0", "1 holds a null byte"),
    ("flask\n".encode("utf-16-le"), "1 holds a null byte"),
    (b"\x89PNG\r\n\x1a\n\0\0", "1 isn't UTF-8"),
    (b"flask\ncaf\xe9==1\n", "2 isn't UTF-8"),
    (b"\xff\xfef\0l\0a", "1 isn't valid utf-16-le"),
    (b"\xef\xbb\xbfflask\ncaf\xe9", "2 isn't valid utf-8"),
    (b"# coding: nonsense\nflask", "1 says that its encoding is 'nonsense', which isn't known"),
    (b"# coding: zlib\nflask", "1 says that its encoding is 'zlib', which isn't known"),
    (b"# coding: punycode\nflask", "1 says that its encoding is 'punycode', which isn't known"),
    (b"# coding: ascii\ncaf\xe9", "2 isn't valid ascii"),
    (b"flask\nidna\x1b[2J", "2 holds the control character U+001B"),
    ("flask\u2028idna", "1 holds the control character U+2028"),
    ("\n" + "a" * 50_001, "2 has a line of 50001 characters"),
]


@pytest.mark.parametrize(("data", "problem"), NOT_TEXT, ids=[what for _, what in NOT_TEXT])
def test_files_that_are_no_text(tmp_path: Path, data: bytes | str, problem: str) -> None:
    title = "a requirements file isn't plain text"
    expected = Explanation(title, f"requirements.txt:{problem}.", (), (SAVE,)).render()
    assert message(tmp_path, data) == expected


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "=======", ">>>>>>> main", "||||||| base"])
def test_an_unfinished_merge(tmp_path: Path, line: str) -> None:
    assert message(tmp_path, f"flask\n{line}\nidna\n") == (
        "Error: a merge isn't finished\n\n"
        "requirements.txt:2 is a line that a merge conflict left behind.\n\n"
        f"Found:\n  requirements.txt:2: {line}\n\n"
        "What to do:\n"
        "  Decide which of the lines stay, and delete the <<<<<<<, ======= and >>>>>>>.\n"
    )


def test_a_missing_file(tmp_path: Path) -> None:
    assert message(tmp_path, "\n-r r/base.txt") == (
        "Error: a requirements file is missing\n\n"
        "r/base.txt doesn't exist in the app.\n\n"
        "Found:\n  r/base.txt, included by requirements.txt:2\n\n"
        "What to do:\n"
        "  1. Check its name; it is relative to the file that includes it.\n"
        "  2. Check that it isn't left out of the build by .gitignore, .dockerignore or the"
        " exclude list in project.toml.\n"
    )


def test_a_file_on_the_network(tmp_path: Path) -> None:
    assert message(tmp_path, "-c https://user:pw@h.example/c.txt") == (
        "Error: a requirements file on the network\n\n"
        "requirements.txt:1 includes a file by its address. Such a file can change without anything"
        " in the app changing, and the image would go stale unnoticed.\n\n"
        "Found:\n  requirements.txt:1: https://****@h.example/c.txt\n\n"
        "What to do:\n  Download it into the app's folder, and name the copy in its place.\n"
    )


OUTSIDE = [
    ("-r ../base.txt", "../base.txt"),
    ("-r /etc/hostname", "/etc/hostname"),
    ("-c file:///etc/hostname", "file:///etc/hostname"),
    ("./../lib", "./../lib"),
    ("/opt/lib", "/opt/lib"),
    ("lib @ file:///opt/lib-1.0.tar.gz", "/opt/lib-1.0.tar.gz"),
    ("-e ..", ".."),
    ("--find-links ../wheels", "../wheels"),
    ("./link", "./link"),
]


@pytest.mark.parametrize(("line", "named"), OUTSIDE)
def test_paths_out_of_the_app(tmp_path: Path, line: str, named: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "link").symlink_to(tmp_path)
    assert message(tmp_path / "app", line) == (
        "Error: a path leads out of the app\n\n"
        f"requirements.txt:1 names {named}, which isn't inside the app's folder. Only the app's"
        " folder is there when the image is built.\n\n"
        f"Found:\n  requirements.txt:1: {named}\n\n"
        "What to do:\n  Put it into the app's folder and write the path relative to it.\n"
    )


def test_a_link_out_of_the_app(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "base.txt").symlink_to("../secret")
    assert message(tmp_path / "app", "-r base.txt") == (
        "Error: a requirements file lies outside of the app\n\n"
        "base.txt is a link to a place outside of the app's folder.\n\n"
        "Found:\n  base.txt, included by requirements.txt:1\n\n"
        "What to do:\n  Put a copy of the file into the app's folder.\n"
    )


def test_links_inside_the_app_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("flask")
    (tmp_path / "requirements.txt").symlink_to("real.txt")
    assert [entry.text for entry in read_requirements(tmp_path, ROOT).entries] == ["flask"]


def not_a_file(kind: str) -> str:
    return (
        "Error: a requirements file isn't a file\n\n"
        f"requirements.txt is {kind}.\n\n"
        "Found:\n  requirements.txt\n\n"
        "What to do:\n  Give the path of a text file with one requirement a line.\n"
    )


def test_a_folder_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").mkdir()
    assert message(tmp_path, {}) == not_a_file("a folder")
    (tmp_path / "requirements.txt").rmdir()
    os.mkfifo(tmp_path / "requirements.txt")
    assert message(tmp_path, {}) == not_a_file("a named pipe")


def unreadable(file: str, reason: str, included: str = "") -> str:
    return (
        "Error: a file of the app can't be read\n\n"
        f"Reading {file} failed: {reason}.\n\n"
        f"Found:\n  {file}{included}\n\n"
        f"What to do:\n  Look at what it is, and whether all may read it: ls -l {file}\n"
    )


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").symlink_to("requirements.txt")
    reason = "Too many levels of symbolic links"
    assert message(tmp_path, {}) == unreadable("requirements.txt", reason)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    name = "a" * 300
    expected = unreadable(name, "File name too long", ", included by requirements.txt:1")
    assert message(tmp_path, f"-r {name}") == expected


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    (tmp_path / "requirements.txt").write_text("flask")
    (tmp_path / "requirements.txt").chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        told = message(tmp_path, {})
    finally:
        os.seteuid(user)
    assert told == unreadable("requirements.txt", "Permission denied")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    assert message(tmp_path, "#" * (LIMIT + 1)) == (
        "Error: a requirements file is too large\n\n"
        "requirements.txt has more than 4000000 bytes.\n\n"
        "Found:\n  requirements.txt\n\n"
        "What to do:\n  Check that it is a requirements file; split it up if it is.\n"
    )


def test_a_file_that_is_just_not_too_large(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("#" * LIMIT)
    assert read_requirements(tmp_path, ROOT).entries == ()


def test_files_that_are_too_large_together(tmp_path: Path) -> None:
    files = {f"{n}.txt": "#" * (LIMIT // 4) for n in range(4)}
    files["requirements.txt"] = "".join(f"-r {name}\n" for name in sorted(files))
    assert message(tmp_path, files) == (
        "Error: the requirements files are too large together\n\n"
        "With 3.txt they have more than 4000000 bytes.\n\n"
        "Found:\n  3.txt, included by requirements.txt:4\n\n"
        "What to do:\n"
        "  Check that all of them are requirements files, and leave out what isn't used.\n"
    )


def test_too_many_lines(tmp_path: Path) -> None:
    files = {"requirements.txt": "-r a.txt\n" + "--pre\n" * 2500, "a.txt": "a\n" * 2500}
    assert message(tmp_path, files) == (
        "Error: too many requirements\n\n"
        "There are more than 5000 requirements and options, counted up to"
        " requirements.txt:2501.\n\n"
        "What to do:\n"
        "  Check how that file is made; a locked list of a whole app has a few hundred.\n"
    )


def chain(length: int) -> dict[str, str]:
    files = {"requirements.txt": "-r 1.txt"}
    files |= {f"{n}.txt": f"-r {n + 1}.txt" for n in range(1, length - 1)}
    return files | {f"{length - 1}.txt": "flask"}


def test_a_chain_of_files(tmp_path: Path) -> None:
    for name, text in chain(100).items():
        (tmp_path / name).write_text(text)
    assert [str(e.origin) for e in read_requirements(tmp_path, ROOT).entries] == ["99.txt:1"]


def test_too_many_files(tmp_path: Path) -> None:
    assert message(tmp_path, chain(101)) == (
        "Error: too many requirements files\n\n"
        "More than 100 files are included, the last by 99.txt:1.\n\n"
        "What to do:\n  Join some of them.\n"
    )


def test_a_variable_without_a_value(tmp_path: Path) -> None:
    assert message(tmp_path, "flask\n-i https://${TOKEN}@h.example/simple") == (
        "Error: a variable has no value\n\n"
        "requirements.txt:2 uses ${TOKEN}, which isn't set in the build's environment.\n\n"
        "What to do:\n  Build with: pack build --env TOKEN=…\n"
    )


def test_a_local_requirement_that_is_missing(tmp_path: Path) -> None:
    files = {"requirements.txt": "-r r/a.txt", "r/a.txt": "-e ./lib"}
    assert message(tmp_path, files) == (
        "Error: a local requirement is missing\n\n"
        "r/a.txt:1 names ./lib, and the app has nothing of that name.\n\n"
        "Found:\n  looked for lib\n  looked for r/lib\n\n"
        "What to do:\n"
        "  1. Check the path; it is relative to the app's folder.\n"
        "  2. If it is a package of the index, write only its name, without -e or ./\n"
    )


VALUES = [
    ("-r ${BAD}.txt", "${BAD}.txt doesn't exist in the app."),
    ("./${BAD}", "requirements.txt:1 names ./${BAD}, and the app has nothing of that name."),
    ("-f ${BAD}", "requirements.txt:1 names ${BAD}, and the app has nothing of that name."),
    ("-e /${BAD}", None),
    ("flask ${BAD}", None),
    ("flask==1.${BAD}", None),
    ("--index-url", None),
]


@pytest.mark.parametrize(("line", "happened"), VALUES)
def test_values_of_variables_are_never_shown(
    tmp_path: Path, line: str, happened: str | None
) -> None:
    told = message(tmp_path, line)
    assert "two words" not in told
    if happened:
        assert told.splitlines()[2] == happened


INSTALLABLE = [
    ("./lib", {"lib/x.py": ""}, "./lib has neither a pyproject.toml nor a setup.py"),
    ("-e lib", {"lib/x.py": ""}, "./lib has neither a pyproject.toml nor a setup.py"),
    (".", {}, "The app's folder has neither a pyproject.toml nor a setup.py"),
    ("./x.py", {"x.py": ""}, "./x.py is neither a folder, nor a wheel or a source archive"),
    ("-e ./x-1.tar.gz", {"x-1.tar.gz": ""}, "-e needs a folder, and ./x-1.tar.gz is none"),
]


@pytest.mark.parametrize(("line", "files", "what"), INSTALLABLE)
def test_local_paths_that_are_no_project(
    tmp_path: Path, line: str, files: Mapping[str, str], what: str
) -> None:
    assert message(tmp_path, {"requirements.txt": line, **files}) == (
        "Error: a local requirement can't be installed\n\n"
        f"{what}.\n\n"
        "Found:\n  required by requirements.txt:1\n\n"
        "What to do:\n"
        "  1. Name a folder with a pyproject.toml, or a file that ends in .whl or .tar.gz.\n"
        "  2. If it is a folder with modules of the app only, take the line out: they are"
        " found without being installed.\n"
    )
