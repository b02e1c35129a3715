"""Runs each patch's tests twice: with the series up to the patch before it, where they must
fail, and with the series up to it, where they must pass.

A series has an order: leaving one patch out of its middle would leave the later ones
without the lines that they were read against. So a patch is judged on those before it.
The engine's folder is copied with the patches of one state only, and pytest runs there.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import heading, patching
from .failure import EngineError

SECONDS = 300
"""How long the tests of one patch may run."""

_PASSED, _FAILED = 0, 1
"""pytest's exit codes; all others mean that it ran no test, or broke off."""


@dataclass(frozen=True)
class Verdict:
    """``problems`` in words, none where the patch's tests tell it from its absence."""

    patch: str
    tests: tuple[str, ...]
    problems: tuple[str, ...]


def verdicts(engine: Path, numbers: Iterable[int], jobs: int) -> Iterator[Verdict]:
    """The verdict on each patch of ``numbers``, in order; ``jobs`` patches at a time.

    Raises EngineError for a number without a patch, or a test that pytest doesn't find.
    """
    files = patching.series(engine / "patches")
    wanted = list(numbers) or list(range(1, len(files) + 1))
    if strange := [number for number in wanted if not 1 <= number <= len(files)]:
        raise EngineError(f"there is no patch {strange[0]}: the series has {len(files)}")
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda number: _verdict(engine, files, number), wanted)


def _verdict(engine: Path, files: list[Path], number: int) -> Verdict:
    file = files[number - 1]
    tests = heading.parse(heading.of_patch(file.read_bytes())).tests
    with tempfile.TemporaryDirectory(prefix="flaskpack-series-") as scratch:
        root = Path(scratch)
        _copy(engine, root, files[: number - 1])
        # Each by itself, and only to its first failure: a test of an engine that doesn't
        # answer waits long for each of its cases.
        passes = [test for test in tests if _run(root, file, "--exitfirst", test) == _PASSED]
        shutil.copy2(file, root / "engine" / "patches")
        fails = _run(root, file, *tests) != _PASSED
    problems = [f"{test} passes without it" for test in passes]
    problems += ["its tests fail with the series up to it"] if fails else []
    return Verdict(file.name, tests, tuple(problems))


def _copy(engine: Path, root: Path, files: list[Path]) -> None:
    ignored = shutil.ignore_patterns("patches", "__pycache__", ".*_cache")
    shutil.copytree(engine, root / "engine", ignore=ignored)
    shutil.copy2(engine.parent / "pyproject.toml", root)
    (root / "engine" / "patches").mkdir()
    for file in files:
        shutil.copy2(file, root / "engine" / "patches")


def _run(root: Path, file: Path, *arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    try:
        run = subprocess.run(
            command,
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _FAILED
    if run.returncode not in (_PASSED, _FAILED):
        said = [line for line in run.stdout.splitlines() if line.startswith("ERROR: ")]
        raise EngineError(f"{file.name}: pytest ran no test: {'; '.join(said)}")
    return run.returncode
