"""The headers of every Python that the engine is built for.

Those of a Debian package are taken where a suite has one. The engine uses nothing of them that
changes between releases of one minor version: wheels from the headers of 3.13.0 and of 3.13.5
are the same byte for byte. So a mirror that moves on changes no wheel.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from scripts.toolchain import cache, debs, pythons, say
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site

MINORS = range(9, 15)
"""The X of each Python 3.X."""

SUITES = {9: "bullseye", 11: "bookworm", 13: "trixie", 14: "forky"}
"""The others were in no Debian release."""


@dataclass(frozen=True)
class Headers:
    """``folders`` as engine/build.py takes them, and why others are ``missing``, by minor."""

    folders: dict[int, tuple[Path, ...]] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)


def ready(site: Site, tools: Path) -> Headers:
    """What can be had here; ``tools`` is the folder of the programs we installed."""
    found = Headers()
    for minor in MINORS:
        try:
            found.folders[minor] = of_python(site, minor, tools)
        except SetupError as problem:
            found.missing[minor] = str(problem)
    return found


def of_python(site: Site, minor: int, tools: Path) -> tuple[Path, ...]:
    """Debian's, else those of an interpreter; raises SetupError where there is neither."""
    problem = SetupError(
        f"No Debian release has Python 3.{minor}, nor has this machine",
        f"To get it: uv python install 3.{minor}",
    )
    if minor in SUITES:
        try:
            return of_suite(site, minor, SUITES[minor])
        except SetupError as fetching:
            problem = fetching
    python = pythons.find(minor, tools, site.env)
    if python is None:
        raise problem
    # A distribution's pyconfig.h may stand beside it.
    return python.include, python.include.parent


def of_suite(site: Site, minor: int, suite: str) -> tuple[Path, ...]:
    package = f"libpython3.{minor}-dev"

    def fill(to: Path) -> None:
        with say.step(f"Headers of Python 3.{minor}: unpacking {package} of {suite}"):
            debs.unpack(site, suite, [package], to)
            # Python's library for programs that embed it is ten times as large.
            shutil.rmtree(to / "usr" / "lib")

    key = cache.key_of(package, suite)
    place = cache.entry(site.cache, f"headers/3.{minor}", key, fill) / "usr" / "include"
    # pyconfig.h includes its other half by a path that begins with the architecture.
    return place / f"python3.{minor}", place
