"""Builds the engine's wheel and prints its path as the last line of stdout.

    python engine/build.py --python-include DIR[:DIR] --out DIR [--arch x86_64]

Runs on Python 3.11 or newer with pip and ziglang (engine/requirements.txt). Needs the
headers of the Python to build for, not that Python.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from maker import compiler, elf, patching, sdist
from maker.failure import EngineError
from maker.wheel import Wheel, archive, contents

HERE = Path(__file__).resolve().parent

REVISION = 1
"""Counts our releases of the same upstream version: the N of 1.0.2+flaskpack.N."""


def build(include: tuple[Path, ...], arch: str, out: Path, cache: Path) -> Path:
    """Builds one wheel into ``out`` and gives its path."""
    headers = compiler.read_headers(include)
    pin = sdist.parse_pin((HERE / "sdist.txt").read_text(encoding="utf-8"))
    wheel = Wheel(f"{pin.version}+flaskpack.{REVISION}", headers.minor, arch)
    source = sdist.fetch(pin, cache)
    with tempfile.TemporaryDirectory(prefix="flaskpack-engine-") as scratch:
        tree = sdist.unpack(source, Path(scratch))
        patching.apply_series(HERE / "patches", tree)
        module = Path(scratch) / "server.so"
        compiler.compile_module(tree, headers, arch, module, cache)
        compiled = module.read_bytes()
        elf.check_module(compiled, "PyInit_server")
        made = archive(wheel, contents(wheel, tree, compiled))
    out.mkdir(parents=True, exist_ok=True)
    path = out / wheel.file_name
    path.write_bytes(made)
    return path


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Builds the engine's wheel.")
    parser.add_argument("--python-include", required=True, metavar="DIR[:DIR]")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--arch", default="x86_64", choices=["x86_64", "aarch64"])
    given = parser.parse_args(arguments)
    include = tuple(Path(part).resolve() for part in given.python_include.split(":"))
    try:
        path = build(include, given.arch, given.out, cache_folder())
    except EngineError as problem:
        print(f"engine: {problem}", file=sys.stderr)
        return 1
    print(path)
    return 0


def cache_folder() -> Path:
    """Where this project keeps what it downloaded and made."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("FLASKPACK_CACHE") or Path(home) / "flaskpack") / "engine"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
