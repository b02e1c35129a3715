"""The contenders: how each is built from nothing, built again, and started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.build.apps import GUNICORN
from benchmarks.build.floor import MOUNTED
from benchmarks.build.rows import FLASKPACK, FLOOR
from scripts.toolchain import building
from scripts.toolchain.setup import Toolchain

DOCKERFILES = Path(__file__).parent / "dockerfiles"

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY")
"""What pack hands to a build by itself, and docker build when it is told to."""

WORKERS = 4
"""As the Dockerfiles say: the same number on all sides, whatever the machine."""


@dataclass(frozen=True)
class Contender:
    """``build`` is the command for every build, ``from_nothing`` what a first one adds.

    ``otherwise`` is the command that builds with the other Python. ``port`` is where its
    container answers, 0 where it has no app to start.
    """

    key: str
    image: str
    app: Path
    build: tuple[str, ...]
    otherwise: tuple[str, ...] = ()
    from_nothing: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None
    port: int = 0

    def run_options(self) -> list[str]:
        """Options of ``docker run``."""
        pairs = (f"{name}={value}" for name, value in (self.env or {}).items())
        return [part for pair in pairs for part in ("--env", pair)]


def flaskpack(
    tools: Toolchain, image: str, app: Path, builder: str, other: tuple[str, str]
) -> Contender:
    """``other`` is the builder with the other Python, and which one that is.

    An app keeps its Python until it is told otherwise.
    """
    ours = packed(tools, FLASKPACK, image, app, builder)
    other_builder, python = other
    moved = packed(tools, FLASKPACK, image, app, other_builder).build
    return replace(
        ours,
        otherwise=(*moved, "--env", f"BP_PYTHON_VERSION={python}"),
        port=80,
        env={"WEB_CONCURRENCY": str(WORKERS)},
    )


def floor(tools: Toolchain, image: str, app: Path, builder: str, layers: Path) -> Contender:
    """Its builder's buildpack does nothing but declare layers; ``layers`` are what they hold."""
    lowest = packed(tools, FLOOR, image, app, builder)
    return replace(lowest, build=(*lowest.build, "--volume", f"{layers}:{MOUNTED}:ro"))


def packed(tools: Toolchain, key: str, image: str, app: Path, builder: str) -> Contender:
    """What pack builds, with caches of its own."""
    volumes = (f"{image}-build", f"{image}-launch")
    caches = (f"type={name.rpartition('-')[2]};format=volume;name={name}" for name in volumes)
    command = building.command(tools.pack, image, app, builder, tools.certificates, tools.site.env)
    command += [part for cache in caches for part in ("--cache", cache)]
    return Contender(key, image, app, tuple(command), volumes=volumes)


def dockerfile(
    key: str, image: str, app: Path, recipe: str, bases: Sequence[str], environ: Mapping[str, str]
) -> Contender:
    """``recipe`` is the Dockerfile's name, ``bases`` are for the one Python and the other."""

    def command(base: str) -> tuple[str, ...]:
        arguments = [f"BASE={base}", f"GUNICORN={GUNICORN}", *proxies(environ)]
        return (
            *("docker", "build", "--tag", image, "--file", str(DOCKERFILES / recipe)),
            *(part for argument in arguments for part in ("--build-arg", argument)),
            str(app),
        )

    build, otherwise = map(command, bases)
    return Contender(key, image, app, build, otherwise, ("--no-cache",), port=8000)


def proxies(environ: Mapping[str, str]) -> list[str]:
    """Names of the set ones: docker takes their values from its own environment."""
    return [name for name in environ if name.upper() in PROXIES and environ[name]]
