"""What is to be explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Of the container: CPUs, and bytes of memory; None is what this machine has."""

    cpus: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Wishes:
    """A folder, absolute; the variables of the build and of the container; its limits."""

    app_dir: Path
    env: Mapping[str, str]
    limits: Limits = Limits()
