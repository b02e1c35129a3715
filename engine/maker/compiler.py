"""Compiles the engine's C sources with zig for any glibc from 2.17 on.

Only a Python's headers are needed, not the Python: the functions of CPython stay
undefined in the shared object, and the compiler refuses calls of functions that the
headers don't declare. Every flag stands here: nothing is taken from the environment
or from an interpreter's sysconfig, whose flags lose -DNDEBUG as soon as CFLAGS is set
(with asserts compiled in, hostile input aborts workers).
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .failure import EngineError

GLIBC = "2.17"

_C_FLAGS = (
    "-std=gnu11",
    "-O2",
    "-g0",
    "-fPIC",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-DNDEBUG",
    "-D_GNU_SOURCE",
    "-DHTTP_PARSER_DEBUG=0",
    "-U_FORTIFY_SOURCE",
    "-D_FORTIFY_SOURCE=2",
    "-fstack-protector-strong",
    # zig turns the undefined behaviour sanitizer on by itself.
    "-fno-sanitize=all",
    "-Werror=implicit-function-declaration",
    "-Werror=incompatible-pointer-types",
    "-Werror=int-conversion",
    "-Werror=return-type",
)
_LINK_FLAGS = ("-shared", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack", "-Wl,-s")


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


def sources(tree: Path) -> list[Path]:
    """The C files of the engine: of the three event loops only Linux's."""
    files = sorted((tree / "meinheld" / "server").glob("*.c"))
    return [file for file in files if not file.name.startswith("picoev_")] + [
        tree / "meinheld" / "server" / "picoev_epoll.c"
    ]


def command(tree: Path, headers: Headers, arch: str, output: Path) -> list[str]:
    """The command line; the header folders come after the compiler's own.

    A distribution's /usr/include may be among them (Debian's pyconfig.h stands below
    it), and its libc is not the one we build for.
    """
    includes = [part for folder in headers.folders for part in ("-idirafter", str(folder))]
    target = ["-target", f"{arch}-linux-gnu.{GLIBC}"]
    files = [str(file.relative_to(tree)) for file in sources(tree)]
    compiler = [sys.executable, "-m", "ziglang", "cc", *target]
    return [*compiler, *_C_FLAGS, *includes, *_LINK_FLAGS, *files, "-o", str(output)]


def compile_module(tree: Path, headers: Headers, arch: str, output: Path, cache: Path) -> None:
    """Compiles the patched ``tree`` into the shared object ``output``."""
    caches = {"ZIG_GLOBAL_CACHE_DIR": str(cache / "zig"), "ZIG_LOCAL_CACHE_DIR": str(cache / "zig")}
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH", "TMPDIR")}
    run = subprocess.run(
        command(tree, headers, arch, output),
        cwd=tree,
        env=kept | caches,
        stdout=sys.stderr,
        check=False,
    )
    if run.returncode:
        raise EngineError(f"zig cc failed for Python 3.{headers.minor} (its own words are above)")
