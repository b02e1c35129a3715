"""What is installed in a virtual environment, read from its metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from buildpack.requirements.syntax import normalised


@dataclass(frozen=True)
class Installed:
    """The distributions of one site-packages folder, by normalised name."""

    distributions: Mapping[str, Distribution]

    def version(self, name: str) -> str | None:
        """The version of a distribution, or None where it isn't installed."""
        found = self.distributions.get(name)
        return found.version if found else None


def site_packages(venv: Path, minor: str) -> Path:
    """The folder of a venv's packages; ``minor`` as in "3.13"."""
    return venv / "lib" / f"python{minor}" / "site-packages"


def read_installed(folder: Path) -> Installed:
    """The distributions in a site-packages folder, by what the installer wrote of each.

    A package may bring metadata of another kind by mistake (a stray .egg-info): no installation.
    """
    written = sorted(folder.glob("*.dist-info/METADATA"))
    found = {
        normalised(dist.name): dist for dist in (Distribution.at(file.parent) for file in written)
    }
    return Installed(dict(sorted(found.items())))
