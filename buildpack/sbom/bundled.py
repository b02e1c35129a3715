"""What a wheel says that it bundles: CycloneDX files in its ``sboms`` folder (PEP 770).

auditwheel names the system libraries there that it grafted in, maturin the crates, and our
engine its patches. A wheel is a stranger: of what it says, only well-formed parts count.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from buildpack.installed import Distribution

FILE = re.compile(r"^[^,\n]+\.dist-info/(sboms/[^,/\n]+\.(?:cdx|cyclonedx)\.json),", re.MULTILINE)
"""Such a file's line in RECORD."""

LARGEST = 2_000_000
"""In characters; a larger file doesn't count."""

TYPES = frozenset({"application", "framework", "library", "operating-system", "file"})
ENGINE = "meinheld"


@dataclass(frozen=True)
class Bundled:
    """The components inside of a distribution; ``pedigree`` is our engine's, else empty."""

    components: Sequence[Mapping[str, str]] = ()
    pedigree: Mapping[str, Any] = field(default_factory=dict)


def read_bundled(dist: Distribution) -> Bundled:
    """What the distribution says of itself; nothing where it says nothing usable."""
    documents = list(_documents(dist))
    said = (one for document in documents for one in _list(document.get("components")))
    components = _well_formed(said, dist)
    return Bundled(components, _pedigree(documents) if dist.name == ENGINE else {})


def _documents(dist: Distribution) -> Iterator[Mapping[str, Any]]:
    for name in sorted(FILE.findall(dist.read("RECORD"))):
        document = _read(dist, name)
        if isinstance(document, dict) and document.get("bomFormat") == "CycloneDX":
            yield document


def _read(dist: Distribution, name: str) -> object:
    try:
        text = dist.read(name)
        document: object = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):  # not JSON, or too deep
        return None
    return document


def _well_formed(said: Iterable[object], dist: Distribution) -> list[Mapping[str, str]]:
    """Each once, by name: CycloneDX wants the components of a component to be unique."""
    itself = f"pkg:pypi/{dist.name}@"  # auditwheel lists the wheel too
    found = {}
    for component in said:
        if isinstance(component, dict) and component.get("type") in TYPES:
            kept = {name: component.get(name) for name in ("type", "name", "version", "purl")}
            present = {name: text for name, text in kept.items() if text and isinstance(text, str)}
            purl = present.get("purl", "pkg:")
            if "name" in present and purl.startswith("pkg:") and not _same(purl, itself):
                found[tuple(present.get(name, "") for name in kept)] = present
    return [found[key] for key in sorted(found)]


def _same(purl: str, start: str) -> bool:
    """Whether a package URL is of the package that ``start`` begins with, however spelt."""
    return purl.lower().replace("_", "-").startswith(start.lower().replace("_", "-"))


def _pedigree(documents: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    for document in documents:
        pedigree: Mapping[str, Any] = document["metadata"]["component"]["pedigree"]
        return pedigree
    return {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
