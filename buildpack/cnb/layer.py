"""Layers: their types, metadata and environment ("Layers", "Environment" of the spec)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Action = Literal["append", "default", "override", "prepend"]


@dataclass(frozen=True)
class Types:
    """Where a layer goes: into the image, to later buildpacks, to the next build."""

    launch: bool = False
    build: bool = False
    cache: bool = False


@dataclass(frozen=True)
class Layer:
    """A layer as it is declared in ``<layer>.toml``; its folder may be there or not.

    A launch-only layer without a folder is taken over from the previous image.
    """

    name: str
    types: Types
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The content of ``<layer>.toml``."""
        types = {
            "launch": self.types.launch,
            "build": self.types.build,
            "cache": self.types.cache,
        }
        return {"types": types, "metadata": dict(self.metadata)}


@dataclass(frozen=True)
class EnvFile:
    """One variable of a layer's launch environment.

    The value is written verbatim: a newline at the end would be part of it. What a
    person may set with ``docker run -e`` has the action ``default``. ``delim`` stands
    between the parts of a list (``prepend``, ``append``).
    """

    name: str
    action: Action
    value: str
    delim: str | None = None


def fresh_folder(folder: Path) -> Path:
    """An empty folder at that path, whatever was there."""
    if folder.exists():
        import shutil  # it loads every kind of compression, and most builds remove nothing

        try:
            shutil.rmtree(folder)
        except PermissionError:  # another user's, as after a build with another builder
            folder.rename(folder.with_name(f".{folder.name}-{os.getpid()}"))
    folder.mkdir(parents=True)
    return folder


def write_launch_env(layer_dir: Path, variables: tuple[EnvFile, ...]) -> None:
    """Write ``env.launch/`` of a layer."""
    folder = layer_dir / "env.launch"
    folder.mkdir(parents=True, exist_ok=True)
    for variable in variables:
        _write(folder / f"{variable.name}.{variable.action}", variable.value)
        if variable.delim is not None:
            _write(folder / f"{variable.name}.delim", variable.delim)


def _write(path: Path, value: str) -> None:
    path.write_bytes(value.encode("utf-8", "surrogateescape"))
