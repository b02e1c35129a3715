"""The apps that are built, and what changes in them between two builds."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build.rows import FLASKPACK, FLOOR, PIP, UV
from scripts.toolchain.setup import REPOSITORY

HERE = Path(__file__).parent / "apps"

GUNICORN = "gunicorn==27.0.1"
"""As Flaskpack adds it; the tables show where sides differ."""

ONE_MORE = "humanize==4.17.0"
"""Small, pure Python, and without requirements of its own."""

REQUIREMENTS, PROJECT, LOCK, HASHED = (
    "requirements.txt",
    "pyproject.toml",
    "uv.lock",
    "hashed.txt",
)


@dataclass(frozen=True)
class App:
    """``change`` is what stands in its requirements, and what once one of them has changed.

    A ``locked`` one is built from uv.lock; the lock is made from the pinned requirements at the
    beginning of a run, as it names the index that it was made with. ``sides`` take part.
    """

    title: str
    folder: Path
    change: tuple[str, str]
    locked: bool = False
    sides: tuple[str, ...] = (FLASKPACK, FLOOR, PIP, UV)


APPS: Mapping[str, App] = {
    "hello": App(
        "`hello`: Flask alone", REPOSITORY / "examples" / "hello", ("flask>=3,<4", "flask==3.1.2")
    ),
    "eleven": App(
        "`eleven`: eleven usual dependencies, every version pinned",
        HERE / "eleven",
        ("redis==8.1.0", "redis==8.0.1"),
    ),
    "locked": App(
        "`locked`: the same eleven from a lock file",
        HERE / "eleven",
        ("redis==8.1.0", "redis==8.0.1"),
        locked=True,
    ),
    "three-hundred": App(
        "`three-hundred`: 300 packages from a lock file",
        HERE / "three-hundred",
        ("redis==8.1.0", "redis==8.0.1"),
        locked=True,
        # pip was the slowest in a trial, and would take a quarter of a whole run.
        sides=(FLASKPACK, FLOOR, UV),
    ),
}


@dataclass(frozen=True)
class Sources:
    """An app's files before and after the change of a requirement, each in a folder."""

    plain: Path
    changed: Path


def lay_out(app: App, to: Path, lock: Callable[[Path], None]) -> Sources:
    """``lock`` is given a folder with pyproject.toml, and makes uv.lock and hashed.txt there.

    A lock that is there already is kept to as far as pyproject.toml allows.
    """
    sources = Sources(to / "plain", to / "changed")
    shutil.copytree(app.folder, sources.plain, ignore=shutil.ignore_patterns("__pycache__"))
    if app.locked:
        requirements = sources.plain / REQUIREMENTS
        (sources.plain / PROJECT).write_text(project(requirements.read_text(encoding="utf-8")))
        requirements.unlink()
        lock(sources.plain)
    shutil.copytree(sources.plain, sources.changed)
    _replace(sources.changed / (PROJECT if app.locked else REQUIREMENTS), *app.change)
    if app.locked:
        lock(sources.changed)
    return sources


def project(requirements: str) -> str:
    """pyproject.toml with what a requirements.txt lists, and gunicorn."""
    lines = (line.strip() for line in requirements.splitlines())
    listed = [line for line in lines if line and not line.startswith("#")]
    if GUNICORN not in listed:
        listed.append(GUNICORN)
    return (
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.13"\n'
        f"dependencies = {json.dumps(listed, indent=4)}\n\n[tool.uv]\npackage = false\n"
    )


def fresh(sources: Sources, to: Path) -> None:
    """A copy of the app as it is in the repository, whatever was there."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(sources.plain, to)


def change_code(app: Path, number: int) -> None:
    """A comment, another one for each number."""
    _append(app / "main.py", f"# change {number}\n")


def change_version(sources: Sources, app: Path) -> None:
    for name in (REQUIREMENTS, PROJECT, LOCK, HASHED):
        if (sources.changed / name).exists():
            shutil.copyfile(sources.changed / name, app / name)


def add_requirement(app: Path) -> None:
    _append(app / REQUIREMENTS, f"\n{ONE_MORE}\n")


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)


def _replace(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text, f"{before} is not in {file}"  # our own files
    file.write_text(text.replace(before, after), encoding="utf-8")
