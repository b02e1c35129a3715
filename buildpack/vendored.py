"""What the packaged buildpack brings along: uv, wheels of gunicorn and the engine."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from buildpack.errors.platform import NotPackaged
from buildpack.interpreter import Interpreter
from buildpack.machines import machine_of

ENGINE_WHEEL = re.compile(
    r"meinheld-(?P<version>[^-]+)-(?P<python>[^-]+)-(?P<abi>[^-]+)-(?P<platforms>[^-]+)\.whl"
)
MANYLINUX = re.compile(r"manylinux_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)")
MUSLLINUX = re.compile(r"musllinux_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)")


@dataclass(frozen=True)
class Vendored:
    """The vendored programs; paths inside the packaged buildpack."""

    uv: Path
    uv_version: str
    engine_version: str
    wheels: Path

    def engine_wheel(self, python: Interpreter, arch: str) -> Path | None:
        """The engine's wheel that fits an interpreter, or None."""
        for wheel in sorted(self.wheels.glob("meinheld-*.whl")):
            if fits(wheel.name, python, arch):
                return wheel
        return None

    def has(self, requirement: str) -> bool:
        """Whether a wheel for any Python is there for a requirement, "gunicorn==27.0.1"."""
        return (self.wheels / f"{requirement.replace('==', '-')}-py3-none-any.whl").is_file()


def read_vendored(buildpack_dir: Path) -> Vendored:
    """What was packaged; raises NotPackaged in a plain checkout."""
    vendor = buildpack_dir / "vendor"
    versions = vendor / "versions.json"
    uv = vendor / "bin" / "uv"
    for needed in (versions, uv):
        if not needed.is_file():
            raise NotPackaged(buildpack_dir, needed)
    names = json.loads(versions.read_text(encoding="utf-8"))
    return Vendored(uv, names["uv"], names["engine"], vendor / "wheels")


def fits(wheel_name: str, python: Interpreter, arch: str) -> bool:
    """Whether a wheel's tags fit an interpreter on an architecture."""
    tags = ENGINE_WHEEL.fullmatch(wheel_name)
    if not tags or tags["python"] != python.tag or tags["abi"] != python.tag:
        return False
    return any(
        _fits_platform(platform, python, machine_of(arch))
        for platform in tags["platforms"].split(".")
    )


def _fits_platform(platform: str, python: Interpreter, machine: str) -> bool:
    pattern = MANYLINUX if python.libc == "glibc" else MUSLLINUX
    tag = pattern.fullmatch(platform)
    if not tag or tag["machine"] != machine:
        return False
    have = tuple(int(part) for part in python.libc_version.split(".")[:2] if part.isdigit())
    return have >= (int(tag["major"]), int(tag["minor"]))
