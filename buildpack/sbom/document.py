"""The whole document: the interpreter, the distributions, who requires whom."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from buildpack.cnb.result import Sbom
from buildpack.installed import Installed
from buildpack.interpreter import Interpreter
from buildpack.requirements.syntax import normalised
from buildpack.sbom.component import component_of, purl

EXTRA = re.compile(r";.*\bextra\s*==")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def describe_environment(
    layer: str,
    python: Interpreter,
    installed: Installed,
    locked: Mapping[str, tuple[str, ...]],
) -> Sbom:
    """The bill of materials of a layer that holds a virtual environment.

    ``locked`` are the hashes ("sha256:…") that the user's files allow for a distribution,
    by its normalised name.
    """
    present = installed.distributions
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": [
            _interpreter(python),
            *(component_of(dist, locked.get(name, ())) for name, dist in present.items()),
        ],
        "dependencies": [
            {
                "ref": purl(dist),
                "dependsOn": sorted(
                    purl(present[name])
                    for name in _required(dist.fields.get("Requires-Dist", ()))
                    if name in present
                ),
            }
            for dist in present.values()
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


def _required(requirements: Iterable[str]) -> set[str]:
    names = (NAME.match(text) for text in requirements if not EXTRA.search(text))
    return {normalised(name[0]) for name in names if name}
