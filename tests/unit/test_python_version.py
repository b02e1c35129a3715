"""Every place and form in which a project names its Python."""

from pathlib import Path

import pytest
from support.python_wishes import ALL, V39_UP, allowed, read

from buildpack.python_places import FILES, may_name_python
from buildpack.python_version import hint, read_wishes


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
        (
            "pylock.prod.toml",
            'lock-version = "1.0"\nrequires-python = "==3.11.*"\n[[packages]]\n',
            'pylock.prod.toml:2: requires-python = "==3.11.*"',
            "3.11.0 3.11.2 3.11.18",
        ),
    ],
)
def test_other_files(tmp_path: Path, name: str, content: str, shown: str, versions: str) -> None:
    wishes = read(tmp_path, {name: content})
    assert [wish.shown() for wish in wishes] == [shown]
    assert allowed(wishes) == versions


def test_of_locks_of_one_kind_the_one_that_decides_counts(tmp_path: Path) -> None:
    head = 'lock-version = "1.0"\nrequires-python = ">={}"\n'
    names = {"3.13": "pylock.production.toml", "3.12": "pylock.prod.toml", "3.11": "pylock.toml"}
    for minor, name in names.items():
        wishes = read(tmp_path, {name: head.format(minor)})
        assert [wish.shown() for wish in wishes] == [f'{name}:2: requires-python = ">={minor}"']


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
