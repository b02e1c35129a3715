"""Folders of the app that whoever runs the image may write to.

The lifecycle gives all files to the build's user and group, and keeps their modes. The run
image's user has the same group (1000), but a platform that picks the user (OpenShift does)
gives it group 0, and no buildpack can give files to that: so these folders are open to every
user of the container. Nothing else of the app is.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from buildpack import log
from buildpack.errors.settings import BadSetting, NotWritableError

SETTING = "BP_WRITABLE_DIRS"
INSTANCE = PurePosixPath("instance")
"""Where a Flask app keeps what changes while it runs (``app.instance_path``)."""

ALLOWED = "folders of the app, relative to it (data, var/uploads), with commas or blanks between"
FOLDER_BITS = 0o2777
"""The group of what is made in it is the folder's, not that of the process."""

FILE_BITS = 0o666


def read_writable(app_dir: Path, platform_env: Mapping[str, str]) -> tuple[PurePosixPath, ...]:
    """The folders that the user names; raises BadSetting."""
    value = platform_env.get(SETTING, "")
    names = [PurePosixPath(os.path.normpath(name)) for name in re.split(r"[,\s]+", value) if name]
    for name in names:
        if name.is_absolute() or name.parts[:1] in ((), ("..",)) or not _fits(app_dir, name):
            raise BadSetting(SETTING, value, ALLOWED)
    return tuple(dict.fromkeys(names))


def make_writable(app_dir: Path, folders: tuple[PurePosixPath, ...]) -> None:
    """Open these folders, ``instance`` and all that lies in them; what isn't there is made.

    Raises NotWritableError.
    """
    for name in dict.fromkeys((INSTANCE, *folders)):
        folder = Path(os.path.realpath(app_dir / name))
        if not _fits(app_dir, name):  # an app may have a module of the name instance.py, or a file
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _open_all(folder)
        except OSError as error:
            raise NotWritableError(str(name), error.strerror or str(error)) from error
    if folders:
        log.line("Writable for every user: " + ", ".join(f"{name}/" for name in folders))


def _fits(app_dir: Path, name: PurePosixPath) -> bool:
    """Whether it is a folder in the app, or can become one; links must not lead out."""
    place = app_dir / name
    root = os.path.realpath(app_dir)
    inside = os.path.realpath(place).startswith(root + os.sep)
    return inside and (place.is_dir() or not os.path.lexists(place))


def _open_all(folder: Path) -> None:
    _open(folder, FOLDER_BITS)
    for place, below, files in os.walk(folder):
        for entry in below:
            _open(Path(place, entry), FOLDER_BITS)
        for entry in files:
            _open(Path(place, entry), FILE_BITS)


def _open(path: Path, bits: int) -> None:
    mode = path.lstat().st_mode
    if not stat.S_ISLNK(mode):  # what it leads to may lie elsewhere
        path.chmod(stat.S_IMODE(mode) | bits)
