"""Bytecode that we make ourselves: of the app's modules, of packages, of programs of ours.

The app's is checked-hash (PEP 552): image layers carry the date of 1980, so a timestamp
would be stale, and a source that is mounted over the image must still be noticed. Nobody
edits packages and our programs: theirs is unchecked.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path

from buildpack.compile_modules import bucket_of

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


def compiling_app(
    python: Path, modules: Sequence[str], known: Path | None
) -> AbstractContextManager[None]:
    """Compile the app's modules while the block runs; all is done when it ends.

    ``known`` is the folder of what the last build compiled, which is renewed; None for few modules.
    A file with a syntax error is left to the interpreter: it may never be imported.
    """
    return _compiling(python, CHECKED, [modules], known)


def modules_of_packages(site_packages: Path) -> list[str]:
    """The modules of installed packages, without their own tests.

    These are never run here: a tenth of pandas and scipy would be their bytecode.
    """
    found: list[str] = []
    for folder, folders, files in os.walk(site_packages):
        folders[:] = sorted(set(folders) - {"__pycache__", "tests"})
        found += [f"{folder}/{file}" for file in sorted(files) if file.endswith(".py")]
    return found


def compiling_packages(python: Path, modules: Sequence[str]) -> AbstractContextManager[None]:
    """Compile modules of packages while the block runs, on every core."""
    return _compiling(python, UNCHECKED, _shares(modules))


def compile_tree(folder: Path, python: Path) -> None:
    """Compile all that is below a folder of ours."""
    with _compiling(python, UNCHECKED, _shares(list(_modules(str(folder))))):
        pass


@contextmanager
def _compiling(
    python: Path, flags: int, shares: Sequence[Sequence[str]], known: Path | None = None
) -> Iterator[None]:
    """One process for each share of the modules."""
    if known:
        _forget_unused(known, shares)
    with ExitStack() as stack:
        processes = []
        for share in shares:
            if share:
                processes.append(stack.enter_context(_start(python, flags, share, known)))
        try:
            yield
        except BaseException:
            for process in processes:
                process.kill()
            raise


def _forget_unused(known: Path, shares: Sequence[Sequence[str]]) -> None:
    """Delete the files of buckets that have no module any more: no process looks at them."""
    used = {str(bucket_of(os.fsencode(module))) for share in shares for module in share}
    for file in known.iterdir():
        if file.name not in used:
            with suppress(OSError):  # what is kept is no reason to fail
                file.unlink()


def _shares(modules: Sequence[str]) -> list[Sequence[str]]:
    """The modules for each core, large and small ones mixed; a few don't pay for a process."""
    number = min(len(os.sched_getaffinity(0)), 1 + len(modules) // 50)
    return [modules[start::number] for start in range(number)]


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
