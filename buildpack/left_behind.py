"""What building a folder of the app leaves in it: uv builds each in its place.

An environment that is taken over was built in another copy of the app. What a build left in that
one and nobody needs is taken out, so that both images are the same. What the app may need, a
version's module or compiled code beside its sources, is written down: where it lacks, the
environment is made again.
"""

import os
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from buildpack.requirements.model import Coverage, Entry, shown

_EGG_INFO = re.compile(r"(?:.*/)?[^/]+\.egg-info/")
_NOT_LOOKED_AT = frozenset({"__pycache__", ".git"})


def files_of(app_dir: Path) -> frozenset[str]:
    """The app's files and links, relative to its folder; bytecode and git's own left out."""
    return frozenset(_files(app_dir))


def builds_folders(app_dir: Path, entries: Collection[Entry]) -> bool:
    """Whether folders of the app are among what is installed."""
    return any(entry.local and (app_dir / entry.local.path).is_dir() for entry in entries)


def clear(app_dir: Path, entries: Collection[Entry], before: frozenset[str]) -> tuple[str, ...]:
    """Take out what nobody needs of the files that weren't there before; the others, sorted.

    Of a folder that was installed as it is, nothing is needed: its package lies in the
    environment. From the app's own folder and from editable ones modules are imported.
    """
    copied = [
        entry.local.path
        for entry in entries
        if entry.local and entry.local.covers is Coverage.CONTENTS
    ]
    folders = tuple(f"{path}/" for path in copied if path != PurePosixPath())
    made = sorted(files_of(app_dir) - before)
    known = {_of_setuptools(name, copied) for name in before}
    kept = []
    for name in made:
        place = _of_setuptools(name, copied)
        if place and place not in known:
            if (app_dir / place).is_dir():  # it holds more than one file
                shutil.rmtree(app_dir / place)
                _remove_empty((app_dir / place).parent)
        elif name.startswith(folders):
            (app_dir / name).unlink()
            _remove_empty((app_dir / name).parent)
        else:
            kept.append(name)
    return tuple(kept)


def _of_setuptools(name: str, copied: Collection[PurePosixPath]) -> str:
    """The folder of setuptools' own that a file lies in: ``lib/own.egg-info/``, ``lib/build/``."""
    if found := _EGG_INFO.match(name):
        return found[0]
    builds = (f"{path / 'build'}/" for path in copied)
    return next((build for build in builds if name.startswith(build)), "")


def keyed(written: Collection[str]) -> dict[str, str]:
    """What an environment's key says of such files: the next build's says nothing of the kind, and
    so is a reason to make it again. One will do, since all lack together.
    """
    named = (shown(PurePosixPath(name)) for name in written)
    return {f"{name}, which building the app wrote,": "there" for name in list(named)[:1]}


def _files(folder: Path) -> Iterator[str]:
    waiting = [(str(folder), "")]
    while waiting:
        place, before = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield before + entry.name
                elif entry.name not in _NOT_LOOKED_AT:
                    waiting.append((entry.path, f"{before}{entry.name}/"))


def _remove_empty(folder: Path) -> None:
    while not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
