"""The modes of the app's files: the same whatever they were on the machine that has the sources.

The lifecycle gives all files to the build's user and keeps their modes; pack opens the app's
folder to everybody. Whoever runs the image is another user of the same group: what a umask of 077
closed he can't read, what one of 002 left open he can change, and each makes another image. So
every file gets the mode that git would give it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER = 0o755
PROGRAM = 0o755
FILE = 0o644


def settle_modes(app_dir: Path) -> None:
    """Give the folder, and all that lies in it, its mode; links and what isn't ours are left."""
    _settle(app_dir, app_dir.stat().st_mode)
    waiting = [str(app_dir)]
    while waiting:
        for entry in _entries(waiting.pop()):
            _settle(entry, entry.stat(follow_symlinks=False).st_mode)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    with suppress(PermissionError), os.scandir(folder) as entries:
        yield from entries


def _settle(path: Path | os.DirEntry[str], mode: int) -> None:
    if stat.S_ISLNK(mode):
        return
    wanted = FOLDER if stat.S_ISDIR(mode) else PROGRAM if mode & stat.S_IXUSR else FILE
    if stat.S_IMODE(mode) != wanted:
        with suppress(OSError):  # another user's, or mounted to be read
            os.chmod(path, wanted)  # noqa: PTH101  an entry of a folder is no Path
