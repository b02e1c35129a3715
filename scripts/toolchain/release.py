"""scripts/package --release: all of the engine's wheels, or none."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from scripts.toolchain import cache, engine, headers, say
from scripts.toolchain.errors import SetupError
from scripts.toolchain.setup import Toolchain


def make(tools: Toolchain) -> Path:
    """The folder with the full set of wheels and their digests, each built twice.

    Raises SetupError where one is missing, or isn't the same the second time.
    """
    site = tools.site
    with cache.locked(site.cache):
        found = headers.ready(site, tools.python.parent)
        wheels = engine.ready(site, tools.python, found, engine.TARGETS)
    refuse_gaps(wheels.missing)
    with say.step(f"Engine: building {len(wheels.built)} wheels again from nothing, to compare"):
        again = _build_again(tools, found)
        refuse_differences(digests(wheels.built), again)
    folder = site.cache / "release" / wheels.version
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for wheel in wheels.built:
        shutil.copy(wheel, folder)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(again.items())]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return folder


def refuse_gaps(missing: Iterable[str]) -> None:
    """Raises SetupError with all that is missing."""
    if gaps := list(missing):
        raise SetupError(
            f"This is no release: wheels are missing for {'; '.join(gaps)}",
            "Install what is named, and run this again",
        )


def refuse_differences(once: dict[str, str], twice: dict[str, str]) -> None:
    """Raises SetupError with the names of wheels whose digests differ."""
    if different := sorted(name for name in once | twice if once.get(name) != twice.get(name)):
        raise SetupError(
            f"Built twice, these are not the same: {', '.join(different)}",
            "Look for what depends on a place, a time or an order in engine/maker",
        )


def digests(wheels: Iterable[Path]) -> dict[str, str]:
    """``{file name: sha256 in hex}``."""
    return {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}


def _build_again(tools: Toolchain, found: headers.Headers) -> dict[str, str]:
    """Digests of wheels built in another folder, by a copy of engine/, with empty caches."""
    with tempfile.TemporaryDirectory(prefix="flaskpack-release-") as scratch:
        place = Path(scratch)
        left_out = shutil.ignore_patterns("tests", "__pycache__")
        shutil.copytree(tools.site.repository / "engine", place / "engine", ignore=left_out)
        elsewhere = replace(tools.site, repository=place, cache=place / "cache")
        for folders in found.folders.values():
            for target in engine.TARGETS:
                engine.build(elsewhere, tools.python, folders, target, place / "wheels")
        return digests((place / "wheels").iterdir())
