"""The buildpack as one self-contained folder: what a builder is made from."""

import json
import os
from pathlib import Path

from scripts.toolchain import cache, engine, say, shell, vendor
from scripts.toolchain.errors import SetupError
from scripts.toolchain.images import Base
from scripts.toolchain.pack import EPOCH
from scripts.toolchain.site import Site
from scripts.toolchain.vendor import Vendored

PARTS = ("LICENSE", "bin", "buildpack", "buildpack.toml", "layers")
"""All that goes in of this repository; tests, tools and notes stay out."""

Contents = dict[str, tuple[bytes, int]]
"""``{path: (content, mode)}``."""


def ready(site: Site, vendored: Vendored, wheel: Path, compiler: Base) -> Path:
    """The folder, made again when anything in it has changed.

    ``compiler`` is the build image, whose Python runs the buildpack: it makes the bytecode,
    which would otherwise be made anew, and lost, in every build.
    """
    own = gather(site.repository)
    key = cache.key_of(
        *(part for path, (content, mode) in own.items() for part in (path, content, oct(mode))),
        str(vendored.folder),
        wheel.name,
        wheel,
        compiler.suite.python,
        Path(vendor.__file__),
        Path(__file__),
    )

    def fill(to: Path) -> None:
        with say.step("Buildpack: packaging it"):
            write(own | carried(vendored, wheel), to / "flaskpack")
            compile_in(site, compiler, to / "flaskpack")
            settle(to / "flaskpack")

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
    """Writes the files with their modes."""
    for name, (content, mode) in sorted(contents.items()):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)


def compile_in(site: Site, base: Base, top: Path) -> None:
    """Bytecode of what runs at build time, valid whatever the files' dates."""
    # layers/web/launch is left out: it runs in the app's image, and is compiled there.
    folders = ["buildpack", "vendor/python"]
    recipes = sorted(
        str(path.relative_to(top))
        for path in top.glob("layers/**/*.py")
        if "launch" not in path.relative_to(top).parts
    )
    compileall = [f"python{base.suite.python}", "-I", "-S", "-m", "compileall", "-q"]
    shell.do(
        [
            *("docker", "run", "--rm", "--user", "0", "--volume", f"{top}:/buildpack"),
            *("--workdir", "/buildpack", base.name, *compileall),
            *("--invalidation-mode", "unchecked-hash", *folders, *recipes),
        ],
        log=site.log("bytecode"),
        failure=f"{base.name} could not compile the buildpack",
        remedy="Look at the engine's log",
    )


def settle(top: Path) -> None:
    """Fixed dates and folder modes: equal contents are equal layers."""
    for path in [top, *top.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (EPOCH, EPOCH))
