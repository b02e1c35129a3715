"""What a user reads when uv fails, from uv's true words, whole.

Each file of ``installer_failures`` holds the user's requirements files, what uv 0.13.9 wrote
about them, and the message. uv's folders are renamed, and repeated lines of setuptools
("copying …") are cut; nothing else is changed.
"""

import re
from pathlib import Path, PurePosixPath

import pytest

from buildpack.installer_failure import classify, mask_credentials
from buildpack.installer_failure.libraries import debian_package, missing_compiler, missing_library
from buildpack.requirements import InstallerInput, read_requirements, without_engine

SAMPLES = sorted((Path(__file__).parent / "installer_failures").glob("*.txt"))
SECRETS = ("hunter2", "hunter22", "secretpw")


def given(app: Path, **files: str) -> InstallerInput:
    for name, text in files.items():
        (app / f"{name}.txt").write_text(text)
    return without_engine(read_requirements(app, PurePosixPath("requirements.txt")))


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.stem for sample in SAMPLES])
def test_uvs_own_words(tmp_path: Path, sample: Path) -> None:
    sections = re.split(r"^----- (.+)\n", sample.read_text(), flags=re.MULTILINE)[1:]
    *files, (heading, words), (kind, message) = zip(sections[::2], sections[1::2], strict=True)
    user = given(tmp_path, **{name.removesuffix(".txt"): text for name, text in files})
    error = classify(words, int(heading.rpartition(" ")[2]), user)
    assert type(error).__name__ == kind
    assert error.explanation.render() == message
    assert not any(secret in message for secret in SECRETS)


def test_there_is_a_sample_for_each_cause() -> None:
    assert len(SAMPLES) == 68


def test_of_many_hashes_few_are_shown(tmp_path: Path) -> None:
    hashes = [f"sha256:{number:064x}" for number in range(40)]
    line = "lib==2.0" + "".join(f" \\\n    --hash={value}" for value in hashes)
    expected = "".join(f"           {value}\n" for value in hashes)
    words = (
        "error: Failed to download `lib==2.0`\n  cause: Hash mismatch for `lib==2.0`\n\n"
        f"         Expected:\n{expected}\n         Computed:\n           sha256:{'f' * 64}\n"
    )
    found = "".join(f"  allowed    {value}\n" for value in hashes[:5])
    text = classify(words, 1, given(tmp_path, requirements=line + "\n")).explanation.render()
    assert text.partition("Found:\n")[2].partition("\n\n")[0] == (
        "  requirements.txt:1: lib==2.0 (40 hashes)\n"
        f"{found}  allowed    … and 35 more\n  downloaded sha256:{'f' * 64}"
    )


NOT_FOUND = (
    "error: No solution found when resolving dependencies\n"
    "  cause: Because {0} was not found in the package registry and you require {0}, we can"
    " conclude that your requirements are unsatisfiable.\n"
)


@pytest.mark.parametrize("name", ["sqlite3", "json", "asyncio", "os", "zoneinfo"])
def test_modules_that_come_with_python(tmp_path: Path, name: str) -> None:
    error = classify(NOT_FOUND.format(name), 1, given(tmp_path, requirements=f"flask\n{name}\n"))
    assert error.explanation.render() == (
        "Error: no such package: it comes with Python\n\n"
        f"{name} is part of Python itself, and the package index has nothing of that name.\n\n"
        f"Found:\n  requirements.txt:2: {name}\n\n"
        f"What to do:\n  Take {name} out of the requirements.\n"
    )


@pytest.mark.parametrize(
    ("name", "package"), [("cv2", "opencv-python-headless"), ("pil", "pillow"), ("yaml", "pyyaml")]
)
def test_names_that_are_imported_but_not_required(tmp_path: Path, name: str, package: str) -> None:
    user = given(tmp_path, requirements=name)
    remedies = classify(NOT_FOUND.format(name), 1, user).explanation.remedies
    assert remedies[0] == f"The package to import it from is called {package}: write {package}"


def test_the_users_line_for_a_line_of_ours(tmp_path: Path) -> None:
    """uv counts bytes in the text that it is given; a comment of ours precedes each line."""
    user = given(tmp_path, requirements="# \u00e9\nflask\n-c c.txt\nidna ; x > '3'\n", c="six;\n")
    offset = len(user.requirements[: user.requirements.index("idna")].encode())
    words = "error: Couldn't parse requirement in `{}` at position {}\n  cause: no\n"
    found = classify(words.format("home/requirements.txt", offset), 2, user).explanation.found
    assert found == ("requirements.txt:4: idna ; x > '3'", "no")
    found = classify(words.format("constraints.txt", 0), 2, user).explanation.found
    assert found == ("no",)
    words = "error: Unexpected ';', expected something: home/constraints.txt:2:4\n"
    found = classify(words, 2, user).explanation.found
    assert found == ("c.txt:1: six", "Unexpected ';', expected something")


def test_values_of_variables_are_masked(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("--index-url https://${HOST}/${TOKEN}/simple\nx")
    values = {"HOST": "h.example", "TOKEN": "t0k/en"}
    root = PurePosixPath("requirements.txt")
    user = without_engine(read_requirements(tmp_path, root, values))
    words = "error: strange things at https://${FLASKPACK_REQUIREMENT_HOST}/t0k/en/simple/x\n"
    assert classify(words, 1, user).explanation.found == (
        "error: strange things at https://${HOST}/****/simple/x",
    )


@pytest.mark.parametrize(
    "words", ["", "\n", "error: ", "hint: x", "  cause: ", "error: a\nerror: b"]
)
def test_strange_words_are_shown_as_they_are(words: str) -> None:
    explanation = classify(words, 139).explanation
    assert explanation.happened == (
        "uv, which installs them, ended with exit code 139. Its own words:"
    )
    assert explanation.found == tuple(line for line in words.splitlines() if line)


MASKED = {
    "https://user:pw@h/x": "https://****@h/x",
    "https://token@h/x": "https://****@h/x",
    "https://user:p@ss@h/x": "https://****@h/x",
    "https://user:p/ss@h/x": "https://****@h/x",
    "https://:pw@h": "https://****@h",
    "git+https://user:pw@h/x@v1": "git+https://****@h/x@v1",
    "'https://u:p@h' and https://v:q@i": "'https://****@h' and https://****@i",
    "https://h/x?token=abc&b=1#frag": "https://h/x?token=****&b=1#frag",
    "https://h/x?b=1&X-Amz-Signature=abc": "https://h/x?b=1&X-Amz-Signature=****",
    "Authorization: Basic dXNlcjpwdw==": "Authorization: Basic ****",
    "authorization: Bearer abc": "authorization: Bearer ****",
    # Nothing secret in these:
    "git+ssh://git@h/x.git": "git+ssh://git@h/x.git",
    "https://h:8080/x.git@v1": "https://h:8080/x.git@v1",
    "https://h/x@v1": "https://h/x@v1",
    "foo @ https://h/x": "foo @ https://h/x",
    "someone@h.example": "someone@h.example",
    "flask==3.1.0": "flask==3.1.0",
    "": "",
}


@pytest.mark.parametrize(("text", "masked"), MASKED.items())
def test_credentials_are_masked(text: str, masked: str) -> None:
    assert mask_credentials(text) == masked


def test_further_secrets_are_masked_longest_first() -> None:
    masked = mask_credentials("abcdef abcd abc 1", ["abcd", "abcdef", "abc", "1", ""])
    assert masked == "**** **** abc 1"


MISSING = {
    "x.c:1:10: fatal error: libpq-fe.h: No such file or directory": ("libpq-fe.h", "libpq-dev"),
    "x.c:3:10: fatal error: 'ffi.h' file not found": ("ffi.h", "libffi-dev"),
    "fatal error: libxml/xmlversion.h: No such file or directory": (
        "libxml/xmlversion.h",
        "libxml2-dev",
    ),
    "fatal error: openssl/opensslv.h: No such file or directory": (
        "openssl/opensslv.h",
        "libssl-dev",
    ),
    "fatal error: Python.h: No such file or directory": ("Python.h", "python3-dev"),
    "fatal error: mysql/mysql.h: No such file or directory": (
        "mysql/mysql.h",
        "default-libmysqlclient-dev",
    ),
    "fatal error: strange/thing.hpp: No such file or directory": ("strange/thing.hpp", None),
    "/usr/bin/ld: cannot find -lpq: No such file or directory": ("pq", "libpq-dev"),
    "/usr/bin/x86_64-linux-gnu-ld: cannot find -lssl": ("ssl", "libssl-dev"),
    "ld: unable to find library -lxslt": ("xslt", "libxslt1-dev"),
    "Error: pg_config executable not found.": ("pg_config", "libpq-dev"),
    "/bin/sh: 1: mysql_config: not found": ("mysql_config", "default-libmysqlclient-dev"),
    "sh: line 1: xslt-config: command not found": ("xslt-config", "libxslt1-dev"),
    "FileNotFoundError: [Errno 2] No such file or directory: 'krb5-config'": (
        "krb5-config",
        "libkrb5-dev",
    ),
    "FileNotFoundError: [Errno 2] No such file or directory: 'cmake'": ("cmake", "cmake"),
    "The headers or library files could not be found for jpeg,": ("jpeg", "libjpeg-dev"),
    "The headers or library files could not be found for zlib,": ("zlib", "zlib1g-dev"),
    "Error: Please make sure the libxml2 and libxslt development packages are installed.": (
        "libxml2",
        "libxml2-dev",
    ),
    "error: can't find Rust compiler": ("rustc", "cargo"),
    "Cargo, the Rust package manager, is not installed or is not on PATH.": ("cargo", "cargo"),
    "No package 'libffi' found": ("libffi", "libffi-dev"),
    'ERROR: Dependency "cairo" not found, tried pkgconfig': ("cairo", "libcairo2-dev"),
    "Package libcurl was not found in the pkg-config search path.": (
        "libcurl",
        "libcurl4-openssl-dev",
    ),
    "Package 'xmlsec1', required by 'virtual:world', not found": ("xmlsec1", "libxmlsec1-dev"),
    "error: libgdal.so.32: cannot open shared object file: No such file": ("gdal", "libgdal-dev"),
}


@pytest.mark.parametrize(("line", "expected"), MISSING.items())
def test_what_a_build_was_missing(line: str, expected: tuple[str, str | None]) -> None:
    missing = missing_library(["before", line, "after"])
    assert missing is not None
    assert (missing.name, missing.package) == expected
    assert missing_compiler([line]) is None


def test_a_probe_is_not_what_failed() -> None:
    lines = [
        "Command 'pkg-config --exists mariadb' returned non-zero exit status 1.",
        "x.c:1:10: fatal error: zlib.h: No such file or directory",
    ]
    missing = missing_library(lines)
    assert missing is not None
    assert missing.name == "zlib.h"
    assert missing_library(["nothing is missing"]) is None
    assert debian_package("unheard-of.h") is None


COMPILERS = {
    "error: command 'gcc' failed: No such file or directory": "gcc",
    "error: [Errno 2] No such file or directory: 'gcc'": "gcc",
    "unable to execute 'x86_64-linux-gnu-gcc': No such file or directory": "x86_64-linux-gnu-gcc",
    "error: command 'g++' failed: No such file or directory": "g++",
    "/bin/sh: 1: cc: not found": "cc",
    "error: linker `cc` not found": "cc",
    "ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]": "cc",
    "ERROR: Unknown compiler(s): [['gfortran'], ['flang']]": "gfortran",
    "No CMAKE_C_COMPILER could be found.": "cc",
    "error: command '/usr/bin/gcc' failed with exit code 1": None,
    "error: command 'gcc' failed with exit status 1": None,
}


@pytest.mark.parametrize(("line", "compiler"), COMPILERS.items())
def test_which_compiler_is_missing(line: str, compiler: str | None) -> None:
    assert missing_compiler([line]) == compiler
