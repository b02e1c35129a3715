"""Builds the engine's wheel and prints its path as the last line of stdout.

    python engine/build.py --python-include DIR[:DIR] --out DIR [--arch ARCH] [--libc LIBC]

Runs on Python 3.11 or newer with pip and what engine/requirements.txt names. Needs the
headers of the Python to build for, not that Python.
"""

import argparse
import sys
from pathlib import Path

from maker.failure import EngineError
from maker.recipe import build
from maker.target import ARCHES, LIBCS, Target


def main(arguments: list[str]) -> int:
    """0 and the wheel's path on stdout, or 1 and one line on stderr."""
    parser = argparse.ArgumentParser(description="Builds the engine's wheel.")
    parser.add_argument("--python-include", required=True, metavar="DIR[:DIR]")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--arch", default="x86_64", choices=ARCHES)
    parser.add_argument("--libc", default="glibc", choices=LIBCS)
    given = parser.parse_args(arguments)
    include = tuple(Path(part).resolve() for part in given.python_include.split(":"))
    try:
        path = build(include, Target(given.arch, given.libc), given.out)
    except EngineError as problem:
        print(f"engine: {problem}", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
