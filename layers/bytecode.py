"""The ``bytecode`` layer: what the last build compiled, so that only changes are.

Packages are compiled in builds that install, a large app's modules in every one. Small apps have
none of their own: it would cost more to keep what they compiled than to compile it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types, fresh_folder

NAME = "bytecode"
APP, USERS, ADDED = "app", "users", "added"
"""The folders of what is known: the app's modules, the user's packages, those that are added."""

MANY = 100
"""Modules; so many take about a tenth of a second to compile."""


def known(context: BuildContext, name: str) -> Path:
    """The folder of what was compiled, made if it isn't there, or is another user's."""
    layer = context.layers_dir / NAME
    folder = layer / name
    if any(path.exists() and not _is_usable(path) for path in (layer, folder)):
        fresh_folder(layer)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def known_of_app(context: BuildContext, modules: Sequence[str]) -> Path | None:
    """The app's folder; None for one with few modules."""
    return known(context, APP) if len(modules) >= MANY else None


def _is_usable(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def layers(context: BuildContext) -> tuple[Layer, ...]:
    """The layer, where anything was compiled."""
    folder = context.layers_dir / NAME
    kept = any(path.is_file() for path in folder.glob("*/*"))
    return (Layer(NAME, Types(cache=True)),) if kept else ()
