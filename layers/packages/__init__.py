"""The ``site-packages-NNNN`` layers: each holds a share of the environment's packages.

A changed package costs its own layer and those behind it in the image; what lies before it stays as
it is, in the image and in the Docker engine. The order of layers is that of their names: these come
after ``python``, and what changes gets a layer with a new number, behind them all. The ``venv``
layer, whose name comes later still, shows the packages of all layers as one environment.

A build that installs nothing loads no more than this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types

TYPES = Types(launch=True)
PART = "part"
"""The folder of a layer that is laid out as the environment is. A ``lib`` at the layer's root would
put itself on LD_LIBRARY_PATH of every process, a ``bin`` on PATH."""


@dataclass(frozen=True)
class Held:
    """A package in a layer, as the layer's metadata tells it to the next build.

    ``name`` and ``requires`` are normalised names; ``identity`` says which files were asked
    for: the same one means the same content. ``entries`` are the files and folders of the
    environment that are the package's alone ("bin/flask"), ``size`` is in bytes.
    """

    name: str
    version: str
    identity: str
    size: int
    requires: tuple[str, ...]
    entries: tuple[str, ...]

    def line(self) -> str:
        """One line of the metadata. A table for each package would take ten times as long."""
        parts = (self.name, self.version, self.identity, str(self.size))
        return " ".join((*parts, ",".join(self.requires), ",".join(self.entries)))


@dataclass(frozen=True)
class Share:
    """One layer and what it holds."""

    number: int
    held: tuple[Held, ...]

    @property
    def name(self) -> str:
        return f"site-packages-{self.number:04}"

    @property
    def size(self) -> int:
        return sum(one.size for one in self.held)

    def folder(self, context: BuildContext) -> Path:
        """Where its part of the environment is, at build and at launch."""
        return context.layers_dir / self.name / PART

    def layer(self) -> Layer:
        """The declaration; without its folder the layer is taken over from the last image."""
        return Layer(self.name, TYPES, {"holds": [one.line() for one in self.held]})


def folders(context: BuildContext) -> list[Path]:
    """Those of the layers that this build has filled."""
    return [path for path in context.layers_dir.glob("site-packages-*") if path.is_dir()]


def declared_again(context: BuildContext, names: Iterable[str]) -> tuple[Layer, ...] | None:
    """The last build's layers, without their folders; None where one of them isn't there."""
    found = [Layer(name, TYPES, context.restored.get(name, {})) for name in names]
    return tuple(found) if all("holds" in layer.metadata for layer in found) else None
