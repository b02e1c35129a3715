"""The cache folder: entries whose names are digests of what they are made from."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.toolchain import say
from scripts.toolchain.errors import SetupError

KEPT = 3
"""How many entries of one kind stay: other checkouts may share this cache."""

_MARK = ".complete"


def folder(environ: Mapping[str, str]) -> Path:
    """``FLASKPACK_CACHE``, else ``flaskpack`` in the user's cache folder."""
    if own := environ.get("FLASKPACK_CACHE"):
        return Path(own).absolute()
    home = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or Path.home()) / ".cache"
    return Path(home) / "flaskpack"


def key_of(*parts: str | bytes | Path) -> str:
    """A digest of texts, and of files and folders by names, modes and contents.

    Parts are told apart by their lengths, so that moving a letter from one to the next
    changes the key. Bytecode doesn't count.
    """
    digest = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()[:16]


def _pieces(part: str | bytes | Path) -> Iterator[bytes]:
    if isinstance(part, str):
        yield part.encode()
    elif isinstance(part, bytes):
        yield part
    elif part.is_dir():
        for path in files_in(part):
            yield path.relative_to(part).as_posix().encode()
            yield b"x" if path.stat().st_mode & 0o100 else b"-"
            yield path.read_bytes()
    else:
        yield part.read_bytes()


def files_in(top: Path) -> list[Path]:
    """Every file below ``top`` in a fixed order, without bytecode and hidden files."""
    return sorted(
        path
        for path in top.rglob("*")
        if path.is_file() and not _is_litter(path.relative_to(top).parts)
    )


def _is_litter(parts: tuple[str, ...]) -> bool:
    return any(part == "__pycache__" or part.startswith(".") for part in parts)


def entry(root: Path, kind: str, key: str, fill: Callable[[Path], None]) -> Path:
    """The folder ``kind/key``, filled once.

    It is made where it will stay (a virtual environment knows its own path); what was
    begun and not finished lacks the mark and is made again.
    """
    place = root / kind / key
    mark = place / _MARK
    if not mark.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        fill(place)
    mark.touch()
    _forget_old(place.parent)
    return place


def forget(root: Path, kind: str, key: str) -> None:
    """Has the entry made anew by the next who asks for it."""
    shutil.rmtree(root / kind / key, ignore_errors=True)


def _forget_old(kind: Path) -> None:
    def last_used(place: Path) -> float:
        mark = place / _MARK
        return mark.stat().st_mtime if mark.exists() else 0

    for place in sorted(kind.iterdir(), key=last_used, reverse=True)[KEPT:]:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """One run at a time in this cache; a second one says that it waits."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / "lock").open("w")
    except OSError as problem:
        raise SetupError(
            f"The cache folder {root} cannot be used ({problem.strerror})",
            "Make it writable, or name another one in FLASKPACK_CACHE",
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.line(f"Another run is setting up in {root}: waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), False)
        yield
