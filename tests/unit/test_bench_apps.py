"""What is built: the app as it is, and with another version of a requirement."""

from pathlib import Path

import pytest

from benchmarks.build import apps
from benchmarks.build.apps import APPS, App, lay_out


def no_lock(folder: Path) -> None:
    raise AssertionError(f"{folder} needs no lock")


def written_lock(folder: Path) -> None:
    """Remembers what it was made from, and what there was before."""
    lock = folder / "uv.lock"
    before = lock.read_text() if lock.exists() else "nothing"
    lock.write_text(f"from {before}, {(folder / 'pyproject.toml').read_text()}")


def test_a_version_changes_and_a_requirement_is_added(tmp_path: Path) -> None:
    sources = lay_out(APPS["eleven"], tmp_path / "sources", no_lock)
    app = tmp_path / "app"
    apps.fresh(sources, app)
    before = (app / "requirements.txt").read_text()
    apps.change_version(sources, app)
    changed = (app / "requirements.txt").read_text()
    assert set(before.splitlines()) ^ set(changed.splitlines()) == {"redis==8.1.0", "redis==8.0.1"}
    apps.add_requirement(app)
    assert (app / "requirements.txt").read_text() == changed + "\nhumanize==4.17.0\n"


def test_code_changes_outlast_a_change_of_versions_and_end_with_a_fresh_copy(
    tmp_path: Path,
) -> None:
    sources = lay_out(APPS["hello"], tmp_path / "sources", no_lock)
    app = tmp_path / "app"
    apps.fresh(sources, app)
    before = (app / "main.py").read_text()
    apps.change_code(app, 7)
    apps.change_version(sources, app)
    assert (app / "main.py").read_text() == before + "# change 7\n"
    apps.fresh(sources, app)
    assert (app / "main.py").read_text() == before


PROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.13"
dependencies = [
    "flask==3.1.3",
    "redis==8.1.0",
    "gunicorn==27.0.1"
]

[tool.uv]
package = false
"""


def test_a_locked_app_has_its_lock_and_no_requirements(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "main.py").write_text("import flask\n")
    (folder / "requirements.txt").write_text("# two\nflask==3.1.3\n\nredis==8.1.0\n")
    locked = App("", folder, ("redis==8.1.0", "redis==8.0.1"), locked=True)
    sources = lay_out(locked, tmp_path / "sources", written_lock)
    app = tmp_path / "app"
    apps.fresh(sources, app)
    first = f"from nothing, {PROJECT}"
    assert {file.name: file.read_text() for file in app.iterdir()} == {
        "main.py": "import flask\n",
        "pyproject.toml": PROJECT,
        "uv.lock": first,
    }
    apps.change_version(sources, app)
    other = PROJECT.replace("8.1.0", "8.0.1")
    assert (app / "pyproject.toml").read_text() == other
    # The other versions stay: the lock is made from the one before.
    assert (app / "uv.lock").read_text() == f"from {first}, {other}"


@pytest.mark.parametrize("name", APPS)
def test_what_changes_is_there(name: str) -> None:
    requirements = (APPS[name].folder / "requirements.txt").read_text().splitlines()
    assert APPS[name].change[0] in requirements


def test_three_hundred_are_three_hundred() -> None:
    requirements = (APPS["three-hundred"].folder / "requirements.txt").read_text()
    listed = [line for line in requirements.splitlines() if not line.startswith("#")]
    assert len(listed) == len(set(listed)) == 300
    assert apps.GUNICORN in listed
