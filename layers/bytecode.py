"""The ``bytecode`` layer: what the last build compiled of a large app, so that only changes are.

Small apps have none: to restore and keep a layer costs the lifecycle more than they take.
"""

from collections.abc import Sequence
from pathlib import Path

from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types

NAME = "bytecode"
MANY = 100
"""Modules; so many take about a tenth of a second to compile."""


def known(context: BuildContext, modules: Sequence[str]) -> Path | None:
    """The file of what was compiled, its folder made; None for an app with few modules."""
    if len(modules) < MANY:
        return None
    folder = context.layers_dir / NAME
    folder.mkdir(exist_ok=True)
    return folder / "modules"


def layers(known: Path | None) -> tuple[Layer, ...]:
    """The layer, where there is one."""
    return (Layer(NAME, Types(cache=True)),) if known and known.is_file() else ()
