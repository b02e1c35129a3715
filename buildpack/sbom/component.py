"""One installed distribution as a component: name, version, licence, hashes, what it bundles."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from buildpack.installed import Distribution
from buildpack.requirements.syntax import normalised
from buildpack.sbom.bundled import read_bundled

ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
"""The names that pip gives to hash algorithms, and CycloneDX's."""


def component_of(dist: Distribution, locked: Sequence[str]) -> dict[str, Any]:
    """The component; ``locked`` are the hashes that the user's files allow for it."""
    purl = purl_of(normalised(dist.name), dist.version)
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": dist.name,
        "version": dist.version,
        "purl": purl,
    }
    licenses = _licenses(dist)
    if licenses:
        component["licenses"] = licenses
    bundled = read_bundled(dist)
    if bundled.components:
        component["components"] = list(bundled.components)
    if bundled.pedigree:
        component["pedigree"] = bundled.pedigree
    return component | _hashes(purl, locked)


def purl_of(name: str, version: str) -> str:
    """The package URL, which is the component's reference too; the name is normalised."""
    return f"pkg:pypi/{name}@{quote(version)}"


def _hashes(purl: str, locked: Sequence[str]) -> dict[str, Any]:
    """One hash is the installed file's; of several, nobody knows whose file was taken."""
    split = (text.partition(":") for text in dict.fromkeys(locked))
    hashes = [
        {"alg": ALGORITHMS[name], "content": digest}
        for name, _, digest in split
        if name in ALGORITHMS
    ]
    if len(hashes) < 2:
        return {"hashes": hashes} if hashes else {}
    reference = {
        "type": "distribution",
        "url": purl,
        "comment": "the files of this version that the lock allows",
        "hashes": hashes,
    }
    return {"externalReferences": [reference]}


def _licenses(dist: Distribution) -> list[dict[str, Any]]:
    """The SPDX expression (PEP 639), else the classifiers, else a short License field."""
    for expression in dist.fields.get("License-Expression", ()):
        return [{"expression": expression}]
    classifiers = (text.split(" :: ") for text in dist.fields.get("Classifier", ()))
    names = {parts[-1] for parts in classifiers if parts[0] == "License"}
    if not names:
        names = {text for text in dist.fields.get("License", ()) if "\n" not in text}
    return [{"license": {"name": name}} for name in sorted(names)]
