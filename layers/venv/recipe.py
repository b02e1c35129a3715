"""What an environment is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack.dependencies import Addition
from buildpack.interpreter import Interpreter
from buildpack.requirements import InstallerInput, Requirements
from buildpack.wheel_folder import WheelFolder


@dataclass(frozen=True)
class Recipe:
    """``requirements`` are the user's as they were read, ``user`` as uv is given them; None where
    there are none. ``engine`` is the requirement of the engine, None where no wheel fits.
    ``carried`` are the additions whose
    wheels lie beside the engine's in ``wheels``. ``key`` names each part in the
    user's words and gives its digest. ``arguments`` are uv's for everything but the engine,
    beside the user's own. ``folder`` is the app's, where it brings its packages along.
    ``refresh``: what is there doesn't count.
    """

    python: Interpreter
    user: InstallerInput | None
    additions: tuple[Addition, ...]
    engine: str | None
    wheels: Path
    key: Mapping[str, str]
    carried: tuple[Addition, ...] = ()
    arguments: tuple[str, ...] = ()
    folder: WheelFolder | None = None
    requirements: Requirements | None = None
    refresh: bool = False
