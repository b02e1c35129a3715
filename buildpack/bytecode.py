"""Bytecode of the app's own modules, so that a container doesn't compile them at start.

Checked-hash (PEP 552): image layers carry the date of 1980, so a timestamp would be
stale, and a source that is mounted over the image must still be noticed.
"""

import os
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

MOST = 2000
"""More modules than this aren't compiled: it would cost seconds in every build."""

FOREIGN = frozenset({"node_modules", "__pycache__", "site-packages"})


def compile_app(app_dir: Path, python: Path) -> int | None:
    """Compile the app's modules; how many, or None where there are too many.

    A file with a syntax error is left to the interpreter: it may never be imported.
    """
    modules = list(islice(_modules(app_dir), MOST + 1))
    if len(modules) > MOST:
        return None
    if modules:
        compileall = [
            "-m",
            "compileall",
            "-qq",
            "-f",
            "--invalidation-mode",
            "checked-hash",
            "-i",
            "-",
        ]
        subprocess.run(
            [str(python), "-I", "-S", "-B", *compileall],
            input=b"".join(os.fsencode(path) + b"\n" for path in modules),
            cwd=app_dir,
            env={"LANG": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return len(modules)


def _modules(folder: Path) -> Iterator[Path]:
    """Python files below a folder, links not followed, other environments left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or "\n" in entry.name:
            continue
        if entry.is_dir(follow_symlinks=False):
            path = folder / entry.name
            if entry.name not in FOREIGN and not (path / "pyvenv.cfg").exists():
                yield from _modules(path)
        elif entry.name.endswith(".py") and entry.is_file(follow_symlinks=False):
            yield folder / entry.name
