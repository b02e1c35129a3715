"""Bytecode that we make ourselves: of the app's own modules and of the launch programs.

The app's is checked-hash (PEP 552): image layers carry the date of 1980, so a timestamp
would be stale, and a source that is mounted over the image must still be noticed. Nobody
edits the launch programs: theirs is unchecked.
"""

import os
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

MOST = 150
"""More modules than this aren't compiled. A module costs every build about a millisecond, and a
start about half of one, if it is imported at all (benchmarks/build: the buildpack's own work)."""

LARGEST = 1_000_000
"""Bytes; larger modules, which hold data, aren't compiled: 5 MB cost 9 s and 1.9 GB each time."""

FOREIGN = frozenset({"node_modules", "__pycache__", "site-packages"})

CHECKED, UNCHECKED = 0b11, 0b01
"""Flags of PEP 552: by the source's hash, and whether it is compared when the module is loaded."""

COMPILER = Path(__file__).with_name("compile_modules.py")


def compile_app(app_dir: Path, python: Path) -> int | None:
    """Compile the app's modules; how many, or None where there are too many.

    A file with a syntax error is left to the interpreter: it may never be imported.
    """
    modules = list(islice(_modules(str(app_dir)), MOST + 1))
    if len(modules) > MOST:
        return None
    _compile(python, CHECKED, modules)
    return len(modules)


def compile_tree(folder: Path, python: Path) -> None:
    """Compile all that is below a folder of ours."""
    _compile(python, UNCHECKED, list(_modules(str(folder))))


def _compile(python: Path, flags: int, modules: list[str]) -> None:
    if not modules:
        return
    subprocess.run(
        [str(python), "-I", "-S", "-B", "-W", "ignore", str(COMPILER), str(flags)],
        input=b"".join(os.fsencode(path) + b"\0" for path in modules),
        env={"LANG": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _modules(folder: str) -> Iterator[str]:
    """Python files below a folder that are to be compiled; links aren't followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            # Path.exists raises in a closed folder before Python 3.12.
            if entry.name not in FOREIGN and not os.path.exists(f"{entry.path}/pyvenv.cfg"):  # noqa: PTH110
                yield from _modules(entry.path)
        elif entry.name.endswith(".py") and _is_compilable(entry):
            yield entry.path


def _is_compilable(entry: os.DirEntry[str]) -> bool:
    is_file = entry.is_file(follow_symlinks=False)
    return is_file and entry.stat(follow_symlinks=False).st_size <= LARGEST
