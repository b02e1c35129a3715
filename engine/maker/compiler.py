"""Compiles the engine's C sources with zig, for a machine and C library of one's choice.

Only a Python's headers are needed, not the Python: the functions of CPython stay
undefined in the shared object, and the compiler refuses calls of functions that the
headers don't declare. Every flag stands here: nothing is taken from the environment
or from an interpreter's sysconfig, whose flags lose -DNDEBUG as soon as CFLAGS is set
(with asserts compiled in, hostile input aborts workers).
"""

import os
import subprocess
import sys
from pathlib import Path

from .failure import EngineError
from .headers import Headers
from .target import Target

NATIVE = Path(__file__).parent / "native"
"""C files of ours: a check of the headers, and what the C library lacks."""

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
_PROTECTION_FLAGS = {
    "x86_64": ("-fcf-protection=full",),
    "aarch64": ("-mbranch-protection=standard",),
}
_LINK_FLAGS = (
    "-shared",
    "-Wl,-z,relro",
    "-Wl,-z,now",
    "-Wl,-z,noexecstack",
    # Only the init function is exported: the parser's names are common ones.
    f"-Wl,--version-script={NATIVE / 'exports.map'}",
    "-Wl,-s",
)


def sources(tree: Path) -> list[Path]:
    """The C files of the engine: of the three event loops only Linux's."""
    files = sorted((tree / "meinheld" / "server").glob("*.c"))
    return [file for file in files if not file.name.startswith("picoev_")] + [
        tree / "meinheld" / "server" / "picoev_epoll.c"
    ]


def command(tree: Path, headers: Headers, target: Target, output: Path) -> list[str]:
    """The command line; the header folders come after the compiler's own.

    A distribution's /usr/include may be among them (Debian's pyconfig.h stands below
    it), and its libc is not the one we build for.
    """
    folders = [*headers.folders, NATIVE / "include"]
    includes = [part for folder in folders for part in ("-idirafter", str(folder))]
    flags = [*_C_FLAGS, *_PROTECTION_FLAGS[target.arch], *includes, *_LINK_FLAGS]
    files = [str(file.relative_to(tree)) for file in sources(tree)]
    files += [str(file) for file in sorted(NATIVE.glob("*.c"))]
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", target.triple]
    return [*compiler, *flags, *files, "-o", str(output)]


def compile_module(tree: Path, headers: Headers, target: Target, output: Path, cache: Path) -> None:
    """Compiles the patched ``tree`` into the shared object ``output``."""
    caches = {"ZIG_GLOBAL_CACHE_DIR": str(cache / "zig"), "ZIG_LOCAL_CACHE_DIR": str(cache / "zig")}
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH", "TMPDIR")}
    run = subprocess.run(
        command(tree, headers, target, output),
        cwd=tree,
        env=kept | caches,
        stdout=sys.stderr,
        check=False,
    )
    if run.returncode:
        raise EngineError(
            f"zig cc failed for Python 3.{headers.minor} on {target.triple} "
            "(its own words are above)"
        )
