"""Pythons of other versions that this machine happens to have; none is installed."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import shell

_ASK = """\
import sys, sysconfig
print("%s%d.%d" % (sys.implementation.name, *sys.version_info[:2]), sysconfig.get_path("include"))
"""


@dataclass(frozen=True)
class Python:
    """A CPython: its program, and the folder of its Python.h."""

    program: Path
    include: Path


def find(minor: int, tools: Path, environ: Mapping[str, str]) -> Python | None:
    """The first CPython 3.``minor`` here that has its headers; ``tools`` is where uv is."""
    for program in candidates(minor, tools, environ):
        version, _, folder = (shell.ask([program, "-I", "-c", _ASK]) or "").partition(" ")
        # A program may be called python3.10 and be something else, or only say where one is.
        if version == f"cpython3.{minor}" and (Path(folder) / "Python.h").is_file():
            return Python(program, Path(folder))
    return None


def candidates(minor: int, tools: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Where one may be: on PATH, among those of uv, among those of pyenv."""
    name = f"python3.{minor}"
    if on_path := shutil.which(name, path=environ.get("PATH")):
        yield Path(on_path)
    options = ("--no-config", "--no-project", "--managed-python", "--no-python-downloads")
    if of_uv := shell.ask([tools / "uv", "python", "find", *options, f"3.{minor}"]):
        yield Path(of_uv)
    root = environ.get("PYENV_ROOT") or Path(environ.get("HOME", os.sep)) / ".pyenv"
    yield from sorted(Path(root).glob(f"versions/3.{minor}.*/bin/{name}"))
