"""The contenders: how each is built from nothing, built again, and started."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.build.floor import MOUNTED
from benchmarks.build.results import DOCKERFILE, FLASKPACK, FLOOR
from scripts.toolchain import building
from scripts.toolchain.setup import Toolchain

HERE = Path(__file__).parent

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY")
"""What pack hands to a build by itself, and docker build when it is told to."""

WORKERS = 4
"""As the Dockerfile says: the same number on all sides, whatever the machine."""


@dataclass(frozen=True)
class Contender:
    """``build`` is the command for every build, ``from_nothing`` what a first one adds.

    ``port`` is where its container answers, 0 where it has no app to start.
    """

    key: str
    image: str
    app: Path
    build: tuple[str, ...]
    from_nothing: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None
    port: int = 0

    def run_options(self) -> list[str]:
        """Options of ``docker run``."""
        pairs = (f"{name}={value}" for name, value in (self.env or {}).items())
        return [part for pair in pairs for part in ("--env", pair)]


def flaskpack(tools: Toolchain, image: str, app: Path, builder: str) -> Contender:
    settings = {"WEB_CONCURRENCY": str(WORKERS)}
    return _packed(tools, FLASKPACK, image, app, builder, port=80, env=settings)


def floor(tools: Toolchain, image: str, app: Path, builder: str, layers: Path) -> Contender:
    """Its builder's buildpack does nothing but declare layers; ``layers`` are what they hold."""
    packed = _packed(tools, FLOOR, image, app, builder, port=0, env={})
    return replace(packed, build=(*packed.build, "--volume", f"{layers}:{MOUNTED}:ro"))


def _packed(
    tools: Toolchain,
    key: str,
    image: str,
    app: Path,
    builder: str,
    port: int,
    env: Mapping[str, str],
) -> Contender:
    volumes = (f"{image}-build", f"{image}-launch")
    caches = (f"type={name.rpartition('-')[2]};format=volume;name={name}" for name in volumes)
    command = building.command(tools.pack, image, app, builder, tools.certificates)
    command += [part for cache in caches for part in ("--cache", cache)]
    return Contender(key, image, app, tuple(command), volumes=volumes, env=env, port=port)


def dockerfile(
    environ: Mapping[str, str], image: str, app: Path, base: str, gunicorn: str
) -> Contender:
    """``gunicorn`` is the version that the others installed."""
    arguments = [f"BASE={base}", f"GUNICORN={gunicorn}", *proxies(environ)]
    command = ["docker", "build", "--tag", image, "--file", str(HERE / "Dockerfile")]
    command += [part for argument in arguments for part in ("--build-arg", argument)]
    command.append(str(app))
    from_nothing = ("--no-cache",)
    return Contender(DOCKERFILE, image, app, tuple(command), from_nothing, port=8000)


def proxies(environ: Mapping[str, str]) -> list[str]:
    """Names of the set ones: docker takes their values from its own environment."""
    return [name for name in environ if name.upper() in PROXIES and environ[name]]
