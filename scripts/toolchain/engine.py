"""The engine's wheels, built by engine/build.py: one for each Python, machine and C library."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import cache, headers, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.headers import Headers
from scripts.toolchain.site import Site

Target = tuple[str, str]
"""A machine and a C library, as engine/build.py names them."""

TARGETS: tuple[Target, ...] = (
    ("x86_64", "glibc"),
    ("x86_64", "musl"),
    ("aarch64", "glibc"),
    ("aarch64", "musl"),
)

PACKAGED = TARGETS[:2]
"""Those of the machine that the buildpack is packaged for."""


@dataclass(frozen=True)
class Wheels:
    """``built`` in the order of Pythons and targets; ``missing``: a line for each gap."""

    built: tuple[Path, ...]
    missing: tuple[str, ...]

    @property
    def version(self) -> str:
        """``1.0.2+flaskpack.1`` out of the files' names."""
        return version(self.built[0])


def ready(site: Site, python: Path, found: Headers, targets: Sequence[Target]) -> Wheels:
    """Builds the wheels that can be built here, and says in one line which cannot.

    Raises SetupError where Debian's own headers don't give one.
    """
    built: list[Path] = []
    missing = [f"Python 3.{minor} ({why})" for minor, why in sorted(found.missing.items())]
    for minor, folders in sorted(found.folders.items()):
        try:
            built += [one(site, python, minor, folders, target) for target in targets]
        except SetupError as problem:
            if minor in headers.SUITES:
                raise
            missing.append(f"Python 3.{minor} ({problem})")
    if missing:
        say.line(f"Engine: no wheel of meinheld for {'; '.join(missing)}")
    return Wheels(tuple(built), tuple(missing))


def one(site: Site, python: Path, minor: int, folders: tuple[Path, ...], target: Target) -> Path:
    """The wheel for Python 3.``minor`` on ``target``."""
    arch, libc = target
    # Debian's pyconfig.h stands elsewhere, and changes with patchlevel.h only.
    key = cache.key_of(*_sources(site), folders[0])

    def fill(to: Path) -> None:
        with say.step(f"Engine: building meinheld for Python 3.{minor}, {arch}, {libc}"):
            build(site, python, folders, target, to)

    kind = f"engine-wheels/3.{minor}-{arch}-{libc}"
    return next(cache.entry(site.cache, kind, key, fill).glob("*.whl"))


def build(site: Site, python: Path, folders: tuple[Path, ...], target: Target, to: Path) -> None:
    """Has engine/build.py put a wheel into ``to``."""
    arch, libc = target
    include = ":".join(map(str, folders))
    shell.do(
        [
            *(python, site.repository / "engine" / "build.py", "--out", to),
            *("--python-include", include, "--arch", arch, "--libc", libc),
        ],
        log=site.log("engine"),
        failure="engine/build.py could not build the wheel",
        remedy="The log says why; it needs the package index for meinheld's source",
        env=site.env | {"FLASKPACK_CACHE": str(site.cache)},
    )


def _sources(site: Site) -> list[str | Path]:
    """What a wheel is made from, with names: the command, its modules, the patches, the pins."""
    source = site.repository / "engine"
    inputs = [
        path
        for path in cache.files_in(source)
        if "tests" not in path.parts and path.suffix != ".md"
    ]
    return [*(path.relative_to(source).as_posix() for path in inputs), *inputs]


def version(wheel: Path) -> str:
    """``1.0.2+flaskpack.1`` out of the file's name."""
    return wheel.name.split("-")[1]
