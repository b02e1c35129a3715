"""The whole document: the interpreter, the distributions, who requires whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from buildpack.cnb.result import Sbom
from buildpack.installed import Installed
from buildpack.interpreter import Interpreter
from buildpack.requirements.model import Target
from buildpack.sbom.component import component_of


@dataclass(frozen=True)
class Described:
    """A package: its component in the document, the normalised names of what it requires."""

    component: Mapping[str, Any]
    requires: tuple[str, ...]


def describe(
    installed: Installed, locked: Mapping[str, tuple[str, ...]], target: Target
) -> dict[str, Described]:
    """What is installed, by normalised name.

    ``locked`` are the hashes ("sha256:…") that the user's files allow for a distribution,
    by its normalised name.
    """
    return {
        name: Described(component_of(dist, locked.get(name, ())), dist.requires(target))
        for name, dist in installed.distributions.items()
    }


def read_components(file: Path) -> dict[str, Mapping[str, Any]]:
    """The components of an earlier bill of ours, by their references; {} where there is none."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return {component["bom-ref"]: component for component in document["components"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def bill_of(layer: str, python: Interpreter, packages: Mapping[str, Described]) -> Sbom:
    """The bill of materials of a layer that shows these packages (by normalised name)."""
    described = dict(sorted(packages.items()))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": [
            _interpreter(python),
            *(package.component for package in described.values()),
        ],
        "dependencies": [
            {
                "ref": package.component["bom-ref"],
                "dependsOn": sorted(
                    described[name].component["bom-ref"]
                    for name in package.requires
                    if name in described
                ),
            }
            for package in described.values()
        ],
    }
    content = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n"
    return Sbom(layer, "application/vnd.cyclonedx+json", content)


def _interpreter(python: Interpreter) -> dict[str, Any]:
    ref = f"pkg:generic/python@{quote(python.version)}"
    return {
        "type": "platform",
        "bom-ref": ref,
        "name": python.implementation,
        "version": python.version,
        "purl": ref,
        # Scanners know the interpreter's vulnerabilities by this name.
        "cpe": f"cpe:2.3:a:python:python:{python.version}:*:*:*:*:*:*:*",
    }
