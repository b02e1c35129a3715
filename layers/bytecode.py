"""The ``bytecode`` layer: what the last build compiled of a large app, so that only changes are.

Small apps have none of their own: it would cost more to keep what they compiled than to compile it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types, fresh_folder

NAME = "bytecode"
APP = "app"

MANY = 100
"""Modules; so many take about a tenth of a second to compile."""


def known_of_app(context: BuildContext, modules: Sequence[str]) -> Path | None:
    """The folder of what was compiled, made if it isn't there, or is another user's.

    None for an app with few modules.
    """
    if len(modules) < MANY:
        return None
    layer = context.layers_dir / NAME
    folder = layer / APP
    if any(path.exists() and not _is_usable(path) for path in (layer, folder)):
        fresh_folder(layer)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _is_usable(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def layers(context: BuildContext) -> tuple[Layer, ...]:
    """The layer, where anything was compiled."""
    folder = context.layers_dir / NAME
    kept = any(path.is_file() for path in folder.glob("*/*"))
    return (Layer(NAME, Types(cache=True)),) if kept else ()
