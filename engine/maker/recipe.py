"""From source to wheel: the order of the steps, and where they keep things."""

import hashlib
import os
import tempfile
from pathlib import Path

from . import compiler, patching, promises, sbom, sdist
from .headers import read_headers, with_config
from .target import Target
from .wheel import Wheel, archive, contents

ENGINE = Path(__file__).resolve().parents[1]

REVISION = 1
"""Counts our releases of one upstream version: the N of 1.0.2+flaskpack.N."""


def build(include: tuple[Path, ...], target: Target, out: Path) -> Path:
    """Builds the wheel for the Python whose headers ``include`` holds, and gives its path.

    Raises EngineError for whatever stops it; nothing is left in ``out`` then.
    """
    headers = read_headers(include)
    pin = sdist.parse_pin((ENGINE / "sdist.txt").read_text(encoding="utf-8"))
    wheel = Wheel(f"{pin.version}+flaskpack.{REVISION}", headers.minor, target)
    source = sdist.fetch(pin, cache_folder())
    with tempfile.TemporaryDirectory(prefix="flaskpack-engine-") as scratch:
        tree = sdist.unpack(source, Path(scratch) / "source")
        patching.apply_series(ENGINE / "patches", tree)
        module = Path(scratch) / "server.so"
        headers = with_config(headers, target.arch, Path(scratch) / "include")
        compiler.compile_module(tree, headers, target, module, cache_folder())
        compiled = module.read_bytes()
        promises.check(compiled, target)
        told = sbom.document(wheel.version, pin, patching.series(ENGINE / "patches"))
        made = archive(wheel, contents(wheel, tree, compiled, told))
    out.mkdir(parents=True, exist_ok=True)
    path = out / wheel.file_name
    path.write_bytes(made)
    return path


def recipe_digest() -> str:
    """Changes whenever something in this repository that a wheel is made from does (hex)."""
    digest = hashlib.sha256()
    parts = [*ENGINE.glob("patches/*.patch"), *ENGINE.glob("maker/*.py")]
    parts += ENGINE.glob("licenses/*.txt")
    parts += [file for file in compiler.NATIVE.rglob("*") if file.is_file()]
    for file in sorted([*parts, ENGINE / "sdist.txt", ENGINE / "requirements.txt"]):
        digest.update(f"{file.relative_to(ENGINE)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Where this project keeps what it downloaded and made."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("FLASKPACK_CACHE") or Path(home) / "flaskpack") / "engine"
