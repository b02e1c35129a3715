"""The packaged interpreter: a static CPython that the buildpack runs on, whatever the builder is.

CPython's source is that of Debian 13, with its security patches.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import cache, debs, machine, pack, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.images import TRIXIE, Base
from scripts.toolchain.site import Site

SOURCE = f"python{TRIXIE.python}"
"""Debian's source package."""

ZLIB = "zlib"
"""Another one, of which the tarball is enough: Debian's patches are to parts that we don't use."""


@dataclass(frozen=True)
class Interpreter:
    """The program, its library and licences in ``folder``; ``version`` is Debian's."""

    folder: Path
    version: str

    @property
    def program(self) -> Path:
        return self.folder / "python"


def ready(site: Site, python: Path, base: Base, renew: bool = False) -> Interpreter:
    """Makes it in a container of the build image ``base`` with zig, which ``python`` has.

    ``renew`` asks Debian for a newer source first.
    """
    recipe = site.recipes / "interpreter"
    source = _source(site, renew)
    zig = site.repository / "engine" / "requirements.txt"
    key = cache.key_of(recipe, description(source), zlib(source).name, zig)

    def fill(to: Path) -> None:
        with say.step(f"Interpreter: compiling {SOURCE} {version(source)} for the buildpack"):
            _compile(site, base, source, compiler(python), to)

    return Interpreter(cache.entry(site.cache, "interpreter", key, fill), version(source))


def _source(site: Site, renew: bool) -> Path:
    """The folder with Debian's sources as they were downloaded."""

    def fill(to: Path) -> None:
        with say.step(f"Interpreter: downloading the sources of {SOURCE} and {ZLIB}"):
            packages = ([SOURCE], ["--tar-only", ZLIB])
            debs.sources(site, TRIXIE.release, packages, to)

    key = cache.key_of(SOURCE, ZLIB, TRIXIE.release)
    if renew:
        cache.forget(site.cache, "source", key)
    return cache.entry(site.cache, "source", key, fill)


def description(source: Path) -> Path:
    """The .dsc file of CPython's source package, which holds the digests of the others."""
    return _one(source, f"{SOURCE}_*.dsc")


def zlib(source: Path) -> Path:
    """Its tarball."""
    return _one(source, f"{ZLIB}_*.orig.tar.*")


def _one(source: Path, pattern: str) -> Path:
    found = list(source.glob(pattern))
    if len(found) != 1:
        raise SetupError(f"{source} should hold one {pattern}", f"Delete {source}")
    return found[0]


def version(source: Path) -> str:
    """As in "3.13.5-2+deb13u5": CPython's version and Debian's revision."""
    return description(source).stem.partition("_")[2]


def compiler(python: Path) -> Path:
    """The folder of zig, which is a package of ``python``."""
    where = "import pathlib, ziglang; print(pathlib.Path(ziglang.__file__).parent)"
    found = shell.ask([python, "-c", where])
    if not found:
        raise SetupError(f"{python} has no ziglang", "requirements-dev.txt should list it")
    return Path(found)


def _compile(site: Site, base: Base, source: Path, zig: Path, to: Path) -> None:
    machine.need_dpkg_source(site)
    with tempfile.TemporaryDirectory(dir=site.cache, prefix="interpreter-") as scratch:
        trees = Path(scratch)
        (trees / ZLIB).mkdir()
        commands: tuple[shell.Command, ...] = (
            # apt checked all of it when it was downloaded.
            ["dpkg-source", "--no-check", "--extract", description(source), trees / "python"],
            ["tar", "-xf", zlib(source), "-C", trees / ZLIB, "--strip-components=1"],
        )
        for command in commands:
            shell.do(
                command,
                log=site.log("interpreter-sources"),
                failure="The interpreter's sources could not be unpacked",
                remedy=f"Delete {source}",
            )
        recipe = site.recipes / "interpreter"
        places = {trees: "/src:ro", zig: "/zig:ro", recipe: "/recipe:ro", to: "/out"}
        volumes = [part for at, there in places.items() for part in ("--volume", f"{at}:{there}")]
        shell.do(
            [
                *("docker", "run", "--rm", "--user", "0", *volumes),
                *("--env", f"SOURCE_DATE_EPOCH={pack.EPOCH}", base.name, "/recipe/build"),
            ],
            log=site.log("interpreter"),
            failure=f"{SOURCE} could not be compiled",
            remedy="The log says why",
        )


def contents(made: Interpreter) -> dict[str, tuple[bytes, int]]:
    """``{path below vendor/: (content, mode)}``."""
    found = {}
    for path in cache.files_in(made.folder):
        name = path.relative_to(made.folder)
        if name.parts[0] == "licenses":
            placed = f"licenses/{name.name}/LICENSE"
        else:
            placed = f"interpreter/{name.as_posix()}"
        found[placed] = (path.read_bytes(), 0o755 if path == made.program else 0o644)
    return found
