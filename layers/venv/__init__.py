"""The ``venv`` layer: the environment, which shows the packages of all layers as one.

They lie in layers of their own (layers/packages), so that one that changes leaves the others as they
are. What comes from a folder, an address or a repository lies here: each build that installs
anything installs it again.

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
from layers import packages

NAME = "venv"
SERVER = "gunicorn"
"""No environment of ours is without it."""

TYPES = Types(launch=True)


@dataclass(frozen=True)
class Venv:
    """The environment: the version of each package in it, by normalised name.

    ``packages`` are the layers that hold most of it. ``sbom`` is None where the layers are taken
    over, with the one that there was.
    """

    layer: Layer
    versions: Mapping[str, str]
    packages: tuple[Layer, ...] = ()
    sbom: Sbom | None = None


def folder(context: BuildContext) -> Path:
    """Where the environment is, at build and at launch."""
    return context.layers_dir / NAME / NAME


def restored_key(context: BuildContext) -> Mapping[str, str] | None:
    """The key of the last build's environment, None where there is none to take over.

    The metadata is an image's label, and may be anything.
    """
    metadata = context.restored.get(NAME, {})
    try:
        key = {part["name"]: part["digest"] for part in metadata["key"]}
        versions, names = dict(metadata["versions"]), list(metadata["packages"])
    except (KeyError, TypeError, ValueError):
        return None
    texts = (*key, *key.values(), *versions, *versions.values(), *names)
    is_ours = all(isinstance(text, str) for text in texts) and SERVER in versions
    return key if is_ours and packages.declared_again(context, names) is not None else None


def take_over(context: BuildContext) -> Venv:
    """The last build's environment: declared again, without its folder."""
    metadata = context.restored[NAME]
    shares = packages.declared_again(context, metadata["packages"]) or ()
    return Venv(Layer(NAME, TYPES, metadata), metadata["versions"], shares)
