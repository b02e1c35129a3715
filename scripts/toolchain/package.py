"""The buildpack as one self-contained folder: what a builder is made from."""

import json
import os
from pathlib import Path

from scripts.toolchain import cache, engine, say, vendor
from scripts.toolchain.errors import SetupError
from scripts.toolchain.pack import EPOCH
from scripts.toolchain.site import Site
from scripts.toolchain.vendor import Vendored

PARTS = ("LICENSE", "bin", "buildpack", "buildpack.toml", "layers")
"""All that goes in of this repository; tests, tools and notes stay out."""

Contents = dict[str, tuple[bytes, int]]
"""``{path: (content, mode)}``."""


def ready(site: Site, vendored: Vendored, wheel: Path) -> Path:
    """The folder, made again when anything in it has changed."""
    own = gather(site.repository)
    key = cache.key_of(
        *(part for path, (content, mode) in own.items() for part in (path, content, oct(mode))),
        str(vendored.folder),
        wheel.name,
        wheel,
        Path(__file__),
    )

    def fill(to: Path) -> None:
        with say.step("Buildpack: packaging it"):
            write(own | carried(vendored, wheel), to / "flaskpack")

    return cache.entry(site.cache, "buildpack", key, fill) / "flaskpack"


def gather(repository: Path) -> Contents:
    """This repository's part, without bytecode and hidden files."""
    found = {}
    for part in PARTS:
        place = repository / part
        if not place.exists():
            raise SetupError(f"{part} is missing in {repository}", "Take a whole checkout")
        for path in cache.files_in(place) if place.is_dir() else [place]:
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            found[path.relative_to(repository).as_posix()] = (path.read_bytes(), mode)
    return found


def carried(vendored: Vendored, wheel: Path) -> Contents:
    """The other part: everything that the buildpack brings along, below ``vendor/``."""
    versions = {"uv": vendored.versions["uv"], "engine": engine.version(wheel)}
    below = vendor.contents(vendored) | {
        f"wheels/{wheel.name}": (wheel.read_bytes(), 0o644),
        "versions.json": ((json.dumps(versions, indent=2) + "\n").encode(), 0o644),
    }
    return {f"vendor/{path}": content for path, content in below.items()}


def write(contents: Contents, top: Path) -> None:
    """Writes the folder with fixed modes and dates: equal contents are equal layers."""
    for name, (content, mode) in sorted(contents.items()):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
        os.utime(path, (EPOCH, EPOCH))
    for folder in [top, *(path for path in top.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
        os.utime(folder, (EPOCH, EPOCH))
