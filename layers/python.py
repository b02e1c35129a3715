"""The ``python`` layer: a CPython that uv brings, where the run image has none that serves.

It lies one folder below the layer's root: a ``lib`` at the root would put itself on
LD_LIBRARY_PATH of every process. It is cached as well as launched, since on each build it
compiles the app's modules.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack.bytecode import compile_tree
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types, fresh_folder
from buildpack.interpreter import Interpreter, describe
from buildpack.python_version import Offer
from buildpack.uv_python import UvPython

NAME = "python"
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+[a-z0-9+]*")

LEFT_OUT = (
    # Tests of Python itself, and what only they use.
    *("lib/python3*/test", "lib/python3*/*/test", "lib/python3*/*/tests"),
    *("lib/python3*/lib-dynload/_test*", "lib/python3*/lib-dynload/_ctypes_test*"),
    *("lib/python3*/lib-dynload/xx*", "lib/python3*/lib-dynload/_xxtestfuzz*"),
    # Windows on a screen, which no container has.
    *("lib/python3*/idlelib", "lib/python3*/tkinter", "lib/python3*/turtledemo"),
    *("lib/python3*/turtle.py", "lib/python3*/lib-dynload/_tkinter*", "bin/idle3*"),
    *("lib/tcl*", "lib/tk*", "lib/itcl*", "lib/thread[0-9]*", "lib/libtcl*", "lib/libtk*"),
    # Installers: uv installs, and an image installs nothing.
    *("lib/python3*/ensurepip", "lib/python3*/site-packages/*", "bin/pip*"),
    *("lib/*.a", "lib/python3*/config-*/*.a", "lib/python3*/config-*/*.o"),
    *("share/man", "share/doc", "bin/2to3*", "bin/pydoc3*"),
)
"""What an app's image has no use for. The headers stay, 1 MB: the layer that is restored for the
next build is the one of the image, and a source distribution may be compiled then."""

LIBRARY = "lib/libpython3*.so*"
"""The interpreter as a library: twice the same, where the program doesn't load it."""

BIGGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class Installed:
    """The Python of a layer, and the layer."""

    interpreter: Interpreter
    layer: Layer


def folder(context: BuildContext) -> Path:
    """Where the Python is, at build and at launch."""
    return context.layers_dir / NAME / NAME


def restored_version(context: BuildContext) -> str:
    """The version that the last build's image has in this layer; empty where it has none.

    It becomes part of the path of a program: what isn't a version is none.
    """
    version = str(context.restored.get(NAME, {}).get("version", ""))
    return version if VERSION.fullmatch(version) else ""


def changes(context: BuildContext, way: Mapping[str, str]) -> tuple[str, ...]:
    """What of the way of installing is another than in the last build, by its names."""
    restored = context.restored.get(NAME, {}).get("way")
    before = restored if isinstance(restored, dict) else {}
    return tuple(name for name, value in way.items() if before.get(name) != value)


def keep(context: BuildContext) -> Installed | None:
    """The last build's Python, None where it isn't there or doesn't run: the cache may be lost."""
    metadata = context.restored.get(NAME, {})
    version = restored_version(context)
    interpreter = _running(_program(context, version))
    if interpreter is None or interpreter.version != version:
        return None
    return Installed(interpreter, Layer(NAME, Types(launch=True, cache=True), metadata))


def make(
    context: BuildContext, offer: Offer, provider: UvPython, way: Mapping[str, str]
) -> Installed | None:
    """A new layer; None where the Python that came isn't the one that was offered, or doesn't run.

    Raises UvFailed.
    """
    fresh_folder(context.layers_dir / NAME)
    home = folder(context)
    came = provider.install(offer)
    shutil.move(came, home)
    _rewrite(home, str(came))
    _leave_out(home)
    program = _program(context, offer.version.text)
    interpreter = _running(program)
    if interpreter is None or interpreter.version != offer.version.text:
        return None
    compile_tree(home / "lib", program)
    metadata = {
        "version": interpreter.version,
        "implementation": interpreter.implementation,
        "libc": f"{interpreter.libc} {interpreter.libc_version}",
        "way": dict(way),
    }
    return Installed(interpreter, Layer(NAME, Types(launch=True, cache=True), metadata))


def way_of_installing(context: BuildContext, uv_version: str, list_address: str) -> dict[str, str]:
    """What else decides the layer's content, besides the version: by names, as digests.

    ``list_address`` says where the list of downloads comes from, without credentials.
    """
    source = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    address = hashlib.sha256(list_address.encode()).hexdigest()
    return {
        "uv": uv_version,
        "the way of installing Python": f"sha256:{source}",
        "UV_PYTHON_DOWNLOADS_JSON_URL": f"sha256:{address}",
        "the target": f"{context.target.os}/{context.target.arch}",
    }


def answer(context: BuildContext, version: str) -> tuple[str, ...]:
    """What the Python of the layer says of itself, or why it says nothing."""
    try:
        return (f"It says that it is Python {describe(_program(context, version)).version}",)
    except subprocess.CalledProcessError as error:
        return tuple(str(error.stderr).strip().splitlines()) or (str(error),)
    except (OSError, ValueError) as error:
        return (str(error),)


def _program(context: BuildContext, version: str) -> Path:
    minor = ".".join(version.split(".")[:2])
    return folder(context) / "bin" / f"python{minor}"


def _running(program: Path) -> Interpreter | None:
    if not program.is_file():
        return None
    try:
        return describe(program)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def _rewrite(home: Path, before: str) -> None:
    """Put the place where it lies for that where uv installed it: sysconfig tells it to compilers.

    uv names the folder of the minor version too, a link to that of the version.
    """
    version = re.escape(before.rpartition("/")[0].encode()) + rb"/cpython-[^/\s'\":]+"
    for path in _files(home):
        if path.stat().st_size <= BIGGEST_TEXT:
            content = path.read_bytes()
            changed = re.sub(version, os.fsencode(home), content)
            if changed != content and b"\0" not in content:
                path.write_bytes(changed)


def _leave_out(home: Path) -> None:
    for pattern in LEFT_OUT:
        for path in list(home.glob(pattern)):
            _remove(path)
    for path in list(home.rglob("__pycache__")):
        _remove(path)  # with dates, and maybe for another place
    if not any(b"libpython3" in path.read_bytes() for path in _loaded(home)):
        for path in list(home.glob(LIBRARY)):
            _remove(path)


def _loaded(home: Path) -> Iterator[Path]:
    """The program and the modules that it loads."""
    yield from home.glob("lib/python3*/lib-dynload/*.so")
    yield from (path for path in home.glob("bin/python3.*[0-9]") if not path.is_symlink())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
