"""What the lifecycle hands to bin/detect and bin/build."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buildpack.cnb import platform, toml_file
from buildpack.cnb.platform import Binding
from buildpack.errors.platform import MissingVariable

JsonLike = Any  # what TOML holds: str, int, float, bool, list, dict, dates


@dataclass(frozen=True)
class Target:
    """What the image is for: CNB_TARGET_* ("Targets", API 0.10)."""

    os: str
    arch: str
    distro_name: str
    distro_version: str


@dataclass(frozen=True)
class DetectContext:
    """The inputs of bin/detect."""

    app_dir: Path
    buildpack_dir: Path
    build_plan_path: Path
    target: Target
    platform_env: Mapping[str, str]
    builder_env: Mapping[str, str]


@dataclass(frozen=True)
class PlanEntry:
    """One entry of the Buildpack Plan."""

    name: str
    metadata: Mapping[str, JsonLike]


@dataclass(frozen=True)
class BuildContext:
    """The inputs of bin/build.

    ``builder_env`` is the process environment: with clear-env it holds the builder's
    own settings, never the user's, which are in ``platform_env``. ``restored`` maps a
    layer's name to the metadata it had in the last build.
    """

    app_dir: Path
    buildpack_dir: Path
    buildpack_version: str
    layers_dir: Path
    target: Target
    platform_env: Mapping[str, str]
    builder_env: Mapping[str, str]
    bindings: tuple[Binding, ...]
    plan: tuple[PlanEntry, ...]
    restored: Mapping[str, Mapping[str, JsonLike]]
    store: Mapping[str, JsonLike]


def read_detect_context(environ: Mapping[str, str]) -> DetectContext:
    """The context of bin/detect; raises MissingVariable, UnreadableInput."""
    return DetectContext(
        app_dir=Path.cwd(),
        buildpack_dir=_path(environ, "CNB_BUILDPACK_DIR", "detect"),
        build_plan_path=_path(environ, "CNB_BUILD_PLAN_PATH", "detect"),
        target=_target(environ),
        platform_env=platform.read_env(_path(environ, "CNB_PLATFORM_DIR", "detect")),
        builder_env=dict(environ),
    )


def read_build_context(environ: Mapping[str, str]) -> BuildContext:
    """The context of bin/build; raises MissingVariable, UnreadableInput."""
    platform_dir = _path(environ, "CNB_PLATFORM_DIR", "build")
    layers_dir = _path(environ, "CNB_LAYERS_DIR", "build")
    buildpack_dir = _path(environ, "CNB_BUILDPACK_DIR", "build")
    return BuildContext(
        app_dir=Path.cwd(),
        buildpack_dir=buildpack_dir,
        buildpack_version=_version(buildpack_dir),
        layers_dir=layers_dir,
        target=_target(environ),
        platform_env=platform.read_env(platform_dir),
        builder_env=dict(environ),
        bindings=platform.read_bindings(platform.bindings_root(platform_dir, environ)),
        plan=_plan(toml_file.read(_path(environ, "CNB_BP_PLAN_PATH", "build"))),
        restored=_restored(layers_dir),
        store=_metadata(layers_dir / "store.toml"),
    )


def _path(environ: Mapping[str, str], name: str, phase: str) -> Path:
    value = environ.get(name)
    if not value:
        raise MissingVariable(name, phase)
    return Path(value)


def _version(buildpack_dir: Path) -> str:
    descriptor = toml_file.read(buildpack_dir / "buildpack.toml")
    return str(descriptor.get("buildpack", {}).get("version", ""))


def _target(environ: Mapping[str, str]) -> Target:
    return Target(
        os=environ.get("CNB_TARGET_OS", "linux"),
        arch=environ.get("CNB_TARGET_ARCH", _machine_arch()),
        distro_name=environ.get("CNB_TARGET_DISTRO_NAME", ""),
        distro_version=environ.get("CNB_TARGET_DISTRO_VERSION", ""),
    )


def _machine_arch() -> str:
    """The machine's architecture by Go's name, as CNB_TARGET_ARCH would say it."""
    machine = os.uname().machine
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)


def _plan(document: Mapping[str, JsonLike]) -> tuple[PlanEntry, ...]:
    return tuple(
        PlanEntry(name=entry["name"], metadata=entry.get("metadata", {}))
        for entry in document.get("entries", ())
    )


def _restored(layers_dir: Path) -> dict[str, Mapping[str, JsonLike]]:
    """The metadata of each restored layer; a restored toml has no [types]."""
    not_layers = {"store", "launch", "build"}
    return {
        path.stem: _metadata(path)
        for path in sorted(layers_dir.glob("*.toml"))
        if path.stem not in not_layers
    }


def _metadata(path: Path) -> Mapping[str, JsonLike]:
    """What a file of the last build holds: an image's label, which may be anything."""
    found = toml_file.read(path).get("metadata")
    return found if isinstance(found, dict) else {}
