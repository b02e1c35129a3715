"""Digests of what lies in the app's folder and gets installed from there."""

import errno
import hashlib
import os
import stat
from pathlib import Path, PurePosixPath

from buildpack.errors.requirements import UnreadableFileError
from buildpack.requirements.metadata_files import metadata_files
from buildpack.requirements.model import Coverage, LocalPath, shown

# Made by running or building, never a source of what is installed.
_LEFT_OUT_FOLDERS = frozenset({".git", ".hg", ".svn", "__pycache__", ".venv", "node_modules"})
_LEFT_OUT_ENDINGS = (".pyc", ".egg-info", ".dist-info")
# What decides an editable project's dependencies; setup.py often reads requirements files.
_METADATA = ("pyproject.toml", "setup.py", "setup.cfg", "requirements*", "requirements/*")


def digest(app_dir: Path, local: LocalPath, keyed: frozenset[PurePosixPath] = frozenset()) -> str:
    """The hex SHA-256 of all that the key must cover. Raises UnreadableFileError.

    ``keyed`` are files, relative to the app dir, that the key covers already: an editable
    project's metadata needn't cover them again.
    """
    try:
        return _digest(app_dir, app_dir / local.path, local, keyed)
    except OSError as problem:
        name = shown(PurePosixPath(os.path.relpath(problem.filename or local.path, app_dir)))
        raise UnreadableFileError(name, local.origin, problem.strerror or "") from None


def _digest(app_dir: Path, place: Path, local: LocalPath, keyed: frozenset[PurePosixPath]) -> str:
    if local.covers is Coverage.CONTENTS:
        files = _below(app_dir, place) if place.is_dir() else [place]
        names: list[str] = []
    else:
        found = {file for pattern in _METADATA for file in place.glob(pattern)}
        found |= _named(app_dir, place)
        files = sorted(found - {app_dir / file for file in keyed})
        # The app dir itself is on PYTHONPATH, and needs no new install for a new module.
        folders = [place / "src"] if local.path == PurePosixPath() else [place, place / "src"]
        names = _importable(place, folders)
    total = hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape"))
    for file in files:
        name = os.fsencode(os.path.relpath(file, place))
        total.update(len(name).to_bytes(4) + name + _file_digest(file))
    return total.hexdigest()


def _named(app_dir: Path, project: Path) -> set[Path]:
    """The files of the app that the project's metadata is read from."""
    root = os.path.realpath(app_dir) + "/"
    named = (project / name for name in metadata_files(project))
    there = (file for file in named if os.path.isfile(file))  # noqa: PTH113  of any name
    return {file for file in there if os.path.realpath(file).startswith(root)}


def _below(app_dir: Path, folder: Path) -> list[Path]:
    """The files below a folder, sorted; linked folders too, each once and only in the app."""
    root, seen, found = os.path.realpath(app_dir), set[str](), list[Path]()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        real = os.path.realpath(here)
        if real in seen or not (real + "/").startswith(root + "/"):
            continue
        seen.add(real)
        for entry in sorted(here.iterdir()):
            if entry.name.endswith(_LEFT_OUT_ENDINGS) or entry.name in _LEFT_OUT_FOLDERS:
                continue
            if entry.is_dir():
                waiting.append(entry)
            else:
                found.append(entry)
    return sorted(found)


def _importable(project: Path, folders: list[Path]) -> list[str]:
    # An editable install writes down the packages that it saw: a new one must be added to it.
    return sorted(
        os.path.relpath(entry, project)
        for folder in folders
        if folder.is_dir()
        for entry in folder.iterdir()
        if (entry.suffix == ".py" or entry.is_dir())
        and entry.name not in _LEFT_OUT_FOLDERS
        and not entry.name.endswith(_LEFT_OUT_ENDINGS)
    )


def _file_digest(file: Path) -> bytes:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return b"-"
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as problem:
        if problem.errno in (errno.ENOENT, errno.ELOOP):  # a link that leads nowhere
            return b"-"
        raise
