"""The buildpack as one self-contained folder: what a builder is made from."""

import json
import os
from pathlib import Path

from scripts.toolchain import cache, interpreter, say, shell, vendor
from scripts.toolchain.engine import Wheels
from scripts.toolchain.errors import SetupError
from scripts.toolchain.interpreter import Interpreter
from scripts.toolchain.pack import EPOCH
from scripts.toolchain.site import Site
from scripts.toolchain.vendor import Vendored

PARTS = ("LICENSE", "bin", "buildpack", "buildpack.toml", "layers")
"""All that goes in of this repository; tests, tools and notes stay out."""

Contents = dict[str, tuple[bytes, int]]
"""``{path: (content, mode)}``."""


def ready(site: Site, vendored: Vendored, wheels: Wheels, runs_on: Interpreter) -> Path:
    """The folder, made again when anything in it has changed.

    It holds the interpreter that it ``runs_on``, and bytecode that this one has made, which
    would otherwise be made anew, and lost, in every build.
    """
    own = gather(site.repository)
    key = cache.key_of(
        *(part for path, (content, mode) in own.items() for part in (path, content, oct(mode))),
        str(vendored.folder),
        *(wheel.name for wheel in wheels.built),
        *wheels.built,
        str(runs_on.folder),
        Path(vendor.__file__),
        Path(__file__),
    )

    def fill(to: Path) -> None:
        with say.step("Buildpack: packaging it"):
            write(own | carried(vendored, wheels, runs_on), to / "flaskpack")
            compile_in(site, runs_on, to / "flaskpack")
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


def carried(vendored: Vendored, wheels: Wheels, runs_on: Interpreter) -> Contents:
    """The other part: everything that the buildpack brings along, below ``vendor/``."""
    versions = {
        "uv": vendored.versions["uv"],
        "engine": wheels.version,
        "interpreter": runs_on.version,
    }
    below = (
        vendor.contents(vendored)
        | interpreter.contents(runs_on)
        | {f"wheels/{wheel.name}": (wheel.read_bytes(), 0o644) for wheel in wheels.built}
        | {
            "versions.json": ((json.dumps(versions, indent=2) + "\n").encode(), 0o644),
        }
    )
    return {f"vendor/{path}": content for path, content in below.items()}


def write(contents: Contents, top: Path) -> None:
    """Writes the files with their modes."""
    for name, (content, mode) in sorted(contents.items()):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)


def compile_in(site: Site, runs_on: Interpreter, top: Path) -> None:
    """Bytecode of what runs at build time, valid whatever the files' dates."""
    # layers/web/launch is left out: it runs in the app's image, and is compiled there.
    folders = ["buildpack", "vendor/python"]
    recipes = sorted(
        str(path.relative_to(top))
        for path in top.glob("layers/**/*.py")
        if "launch" not in path.relative_to(top).parts
    )
    compileall = ["-I", "-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    shell.do(
        [runs_on.program, *compileall, *folders, *recipes],
        log=site.log("bytecode"),
        failure="The packaged interpreter could not compile the buildpack",
        remedy="The log says why",
        cwd=top,
    )


def settle(top: Path) -> None:
    """Fixed dates and folder modes: equal contents are equal layers."""
    for path in [top, *top.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (EPOCH, EPOCH))
