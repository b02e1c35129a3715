"""A Python's headers, of which any one's serve for every machine and C library we build for.

pyconfig.h is the only header that configure writes. Between our targets it differs in nothing
that the public headers use; native/abi.c asks the compiler whether that is so.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from .failure import EngineError


@dataclass(frozen=True)
class Headers:
    """A Python's headers: ``minor`` is the X of Python 3.X."""

    folders: tuple[Path, ...]
    minor: int


def read_headers(folders: tuple[Path, ...]) -> Headers:
    """Which Python the header folders belong to (one holds Python.h and patchlevel.h)."""
    for folder in folders:
        level = folder / "patchlevel.h"
        if level.is_file() and (folder / "Python.h").is_file():
            return Headers(folders, python_minor(level.read_text(encoding="utf-8")))
    raise EngineError(f"no Python.h in {':'.join(map(str, folders))}: install Python's headers")


def python_minor(patchlevel: str) -> int:
    """The X of 3.X in CPython's patchlevel.h."""
    found = re.search(r'^#define\s+PY_VERSION\s+"3\.(\d+)', patchlevel, re.MULTILINE)
    if found is None:
        raise EngineError("patchlevel.h names no Python 3")
    return int(found[1])


def with_config(headers: Headers, arch: str, scratch: Path) -> Headers:
    """The same headers with a pyconfig.h for ``arch``, which may be another machine's.

    Debian's pyconfig.h includes ARCH-linux-gnu/python3.X/pyconfig.h, and a package holds
    only its own machine's. Where the wanted one is missing, the one that is there is put
    below ``scratch`` under that name.
    """
    name = f"python3.{headers.minor}/pyconfig.h"
    wanted = f"{arch}-linux-gnu/{name}"
    present = [file for folder in headers.folders for file in folder.glob(f"*-linux-gnu/{name}")]
    if not present or any((folder / wanted).is_file() for folder in headers.folders):
        return headers
    copy = scratch / wanted
    copy.parent.mkdir(parents=True)
    copy.write_bytes(min(present).read_bytes())
    return Headers((*headers.folders, scratch), headers.minor)
