"""What is installed in a virtual environment, read from its metadata."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Target
from buildpack.requirements.syntax import normalised

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Distribution:
    """One installed distribution; ``fields`` are its metadata's, each in the order of the file."""

    folder: Path
    fields: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        return self.fields["Name"][0]

    @property
    def version(self) -> str:
        return self.fields["Version"][0]

    def requires(self, target: Target) -> tuple[str, ...]:
        """The normalised names of what it needs on that target, but for its extras; sorted."""
        found = set()
        for text in self.fields.get("Requires-Dist", ()):
            name, (_, _, marker) = NAME.match(text), text.partition(";")
            if name and marker_holds(marker.strip(), target):
                found.add(normalised(name[0]))
        return tuple(sorted(found))

    def read(self, name: str) -> str:
        """A file beside the metadata, "" where there is none."""
        try:
            return (self.folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


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
    found = {normalised(dist.name): dist for dist in map(_read, written)}
    return Installed(dict(sorted(found.items())))


def _read(metadata: Path) -> Distribution:
    """Of the fields alone: what follows them, a whole README, is most of the file."""
    # Names and versions are ASCII; a field of another kind may be anything.
    text = metadata.read_text(encoding="utf-8", errors="replace")
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in HeaderParser().parsestr(text.partition("\n\n")[0]).items():
        fields[name] = (*fields.get(name, ()), str(value))
    return Distribution(metadata.parent, fields)
