"""Every place and form in which a project names its Python, and what comes of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from buildpack.errors import FlaskpackError
from buildpack.python_places import FILES, may_name_python
from buildpack.python_version import Version, Wish, check_together, hint, meets, read_wishes
from buildpack.python_version.together import contradiction

FEW = tuple(
    Version(text)
    for text in (
        *("2.7.18", "3.8.20", "3.9.25", "3.10.22", "3.11.0", "3.11.2", "3.11.18"),
        *("3.12.0", "3.12.4", "3.12.16", "3.13.0", "3.13.5", "3.14.2", "3.15.0rc1", "4.0.0"),
    )
)
V39_UP = "3.9.25 3.10.22 3.11.0 3.11.2 3.11.18 3.12.0 3.12.4 3.12.16 3.13.0 3.13.5 3.14.2"
ALL = f"2.7.18 3.8.20 {V39_UP} 4.0.0"


def read(folder: Path, files: Mapping[str, str | bytes], setting: str = "") -> tuple[Wish, ...]:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return read_wishes(folder, {"BP_PYTHON_VERSION": setting})


def allowed(wishes: tuple[Wish, ...]) -> str:
    return " ".join(version.text for version in FEW if meets(version, wishes))


def refusal(folder: Path, files: Mapping[str, str | bytes], setting: str = "") -> str:
    with pytest.raises(FlaskpackError) as caught:
        check_together(read(folder, files, setting), ("3.13",))
    return caught.value.explanation.render()


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("3.12", "3.12.0 3.12.4 3.12.16"),
        ("3.12.4", "3.12.4"),
        ("3", f"3.8.20 {V39_UP}"),
        ("3.12.*", "3.12.0 3.12.4 3.12.16"),
        ("3.*", f"3.8.20 {V39_UP}"),
        ("python3.12", "3.12.0 3.12.4 3.12.16"),
        ("python-3.12.4", "3.12.4"),
        ("cpython@3.12", "3.12.0 3.12.4 3.12.16"),
        ("cpython-3.12", "3.12.0 3.12.4 3.12.16"),
        ("cpython3.12.4", "3.12.4"),
        ("CPython-3.12.4-linux-x86_64-gnu", "3.12.4"),
        ("cpython-3.12-linux-aarch64-musl", "3.12.0 3.12.4 3.12.16"),
        ("cp312", "3.12.0 3.12.4 3.12.16"),
        ("cp39", "3.9.25"),
        ("3.15.0rc1", "3.15.0rc1"),
        (">=3.12", "3.12.0 3.12.4 3.12.16 3.13.0 3.13.5 3.14.2 4.0.0"),
        (">=3.10,<3.12", "3.10.22 3.11.0 3.11.2 3.11.18"),
        (">=3.10, <3.12", "3.10.22 3.11.0 3.11.2 3.11.18"),
        ("cpython>=3.14", "3.14.2 4.0.0"),
        ("==3.12.*", "3.12.0 3.12.4 3.12.16"),
        ("==3.11.2", "3.11.2"),
        ("===3.11.2", "3.11.2"),
        ("~=3.12", "3.12.0 3.12.4 3.12.16 3.13.0 3.13.5 3.14.2"),
        ("~=3.12.4", "3.12.4 3.12.16"),
        ("!=3.12.*,>=3.11.2,<3.13.5", "3.11.2 3.11.18 3.13.0"),
        (">3.12.4,<=3.13.0", "3.12.16 3.13.0"),
        ("<3.9", "2.7.18 3.8.20"),
        ("2.7", "2.7.18"),
    ],
)
def test_the_setting(tmp_path: Path, text: str, versions: str) -> None:
    wishes = read(tmp_path, {}, text)
    assert allowed(wishes) == versions
    assert [wish.shown() for wish in wishes] == [f"BP_PYTHON_VERSION: {text}"]


@pytest.mark.parametrize(
    ("content", "shown", "versions"),
    [
        ("3.12.4\n", "1: 3.12.4", "3.12.4"),
        ("3.12.4", "1: 3.12.4", "3.12.4"),
        ("3.12.4\r\n", "1: 3.12.4", "3.12.4"),
        ("\n# ours\n  3.12.4  # the newest\n", "3: 3.12.4", "3.12.4"),
        ("3.12.4\n3.11.2\n", "1: 3.12.4", "3.12.4"),
        ("3.12.4 3.11.2\n", "1: 3.12.4", "3.12.4"),
        ("pypy3.10-7.3.19\n3.11.2\n", "2: 3.11.2", "3.11.2"),
        ("system\n3.11.2\n", "2: 3.11.2", "3.11.2"),
        ("pypy3.10 3.11.2", "1: 3.11.2", "3.11.2"),
        (">=3.11, <3.12", "1: >=3.11, <3.12", "3.11.0 3.11.2 3.11.18"),
        (b"\xef\xbb\xbf3.12.4\n", "1: 3.12.4", "3.12.4"),
        ("3.12.4\n".encode("utf-16"), "1: 3.12.4", "3.12.4"),
    ],
)
def test_the_version_file(tmp_path: Path, content: str | bytes, shown: str, versions: str) -> None:
    wishes = read(tmp_path, {".python-version": content})
    assert [wish.shown() for wish in wishes] == [f".python-version:{shown}"]
    assert allowed(wishes) == versions


@pytest.mark.parametrize(
    ("content", "versions"),
    [
        ("python-3.11.2", "3.11.2"),
        ("python-3.11\n", "3.11.0 3.11.2 3.11.18"),
        ("  python-3.11.2  \n\n", "3.11.2"),
        ("3.11.2", "3.11.2"),
    ],
)
def test_runtime_txt(tmp_path: Path, content: str, versions: str) -> None:
    wishes = read(tmp_path, {"runtime.txt": content})
    assert allowed(wishes) == versions
    assert wishes[0].shown() == f"runtime.txt:1: {content.strip()}"


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("^3.12", "3.12.0 3.12.4 3.12.16 3.13.0 3.13.5 3.14.2"),
        ("^3.12.4", "3.12.4 3.12.16 3.13.0 3.13.5 3.14.2"),
        ("^3", f"3.8.20 {V39_UP}"),
        ("~3.11", "3.11.0 3.11.2 3.11.18"),
        ("~3.11.2", "3.11.2 3.11.18"),
        ("~3", f"3.8.20 {V39_UP}"),
        ("3.11", "3.11.0 3.11.2 3.11.18"),
        ("=3.11.2", "3.11.2"),
        ("3.11.*", "3.11.0 3.11.2 3.11.18"),
        ("*", ALL),
        (">=3.11 <3.12", "3.11.0 3.11.2 3.11.18"),
        (">= 3.11, < 3.12", "3.11.0 3.11.2 3.11.18"),
        ("~=3.11.2", "3.11.2 3.11.18"),
        ("!=3.12.4,^3.12,<3.13", "3.12.0 3.12.16"),
        ("~3.9 || ~3.14", "3.9.25 3.14.2"),
        ("~3.9|~3.14", "3.9.25 3.14.2"),
        ("^2.7 || ^3.14", "2.7.18 3.14.2"),
    ],
)
def test_poetry(tmp_path: Path, text: str, versions: str) -> None:
    content = f'[tool.poetry.dependencies]\npython = "{text}"\n'
    wishes = read(tmp_path, {"pyproject.toml": content})
    assert allowed(wishes) == versions
    assert wishes[0].shown() == f'pyproject.toml:2: python = "{text}"'


@pytest.mark.parametrize(
    ("name", "content", "shown", "versions"),
    [
        (
            "pyproject.toml",
            '[project]\nname = "x"\nrequires-python = ">=3.13"\n',
            'pyproject.toml:3: requires-python = ">=3.13"',
            "3.13.0 3.13.5 3.14.2 4.0.0",
        ),
        (
            "pyproject.toml",
            "project.requires-python = '==3.11.2'\n",
            "pyproject.toml: requires-python",
            "3.11.2",
        ),
        (
            "pyproject.toml",
            '[project]\n"requires-python" = "3.11"\n',
            'pyproject.toml:2: "requires-python" = "3.11"',
            "3.11.0 3.11.2 3.11.18",
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies.python]\nversion = "^3.14"\n',
            'pyproject.toml:2: version = "^3.14"',
            "3.14.2",
        ),
        (
            "Pipfile",
            '[requires]\npython_version = "3.11"\n',
            'Pipfile:2: python_version = "3.11"',
            "3.11.0 3.11.2 3.11.18",
        ),
        (
            "Pipfile",
            '[requires]\npython_full_version = "3.11.2"\n',
            'Pipfile:2: python_full_version = "3.11.2"',
            "3.11.2",
        ),
        ("Pipfile", '[requires]\npython_version = "*"\n', 'Pipfile:2: python_version = "*"', ALL),
        (
            "Pipfile.lock",
            '{\n "_meta": {\n  "requires": {\n   "python_version": "3.11"\n  }}}\n',
            'Pipfile.lock:4: "python_version": "3.11"',
            "3.11.0 3.11.2 3.11.18",
        ),
        (
            "uv.lock",
            'version = 1\nrequires-python = ">=3.14"\n\n[[package]]\nthis is never read\n',
            'uv.lock:2: requires-python = ">=3.14"',
            "3.14.2 4.0.0",
        ),
        (
            "uv.lock",
            "version = 1\nresolution-markers = [\n    \"python_full_version >= '3.14'\",\n]\n"
            'requires-python = ">=3.14"\n\n[options]\n',
            'uv.lock:5: requires-python = ">=3.14"',
            "3.14.2 4.0.0",
        ),
        (
            "pylock.toml",
            'lock-version = "1.0"\nrequires-python = "==3.11.*"\n[[packages]]\n',
            'pylock.toml:2: requires-python = "==3.11.*"',
            "3.11.0 3.11.2 3.11.18",
        ),
    ],
)
def test_other_files(tmp_path: Path, name: str, content: str, shown: str, versions: str) -> None:
    wishes = read(tmp_path, {name: content})
    assert [wish.shown() for wish in wishes] == [shown]
    assert allowed(wishes) == versions


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".python-version", ""),
        (".python-version", "\n# nothing\n"),
        ("runtime.txt", " \n"),
        ("pyproject.toml", ""),
        ("pyproject.toml", '[project]\nname = "x"\nrequires-python = ""\n'),
        ("pyproject.toml", '[project]\nrequires-python = " "\n'),
        ("pyproject.toml", "tool = 1\nproject = 2\n"),
        ("pyproject.toml", '[tool.poetry]\nname = "x"\n'),
        ("Pipfile", "[packages]\n"),
        ("Pipfile", '[requires]\npython_version = ""\n'),
        ("Pipfile.lock", "{}"),
        ("Pipfile.lock", "[]"),
        ("Pipfile.lock", '{"_meta": {"requires": {}}}'),
        ("uv.lock", "version = 1\n"),
        ("uv.lock", ""),
    ],
)
def test_an_empty_value_is_no_value(tmp_path: Path, name: str, content: str) -> None:
    assert read(tmp_path, {name: content}) == ()


@pytest.mark.parametrize("name", FILES)
def test_detection_knows_where_to_look(tmp_path: Path, name: str) -> None:
    assert not may_name_python(tmp_path, {"BP_PYTHON_VERSION": ""})
    assert may_name_python(tmp_path, {"BP_PYTHON_VERSION": "3.12"})
    (tmp_path / name).touch()
    assert may_name_python(tmp_path, {})


def test_a_folder_of_such_a_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "runtime.txt").mkdir()
    assert read_wishes(tmp_path, {}) == ()


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("==3.12", "This is Python 3.12.0 alone: any 3.12 is ==3.12.*"),
        ("==3.12.*", None),
        ("==3.12.4", None),
        ("3.12", None),
        (">=3.12", None),
    ],
)
def test_a_hint_for_what_hardly_anybody_means(tmp_path: Path, text: str, said: str | None) -> None:
    (wish,) = read(tmp_path, {}, text)
    assert hint(wish) == (said and f"BP_PYTHON_VERSION: {text}\n{said}")
