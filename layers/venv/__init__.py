"""The ``venv`` layer: dependencies, gunicorn and the engine, bytecode inside.

The environment lies one folder below the layer's root: a ``lib`` at the root would put
itself on LD_LIBRARY_PATH of every process, psql in a prestart included. A build that installs
nothing loads no more than this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types
from buildpack.cnb.result import Sbom

NAME = "venv"
TYPES = Types(launch=True)


@dataclass(frozen=True)
class Venv:
    """The environment: the version of each package in it, by normalised name.

    ``sbom`` is None where the layer is taken over, with the one that it had.
    """

    layer: Layer
    versions: Mapping[str, str]
    sbom: Sbom | None = None


def folder(context: BuildContext) -> Path:
    """Where the environment is, at build and at launch."""
    return context.layers_dir / NAME / NAME


def restored_key(context: BuildContext) -> Mapping[str, str] | None:
    """The key of the last build's environment, None where there is none to take over."""
    metadata = context.restored.get(NAME, {})
    if "versions" not in metadata:
        return None
    return {part["name"]: part["digest"] for part in metadata.get("key", ())}


def take_over(context: BuildContext) -> Venv:
    """The last build's environment: declared again, without its folder."""
    metadata = context.restored[NAME]
    return Venv(Layer(NAME, TYPES, metadata), metadata["versions"])
