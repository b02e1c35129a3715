"""Pythons of other versions that this machine happens to have; none is installed."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.toolchain import shell

_ASK = "import sys, sysconfig; print('%d.%d' % sys.version_info[:2], sysconfig.get_path('include'))"


def include(minor: int, tools: Path, environ: Mapping[str, str]) -> Path | None:
    """The header folder of the first CPython 3.``minor`` here; ``tools`` is where uv is."""
    found = (_include(python, minor) for python in candidates(minor, tools, environ))
    return next((folder for folder in found if folder is not None), None)


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


def _include(python: Path, minor: int) -> Path | None:
    """The folder of its Python.h; None where it isn't what its name says, or has none."""
    version, _, folder = (shell.ask([python, "-I", "-c", _ASK]) or "").partition(" ")
    found = Path(folder)
    return found if version == f"3.{minor}" and (found / "Python.h").is_file() else None
