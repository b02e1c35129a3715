"""Which release of musl a program runs on. Python doesn't say it; musl's loader does."""

import re
from pathlib import Path

_LOADER = re.compile(rb"/lib/ld-musl-\w+\.so\.1\0")
_VERSION = re.compile(r"^musl libc .*\nVersion (\d+\.\d+(?:\.\d+)?)", re.MULTILINE)

_HEAD = 1 << 16
"""Bytes of a program in which linkers put the name of its loader."""


def version(program: Path) -> str:
    """As in "1.2.5"; empty where the program isn't made for musl."""
    with program.open("rb") as stream:
        loader = loader_in(stream.read(_HEAD))
    if loader is None or not loader.is_file():
        return ""
    import subprocess  # not loaded where the program is glibc's

    said = subprocess.run([loader], capture_output=True, check=False, text=True, env={})
    return version_in(said.stderr)


def loader_in(head: bytes) -> Path | None:
    """The loader that the beginning of a program names, where it is musl's."""
    found = _LOADER.search(head)
    return Path(found[0].rstrip(b"\0").decode()) if found else None


def version_in(said: str) -> str:
    """The release in what the loader says when it is started by itself; empty without one."""
    found = _VERSION.search(said)
    return found[1] if found else ""
