"""Where shared objects look for others, relative to themselves (ELF, 64 bit, little endian)."""

import os
import posixpath
import struct
from collections.abc import Iterator
from pathlib import Path

MAGIC = b"\x7fELF\x02\x01"
PROGRAM = struct.Struct("<IIQQQQQQ")
DYNAMIC = struct.Struct("<qQ")
LOAD, DYNAMIC_SEGMENT = 1, 2
STRINGS, RPATH, RUNPATH = 5, 15, 29
LONGEST = 65_536
"""Bytes of a search path that are read."""

ORIGIN = ("$ORIGIN/", "${ORIGIN}/")


def looked_for(root: Path) -> list[str]:
    """The folders below ``root`` that its shared objects search, whether there or not; sorted."""
    found = set()
    for folder, _, files in os.walk(root):
        for file in files:
            if ".so" in file:
                place = os.path.relpath(folder, root)
                found |= {
                    posixpath.normpath(f"{place}/{path}")
                    for path in search_paths(Path(folder, file))
                }
    return sorted(path for path in found if not path.startswith(".."))


def search_paths(file: Path) -> list[str]:
    """What stands after ``$ORIGIN/`` in the paths of one file; [] of anything but ELF."""
    try:
        with file.open("rb") as opened:
            return [
                part.removeprefix(origin)
                for text in _search_paths(opened.fileno())
                for part in text.split(":")
                for origin in ORIGIN
                if part.startswith(origin)
            ]
    except (OSError, ValueError, struct.error):
        return []


def _search_paths(file: int) -> Iterator[str]:
    head = os.pread(file, 64, 0)
    if not head.startswith(MAGIC):
        return
    (table,) = struct.unpack_from("<Q", head, 32)
    size, number = struct.unpack_from("<HH", head, 54)
    if size != PROGRAM.size:
        return
    segments = list(PROGRAM.iter_unpack(os.pread(file, size * number, table)))
    for kind, _, offset, _, _, length, _, _ in segments:
        if kind == DYNAMIC_SEGMENT:
            entries = os.pread(file, length - length % DYNAMIC.size, offset)
            yield from _strings(file, segments, dict(DYNAMIC.iter_unpack(entries)))


def _strings(file: int, segments: list[tuple[int, ...]], entries: dict[int, int]) -> Iterator[str]:
    start = next(
        (
            offset + entries[STRINGS] - address
            for kind, _, offset, address, _, length, _, _ in segments
            if kind == LOAD and STRINGS in entries
            if address <= entries[STRINGS] < address + length
        ),
        None,
    )
    for tag in (RPATH, RUNPATH):
        if start is not None and tag in entries:
            text = os.pread(file, LONGEST, start + entries[tag]).partition(b"\0")[0]
            yield text.decode("utf-8", "replace")
