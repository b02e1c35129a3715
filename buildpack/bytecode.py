"""Bytecode that we make ourselves: of the app's own modules and of the launch programs.

The app's is checked-hash (PEP 552): image layers carry the date of 1980, so a timestamp
would be stale, and a source that is mounted over the image must still be noticed. Nobody
edits the launch programs: theirs is unchecked.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

MOST = 2000
"""More modules than this aren't compiled: each costs every build about 0.1 ms where it is known
from the last one, and ten times as much where it isn't (benchmarks/build)."""

LARGEST = 1_000_000
"""Bytes; larger modules, which hold data, aren't compiled: 5 MB cost 9 s and 1.9 GB each time."""

FOREIGN = frozenset({"node_modules", "__pycache__", "site-packages"})

CHECKED, UNCHECKED = 0b11, 0b01
"""Flags of PEP 552: by the source's hash, and whether it is compared when the module is loaded."""

COMPILER = Path(__file__).with_name("compile_modules.py")


def modules_of(app_dir: Path) -> tuple[str, ...] | None:
    """The app's modules, None where there are too many."""
    modules = tuple(islice(_modules(str(app_dir)), MOST + 1))
    return modules if len(modules) <= MOST else None


@contextmanager
def compiling(python: Path, modules: Sequence[str], known: Path | None) -> Iterator[None]:
    """Compile the app's modules while the block runs; all is done when it ends.

    ``known`` is the file of what the last build compiled, which is renewed; None for few modules.
    A file with a syntax error is left to the interpreter: it may never be imported.
    """
    if not modules:
        yield
        return
    with _start(python, CHECKED, modules, known) as process:
        try:
            yield
        except BaseException:
            process.kill()
            raise


def compile_tree(folder: Path, python: Path) -> None:
    """Compile all that is below a folder of ours."""
    with _start(python, UNCHECKED, tuple(_modules(str(folder))), None):
        pass


def _start(
    python: Path, flags: int, modules: Sequence[str], known: Path | None
) -> "subprocess.Popen[bytes]":
    command = [str(python), "-I", "-S", "-B", "-W", "ignore", str(COMPILER), str(flags)]
    process = subprocess.Popen(
        [*command, *([str(known)] if known else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
    )
    assert process.stdin  # asked for above
    try:
        with process.stdin as names:
            names.write(b"".join(os.fsencode(path) + b"\0" for path in modules))
    except BrokenPipeError:  # it ended early: bytecode is no reason to fail
        pass
    return process


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
