"""A CycloneDX bill of materials of what was installed (CycloneDX 1.5, JSON).

Made from the environment, not from the user's files, so that what nobody asked for by
name is in it too. The same environment gives the same bytes: no serial number, no date.
"""

import json
import re
from collections.abc import Iterable
from importlib.metadata import Distribution
from typing import Any
from urllib.parse import quote

from buildpack.cnb.result import Sbom
from buildpack.installed import Installed
from buildpack.interpreter import Interpreter
from buildpack.requirements.syntax import normalised

EXTRA = re.compile(r";.*\bextra\s*==")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def describe_environment(layer: str, python: Interpreter, installed: Installed) -> Sbom:
    """The bill of materials of a layer that holds a virtual environment."""
    present = installed.distributions
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": [
            _interpreter(python),
            *(_component(dist) for dist in present.values()),
        ],
        "dependencies": [
            {
                "ref": _purl(dist),
                "dependsOn": sorted(
                    _purl(present[name])
                    for name in _required(dist.requires or ())
                    if name in present
                ),
            }
            for dist in present.values()
        ],
    }
    content = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n"
    return Sbom(layer, "application/vnd.cyclonedx+json", content)


def _interpreter(python: Interpreter) -> dict[str, Any]:
    purl = f"pkg:generic/python@{quote(python.version)}"
    return {
        "type": "platform",
        "bom-ref": purl,
        "name": python.implementation,
        "version": python.version,
        "purl": purl,
    }


def _component(dist: Distribution) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _purl(dist),
        "name": dist.name,
        "version": dist.version,
        "purl": _purl(dist),
    }
    licenses = _licenses(dist)
    if licenses:
        component["licenses"] = licenses
    return component


def _licenses(dist: Distribution) -> list[dict[str, Any]]:
    """The SPDX expression (PEP 639), else the classifiers, else a short License field."""
    for expression in _fields(dist, "License-Expression"):
        return [{"expression": expression}]
    classifiers = (text.split(" :: ") for text in _fields(dist, "Classifier"))
    names = {parts[-1] for parts in classifiers if parts[0] == "License"}
    if not names:
        names = {text for text in _fields(dist, "License") if "\n" not in text}
    return [{"license": {"name": name}} for name in sorted(names)]


def _fields(dist: Distribution, name: str) -> list[str]:
    return dist.metadata.get_all(name) or []


def _purl(dist: Distribution) -> str:
    return f"pkg:pypi/{normalised(dist.name)}@{quote(dist.version)}"


def _required(requirements: Iterable[str]) -> set[str]:
    names = (NAME.match(text) for text in requirements if not EXTRA.search(text))
    return {normalised(name[0]) for name in names if name}
