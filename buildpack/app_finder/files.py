"""Reads files of the app and nothing else: regular, small, inside the app dir, never blocking."""

import errno
import os
import stat
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

LARGEST = 1_000_000
"""Bytes. Parsing costs about a kilobyte of memory and 2 µs for each word of code."""

LONGEST_LISTING = 200
"""Names looked at in a folder: enough for a message and for the one package in src/."""

What = Literal["file", "folder", "nothing", "special", "loop", "outside", "denied", "too large"]


@dataclass(frozen=True)
class Refused:
    """A file that is there but isn't read, and why; ``detail`` is a link's target or a size."""

    what: What
    detail: str = ""


class AppFiles:
    """The app dir. Paths are relative, with "/", as the file system spells them."""

    def __init__(self, app_dir: Path) -> None:
        self._root = os.path.realpath(app_dir)
        self._seen: dict[str, What] = {}

    def what(self, path: str) -> What:
        """What stands at the path, links followed as long as they stay in the app dir."""
        if path not in self._seen:
            self._seen[path] = self._look(path)
        return self._seen[path]

    def is_file(self, path: str) -> bool:
        return self.what(path) == "file"

    def is_folder(self, path: str) -> bool:
        return self.what(path) == "folder"

    def is_there(self, path: str) -> bool:
        """Something that a reader would call a file of that name, readable or not."""
        return self.what(path) not in ("nothing", "folder")

    def read(self, path: str) -> bytes | Refused:
        """The file's bytes, or why it isn't read."""
        what = self.what(path)
        if what != "file":
            return Refused(what, self._target(path))
        try:
            return self._read(os.path.realpath(self._full(path)))
        except OSError as error:
            return Refused("denied", error.strerror or "")

    def names(self, folder: str) -> list[str]:
        """Names in a folder, sorted; no more than LONGEST_LISTING of them are looked at."""
        if folder and not self.is_folder(folder):
            return []
        try:
            with os.scandir(self._full(folder)) as entries:
                return sorted(entry.name for entry in islice(entries, LONGEST_LISTING))
        except OSError:
            return []

    def _look(self, path: str) -> What:
        try:
            real = os.path.realpath(self._full(path), strict=True)
            mode = os.lstat(real).st_mode
        except ValueError:
            return "nothing"
        except OSError as error:
            if error.errno == errno.ELOOP:
                return "loop"
            if error.errno == errno.EACCES:
                return "denied"
            return "outside" if self._target(path) else "nothing"
        if real != self._root and not real.startswith(self._root.rstrip("/") + "/"):
            return "outside"
        if stat.S_ISREG(mode):
            return "file"
        return "folder" if stat.S_ISDIR(mode) else "special"

    def _read(self, real: str) -> bytes | Refused:
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return Refused("special")
            if status.st_size > LARGEST:
                return Refused("too large", f"{status.st_size:,} bytes")
            data = file.read(LARGEST + 1)
        return data if len(data) <= LARGEST else Refused("too large", f"{len(data):,} bytes")

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _target(self, path: str) -> str:
        try:
            return str(Path(self._full(path)).readlink())
        except (OSError, ValueError):
            return ""
