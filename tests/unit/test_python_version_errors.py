"""Pythons that can't be served, files that can't be read, wishes that contradict each other."""

from pathlib import Path

import pytest
from support.python_wishes import read, refusal

from buildpack.python_version import check_together
from buildpack.python_version.together import contradiction


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pypy3.10-7.3.19", "names another implementation than CPython"),
        ("graalpy-24.2.2", "names another implementation than CPython"),
        ("miniconda3-latest", "names another implementation than CPython"),
        ("pp310", "names another implementation than CPython"),
        ("system", 'means "whatever is there", which an image can\'t keep to'),
        ("3.13t", "names the free-threaded build"),
        ("3.13.1+freethreaded", "names the free-threaded build"),
        ("3.15-dev", "names a development version, which nobody offers ready to use"),
        ("my-env", "is not a version of Python"),
        ("3.12.4/envs/my-env", "is not a version of Python"),
        ("3.12.x", "is not a version of Python"),
        ("3.12.4.1", "is not a version of Python"),
        ("latest", "is not a version of Python"),
        (">=", "is not a version of Python"),
        ("=>3.12", "is not a version of Python"),
        ("3,12", "is not a version of Python"),
        ("\u0663.\u0661\u0662", "is not a version of Python"),
        ("\uff13.\uff11\uff12.*", "is not a version of Python"),
        ("\u0663.\u0661\u0662.\u0660rc1", "is not a version of Python"),
    ],
)
def test_what_is_no_version_of_ours(tmp_path: Path, text: str, problem: str) -> None:
    assert refusal(tmp_path, {".python-version": text + "\n"}) == (
        "Error: the app's Python isn't named in a way that can be served\n\n"
        f"Flaskpack runs apps on CPython, and this {problem}.\n\n"
        f"Found:\n  .python-version:1: {text}\n\n"
        "What to do:\n  Write this into .python-version:\n  3.13\n"
    )


@pytest.mark.parametrize(
    ("name", "content", "line", "problem"),
    [
        ("runtime.txt", "java-17\n", "runtime.txt:1: java-17", "is not a version of Python"),
        ("runtime.txt", "python-3.9\nx\n", "runtime.txt:1: python-3.9", "is not the only line"),
        (
            "pyproject.toml",
            "[project]\nrequires-python = 3.12\n",
            "pyproject.toml:2: requires-python = 3.12",
            "is not a string: put quotes around it",
        ),
        (
            "pyproject.toml",
            '[project]\nrequires-python = "^3.12"\n',
            'pyproject.toml:2: requires-python = "^3.12"',
            "is not a version of Python",
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython = "three"\n',
            'pyproject.toml:2: python = "three"',
            "is not a version of Python",
        ),
        (
            "Pipfile",
            '[requires]\npython_version = ["3.12"]\n',
            'Pipfile:2: python_version = ["3.12"]',
            "is not a string: put quotes around it",
        ),
    ],
)
def test_values_that_make_no_sense(
    tmp_path: Path, name: str, content: str, line: str, problem: str
) -> None:
    text = refusal(tmp_path, {name: content})
    assert f"Flaskpack runs apps on CPython, and this {problem}.\n\nFound:\n  {line}\n" in text


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("pyproject.toml", "[project\n", "pyproject.toml:1: Expected ']' at the end of a table "),
        ("pyproject.toml", '[project]\nx = "\n', "pyproject.toml:2: Illegal character '\\n'"),
        ("pyproject.toml", b"[project]\nx = '\xff'\n", "pyproject.toml:2: it isn't UTF-8"),
        ("pyproject.toml", "x = " + "[" * 5000, "pyproject.toml: it is nested too deeply"),
        ("Pipfile", "requires", "Pipfile:1: Expected '=' after a key"),
        ("Pipfile.lock", '{\n "_meta": \n', "Pipfile.lock:3: Expecting value"),
        ("uv.lock", "version\n[[package]]\n", "uv.lock:1: Expected '=' after a key"),
        (".python-version", b"3.1\x002\n", ".python-version:1: it holds a null byte"),
        (".python-version", b"\xff3.12", ".python-version:1: it isn't UTF-8"),
        ("runtime.txt", "x" * 1_000_001, "runtime.txt: it has 1000001 bytes"),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, name: str, content: str | bytes, found: str
) -> None:
    text = refusal(tmp_path, {name: content})
    assert text.startswith(
        f"Error: {name} can't be read\n\n"
        "The version of Python that the app wants may stand in this file.\n\n"
        f"Found:\n  {found}"
    )
    assert text.endswith("  Mend the file, or remove it if the app doesn't need it.\n")


PROJECT = '[project]\nname = "x"\nrequires-python = "{}"\n'
HEAD = (
    "Error: the app asks for two Pythons at once\n\n"
    "Everything that names a version of Python has to hold, and no version is all of this.\n\n"
    "Found:\n"
)


def test_a_conflict_shows_both_and_what_to_write(tmp_path: Path) -> None:
    files = {".python-version": "3.11\n", "pyproject.toml": PROJECT.format(">=3.12")}
    assert refusal(tmp_path, files) == HEAD + (
        "  .python-version:1: 3.11\n"
        '  pyproject.toml:3: requires-python = ">=3.12"\n\n'
        "What to do:\n"
        "  1. Write this into .python-version:\n"
        "     3.13\n"
        "  2. Write this into pyproject.toml, below [project]:\n"
        '     requires-python = ">=3.11"\n'
    )


def test_a_conflict_with_the_setting(tmp_path: Path) -> None:
    files = {"runtime.txt": "python-3.12.4", "pyproject.toml": PROJECT.format(">=3.9")}
    assert refusal(tmp_path, files, "3.12.5") == HEAD + (
        "  BP_PYTHON_VERSION: 3.12.5\n"
        "  runtime.txt:1: python-3.12.4\n\n"
        "What to do:\n"
        "  1. Build with: pack build … --env BP_PYTHON_VERSION=3.12\n"
        "  2. Write this into runtime.txt:\n"
        "     python-3.12\n"
    )


def test_a_conflict_with_a_lock(tmp_path: Path) -> None:
    files = {"Pipfile": '[requires]\npython_version = "3.11"\n', "Pipfile.lock": PIPENV_LOCK}
    assert refusal(tmp_path, files) == HEAD + (
        '  Pipfile:2: python_version = "3.11"\n'
        '  Pipfile.lock:2: "python_version": "3.12"}}}\n\n'
        "What to do:\n"
        "  1. Write this into Pipfile, below [requires]:\n"
        '     python_version = "3.12"\n'
        "  2. Write this into Pipfile, below [requires], then run pipenv lock:\n"
        '     python_version = "3.11"\n'
    )


PIPENV_LOCK = '{"_meta": {"requires": {\n "python_version": "3.12"}}}'


def test_a_conflict_of_poetry_with_uv(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[tool.poetry.dependencies]\npython = "~3.10"\n',
        "uv.lock": 'requires-python = ">=3.11"\n',
    }
    assert refusal(tmp_path, files) == HEAD + (
        '  pyproject.toml:2: python = "~3.10"\n'
        '  uv.lock:1: requires-python = ">=3.11"\n\n'
        "What to do:\n"
        "  1. Write this into pyproject.toml, below [tool.poetry.dependencies]:\n"
        '     python = "^3.13"\n'
        "  2. Write this into pyproject.toml, below [project], then run uv lock:\n"
        '     requires-python = ">=3.10"\n'
    )


def test_three_that_only_contradict_together(tmp_path: Path) -> None:
    files = {
        ".python-version": ">=3.11,<3.13",
        "pyproject.toml": PROJECT.format("!=3.11.*"),
        "uv.lock": 'requires-python = "!=3.12.*"\n',
    }
    assert refusal(tmp_path, files).startswith(
        HEAD + "  .python-version:1: >=3.11,<3.13\n"
        '  pyproject.toml:3: requires-python = "!=3.11.*"\n'
        '  uv.lock:1: requires-python = "!=3.12.*"\n'
    )


def test_one_that_contradicts_itself(tmp_path: Path) -> None:
    assert refusal(tmp_path, {}, ">=3.13,<3.12") == (
        "Error: no version of Python can be what the app asks for\n\n"
        "The conditions exclude each other.\n\n"
        "Found:\n  BP_PYTHON_VERSION: >=3.13,<3.12\n\n"
        "What to do:\n  Build with: pack build … --env BP_PYTHON_VERSION=3.13\n"
    )


@pytest.mark.parametrize(
    ("setting", "file"),
    [
        ("3.12", "3.12.4"),
        (">=3.9", "3.12"),
        ("3.12.4", ">=3.12,!=3.12.3"),
        ("~=3.11.7", "3.11.200"),
        (">3.12.7,<3.12.9", "3.12.8"),
        ("!=3.12.0", "3.12"),
        (">=4.2", ">=3.9"),
    ],
)
def test_what_holds_together(tmp_path: Path, setting: str, file: str) -> None:
    wishes = read(tmp_path, {".python-version": file}, setting)
    check_together(wishes, ())  # raises nothing
    assert contradiction(wishes) == ()
