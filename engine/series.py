"""Opens the series of patches for work, writes it back, and checks what it claims.

    python engine/series.py open FOLDER         a git repository, one commit for each patch
    python engine/series.py write FOLDER        its commits become engine/patches
    python engine/series.py check [NUMBER ...]  each patch's tests fail without it, pass with it

Runs on Python 3.11 or newer with git; check needs what the engine's tests need.
"""

import argparse
import os
import sys
from pathlib import Path

from maker import proof, sdist, workfolder
from maker.failure import EngineError
from maker.recipe import ENGINE, cache_folder

PATCHES = ENGINE / "patches"


def main(arguments: list[str]) -> int:
    """0, or 1 and the reason in one line for each thing that is wrong."""
    parser = argparse.ArgumentParser(description="Works on the series of patches.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("open", "write"):
        commands.add_parser(name).add_argument("folder", type=Path)
    check = commands.add_parser("check")
    check.add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    check.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    try:
        if given.command == "open":
            return _open(given.folder)
        if given.command == "write":
            return _write(given.folder)
        return _check(given.numbers, given.jobs)
    except EngineError as problem:
        print(f"engine: {problem}", file=sys.stderr)
        return 1


def _open(folder: Path) -> int:
    pin = sdist.parse_pin((ENGINE / "sdist.txt").read_text(encoding="utf-8"))
    count = workfolder.open_series(PATCHES, sdist.fetch(pin, cache_folder()), folder)
    print(f"{folder}: {count} patches, a commit for each, on the tag {workfolder.BASE}")
    return 0


def _write(folder: Path) -> int:
    for name in workfolder.write_series(folder, PATCHES):
        print(name)
    return 0


def _check(numbers: list[int], jobs: int) -> int:
    wrong = 0
    for verdict in proof.verdicts(ENGINE, numbers, jobs):
        wrong += bool(verdict.problems)
        print(f"{verdict.patch}: {'; '.join(verdict.problems) or 'proven'}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
