"""What bin/detect and bin/build give back, written in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from buildpack.cnb import toml_file
from buildpack.cnb.launch import Launch
from buildpack.cnb.layer import Layer

SbomScope = str
"""``launch``, ``build``, or a layer's name."""

SBOM_SUFFIX: Mapping[str, str] = {
    "application/vnd.cyclonedx+json": "cdx.json",
    "application/spdx+json": "spdx.json",
    "application/vnd.syft+json": "syft.json",
}


@dataclass(frozen=True)
class BuildPlan:
    """What detect provides and requires, by name."""

    provides: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The content of the build plan."""
        return {
            "provides": [{"name": name} for name in self.provides],
            "requires": [{"name": name} for name in self.requires],
        }


@dataclass(frozen=True)
class Sbom:
    """A software bill of materials: ``<scope>.sbom.<suffix>`` in the layers dir."""

    scope: SbomScope
    media_type: Literal[
        "application/vnd.cyclonedx+json", "application/spdx+json", "application/vnd.syft+json"
    ]
    content: str


@dataclass(frozen=True)
class BuildResult:
    """The outputs of bin/build; ``unmet`` are names of plan entries left to others."""

    layers: tuple[Layer, ...] = ()
    launch: Launch = field(default_factory=Launch)
    store: Mapping[str, Any] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()
    sboms: tuple[Sbom, ...] = ()

    def write(self, layers_dir: Path) -> None:
        """Write every document; raises UnwritableDocument."""
        for layer in self.layers:
            toml_file.write(layers_dir / f"{layer.name}.toml", layer.document())
        for sbom in self.sboms:
            path = layers_dir / f"{sbom.scope}.sbom.{SBOM_SUFFIX[sbom.media_type]}"
            path.write_text(sbom.content, encoding="utf-8")
        toml_file.write(layers_dir / "launch.toml", self.launch.document())
        if self.unmet:
            unmet = {"unmet": [{"name": name} for name in self.unmet]}
            toml_file.write(layers_dir / "build.toml", unmet)
        if self.store:
            toml_file.write(layers_dir / "store.toml", {"metadata": dict(self.store)})
