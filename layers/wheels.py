"""The ``wheels`` layer: what was built from source, so that it is built once.

Wheels that an index offers are downloaded again. The lifecycle restores, archives and hashes
every cached layer in every build, needed or not: keeping the 51 MB of eleven usual
dependencies cost 4 s of a first build of 12 s and 0.4 s of every rebuild (benchmarks/build),
more than their download. A wheel that was compiled for minutes is another matter.
"""

import datetime
import hashlib
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack import log
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types, fresh_folder

NAME = "wheels"
SOURCES = "sdists-v*"
"""uv's folder for source distributions: what it built lies there as a wheel, beside a pointer
to the source that it was built from."""

INTERPRETERS = "interpreter-v*"
"""uv's folder for what it found out about Pythons, valid while their programs' times are the same:
two files of 2 KB, which save each build that installs 70 ms."""

CHECKSUM = "sha256"
"""The file that tells whether the others came back as they were kept."""

QUERY = re.compile(rb"https?://[!-~]*\?")
"""An address with a query, in such a pointer: a token may be part of it."""


@dataclass(frozen=True)
class Wheels:
    """The cached layer of one build; ``work`` is uv's cache while it runs.

    ``work`` lies beside the layers, so that uv can link from it into the venv.
    ``made_for`` says what the wheels fit; ``resolved`` is the day ("2026-11-23") of the
    last install, or empty. It is kept here, not with the venv: the image's own metadata
    must not depend on the day of its build.
    """

    folder: Path
    work: Path
    made_for: Mapping[str, str]
    resolved: str

    def layer(self) -> Layer:
        """The declaration."""
        metadata = {"made_for": dict(self.made_for), "resolved": self.resolved}
        return Layer(NAME, Types(cache=True), metadata)


def open_wheels(context: BuildContext, made_for: Mapping[str, str]) -> Wheels:
    """The layer as it was restored; emptied where it was made for something else."""
    folder = context.layers_dir / NAME
    restored = context.restored.get(NAME, {})
    ours = not folder.exists() or os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    fitting = ours and restored.get("made_for") == made_for
    if not fitting:
        _tell_unfit(folder, restored.get("made_for"), made_for, ours=ours)
        fresh_folder(folder)
    folder.mkdir(exist_ok=True)
    resolved = _day(restored.get("resolved")) if fitting else ""
    return Wheels(folder, context.layers_dir / "uv-cache", made_for, resolved)


def _day(restored: object) -> str:
    """A day such as "2026-11-23" as it was written down; empty where it is none."""
    try:
        return datetime.date.fromisoformat(str(restored)).isoformat()
    except ValueError:
        return ""


def _tell_unfit(folder: Path, restored: object, made_for: Mapping[str, str], *, ours: bool) -> None:
    if not ours:
        log.line("The cached wheels are dropped: they belong to another user")
    elif any(folder.glob(SOURCES)):
        before = restored if isinstance(restored, dict) else {}
        other = [name for name in made_for if name in before and before[name] != made_for[name]]
        of_another = " and ".join(f"another {name}" for name in other) or "something else"
        log.line(f"The cached wheels are dropped: they were made for {of_another}")


def restore(wheels: Wheels) -> None:
    """Begin uv's cache with what was built earlier, if that is whole."""
    fresh_folder(wheels.work)
    if not any(wheels.folder.iterdir()):
        return
    try:
        whole = (wheels.folder / CHECKSUM).read_text() == _checksum(wheels.folder)
    except (OSError, UnicodeDecodeError):  # missing, or another user's
        whole = False
    if whole:
        shutil.copytree(wheels.folder, wheels.work, dirs_exist_ok=True)
    else:
        log.line("The cached wheels are dropped: they did not come back as they were kept")


def keep(wheels: Wheels, installed: Collection[str], secrets: tuple[str, ...] = ()) -> None:
    """Keep what was built for this environment, and what is known of Pythons; uv's cache goes.

    ``installed`` are the names of packages' folders of metadata, "flask-3.1.3.dist-info".
    """
    fresh_folder(wheels.folder)
    for wheel in _built(wheels.work, installed):
        folders = (wheel.parent, wheel.parent.parent)
        if any(_tells(folder, secrets) for folder in folders):
            continue
        for folder in folders:
            _copy_files(folder, wheels.folder / folder.relative_to(wheels.work))
    for folder in wheels.work.glob(INTERPRETERS):
        shutil.copytree(folder, wheels.folder / folder.name)
    shutil.rmtree(wheels.work)
    if any(wheels.folder.iterdir()):
        (wheels.folder / CHECKSUM).write_text(_checksum(wheels.folder))


def _built(work: Path, installed: Collection[str]) -> Iterator[Path]:
    """The wheels that uv built and that are installed."""
    for wheel in sorted(work.glob(f"{SOURCES}/**/*.whl")):
        name, version = wheel.name.split("-")[:2]
        unpacked_source = "src" in wheel.relative_to(work).parts
        if not unpacked_source and f"{name}-{version}.dist-info" in installed:
            yield wheel


def _tells(folder: Path, secrets: tuple[str, ...]) -> bool:
    """Whether a pointer in the folder has a query in its address, or a secret anywhere."""
    pointers = [path.read_bytes() for path in _files(folder) if path.suffix != ".whl"]
    hidden = [os.fsencode(secret) for secret in secrets]
    return any(QUERY.search(text) or any(secret in text for secret in hidden) for text in pointers)


def _copy_files(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in _files(source):
        shutil.copy2(path, target)


def _checksum(folder: Path) -> str:
    """Of the kept files: names and contents."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / CHECKSUM:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder)}\0{content}\0".encode())
    return total.hexdigest()


def _files(folder: Path) -> list[Path]:
    """A folder's own files: neither unpacked sources nor links to what isn't kept."""
    return [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
