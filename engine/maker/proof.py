"""Runs each patch's tests twice: on the series up to the patch before it, where they must
fail, and on the series up to it, where they must pass.

A series has an order: leaving one patch out of its middle would leave the later ones
without the lines that they were read against. So a patch is judged on those before it.
For each state the engine's folder is copied with the patches of that state, and pytest
runs there; what it makes is thrown away with the copy.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import heading, patching, recipe
from .failure import EngineError

SECONDS = 300
"""How long one patch's tests may run; a test that takes longer has failed."""

_PASSED, _FAILED = 0, 1
"""pytest's exit codes; all others mean that it ran no test, or broke off."""


@dataclass(frozen=True)
class Verdict:
    """``problems`` in words, none where the patch's tests tell it from its absence."""

    patch: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _State:
    """A number of patches: which tests of the next one pass, and whether those of its last do."""

    passing: tuple[str, ...]
    whole: bool


def verdicts(engine: Path, numbers: Collection[int], jobs: int) -> Iterator[Verdict]:
    """The verdict on each patch of ``numbers`` (all without any), in order.

    ``jobs`` states are made and asked at a time. Raises EngineError for a number without a
    patch, a test that pytest doesn't find, or where pytest itself is missing.
    """
    if importlib.util.find_spec("pytest") is None:
        raise EngineError(f"{sys.executable} has no pytest: use the Python that runs the tests")
    files = patching.series(engine / "patches")
    if strange := [number for number in numbers if not 1 <= number <= len(files)]:
        raise EngineError(f"there is no patch {strange[0]}: the series has {len(files)}")
    wanted = sorted(numbers) or list(range(1, len(files) + 1))
    counts = sorted({count for number in wanted for count in (number - 1, number)})
    pool = ThreadPoolExecutor(jobs)
    try:
        states = {count: pool.submit(_ask, engine, files, count, wanted) for count in counts}
        for number in wanted:
            before, after = states[number - 1].result(), states[number].result()
            yield Verdict(files[number - 1].name, _problems(before, after))
    finally:
        pool.shutdown(cancel_futures=True)


def _problems(before: _State, after: _State) -> tuple[str, ...]:
    problems = [f"{test} passes without it" for test in before.passing]
    return (*problems, *([] if after.whole else ["its tests fail with the series up to it"]))


def _ask(engine: Path, files: list[Path], count: int, wanted: Collection[int]) -> _State:
    with tempfile.TemporaryDirectory(prefix="flaskpack-series-") as scratch:
        root = Path(scratch)
        _copy(engine, root, files[:count])
        # Each by itself, and only to its first failure: a test of an engine that doesn't
        # answer waits long for each of its cases.
        passing = [
            test
            for test in (_tests(files[count]) if count + 1 in wanted else ())
            if _run(root, files[count], "--exitfirst", test) == _PASSED
        ]
        last = files[count - 1]
        whole = count not in wanted or _run(root, last, *_tests(last)) == _PASSED
    return _State(tuple(passing), whole)


def _tests(file: Path) -> tuple[str, ...]:
    return heading.parse(heading.of_patch(file.read_bytes())).tests


def _copy(engine: Path, root: Path, files: list[Path]) -> None:
    ignored = shutil.ignore_patterns("patches", "__pycache__", ".*_cache")
    shutil.copytree(engine, root / "engine", ignore=ignored)
    shutil.copy2(engine.parent / "pyproject.toml", root)
    (root / "engine" / "patches").mkdir()
    for file in files:
        shutil.copy2(file, root / "engine" / "patches")
    # Upstream's source and the compiler's cache are for all states, the rest is not.
    cache = root / "cache" / "engine"
    cache.mkdir(parents=True)
    for name in ("sdist", "zig"):
        (recipe.cache_folder() / name).mkdir(parents=True, exist_ok=True)
        (cache / name).symlink_to(recipe.cache_folder() / name)


def _run(root: Path, file: Path, *arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    with subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | {"FLASKPACK_CACHE": str(root / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return _FAILED
        finally:
            _end_group(process)
    if process.returncode not in (_PASSED, _FAILED):
        said = [line for line in output.splitlines() if line.startswith("ERROR: ")]
        raise EngineError(f"{file.name}: pytest ran no test: {'; '.join(said)}")
    return process.returncode


def _end_group(process: "subprocess.Popen[str]") -> None:
    """Ends the servers that the tests had started, too: some states have none that stops."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
