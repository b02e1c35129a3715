"""What is installed beside the user's requirements, and what is said of them."""

from pathlib import Path

import pytest

from buildpack.dependencies import read_dependencies
from buildpack.errors.requirements import GunicornTooOldError
from buildpack.interpreter import Interpreter

TRIXIE = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")
BULLSEYE = Interpreter(Path("/usr/bin/python3.9"), "3.9.2", "cpython", "glibc", "2.31")


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("python", "imports_flask", "added"),
    [
        (TRIXIE, True, ["flask==3.1.3", "gunicorn==27.0.1"]),
        (TRIXIE, False, ["gunicorn==27.0.1"]),
        (BULLSEYE, False, ["gunicorn==23.0.0"]),
    ],
)
def test_what_is_added_where_nobody_requires_it(
    tmp_path: Path, python: Interpreter, imports_flask: bool, added: list[str]
) -> None:
    dependencies = read_dependencies(tmp_path, {}, python, imports_flask=imports_flask)
    assert [addition.requirement for addition in dependencies.additions] == added
    assert (dependencies.requirements, dependencies.needs) == (None, ())


@pytest.mark.parametrize(
    ("files", "log"),
    [
        ({}, "  There is no requirements.txt, lock file or pyproject.toml with dependencies\n"),
        ({"requirements_txt": "flask\n"}, "  requirements.txt: 1 requirement\n"),
        (
            {"requirements_txt": "", "app__requirements_txt": "flask\n"},
            "  requirements.txt: 0 requirements\n",
        ),
        ({"app__requirements_txt": "flask\n"}, "  app/requirements.txt: 1 requirement\n"),
        (
            {"requirements_txt": "-r base.txt\nsix\n", "base_txt": "flask\n"},
            "  requirements.txt: 2 requirements in 2 files\n",
        ),
    ],
)
def test_which_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], log: str
) -> None:
    read_dependencies(write(tmp_path, **files), {}, TRIXIE, imports_flask=False)
    assert capsys.readouterr().out == log


def test_an_old_gunicorn_gets_what_it_needs_and_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, requirements_txt="gunicorn==20.1.0\n")
    dependencies = read_dependencies(tmp_path, {}, TRIXIE, imports_flask=False)
    assert dependencies.needs == ("setuptools<82",)
    assert "Warning: requirements.txt:1: gunicorn before 22 has known holes" in (
        capsys.readouterr().out
    )


def test_a_gunicorn_that_cannot_run_is_refused(tmp_path: Path) -> None:
    write(tmp_path, requirements_txt="gunicorn==19.9.0\n")
    with pytest.raises(GunicornTooOldError):
        read_dependencies(tmp_path, {}, TRIXIE, imports_flask=False)
