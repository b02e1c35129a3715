"""The bill of materials: of what is installed, the same bytes for the same environment."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from buildpack.cnb.result import Sbom
from buildpack.installed import read_installed
from buildpack.interpreter import Interpreter
from buildpack.requirements import Target
from buildpack.sbom import Described, bill_of, describe, read_components

PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")

FLASK = """\
Metadata-Version: 2.4
Name: Flask
Version: 3.1.3
License-Expression: BSD-3-Clause
Requires-Dist: click>=8.1.3
Requires-Dist: Absent_Package
Requires-Dist: python-dotenv ; extra == "dotenv"
"""
CLICK = """\
Metadata-Version: 2.1
Name: click
Version: 8.5.1
License: a long\n        text
Classifier: License :: OSI Approved :: BSD License
"""
ENGINE = """\
Metadata-Version: 2.4
Name: meinheld
Version: 1.0.2+flaskpack.1
License: BSD
"""


def site(root: Path) -> Path:
    for name, text in {
        "flask-3.1.3": FLASK,
        "click-8.5.1": CLICK,
        "meinheld-1.0.2": ENGINE,
    }.items():
        (root / f"{name}.dist-info").mkdir(parents=True)
        (root / f"{name}.dist-info/METADATA").write_text(text)
    return root


def described_in(folder: Path, locked: Mapping[str, tuple[str, ...]] | None = None) -> Sbom:
    packages = describe(read_installed(folder), locked or {}, Target("3.13.5"))
    return bill_of("venv", PYTHON, packages)


def test_the_whole_document(tmp_path: Path) -> None:
    sbom = described_in(site(tmp_path))
    assert (sbom.scope, sbom.media_type) == ("venv", "application/vnd.cyclonedx+json")
    assert json.loads(sbom.content) == {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "components": [
            {
                "type": "platform",
                "bom-ref": "pkg:generic/python@3.13.5",
                "name": "cpython",
                "version": "3.13.5",
                "purl": "pkg:generic/python@3.13.5",
                "cpe": "cpe:2.3:a:python:python:3.13.5:*:*:*:*:*:*:*",
            },
            {
                "type": "library",
                "bom-ref": "pkg:pypi/click@8.5.1",
                "name": "click",
                "version": "8.5.1",
                "purl": "pkg:pypi/click@8.5.1",
                "licenses": [{"license": {"name": "BSD License"}}],
            },
            {
                "type": "library",
                "bom-ref": "pkg:pypi/flask@3.1.3",
                "name": "Flask",
                "version": "3.1.3",
                "purl": "pkg:pypi/flask@3.1.3",
                "licenses": [{"expression": "BSD-3-Clause"}],
            },
            {
                "type": "library",
                "bom-ref": "pkg:pypi/meinheld@1.0.2%2Bflaskpack.1",
                "name": "meinheld",
                "version": "1.0.2+flaskpack.1",
                "purl": "pkg:pypi/meinheld@1.0.2%2Bflaskpack.1",
                "licenses": [{"license": {"name": "BSD"}}],
            },
        ],
        "dependencies": [
            {"ref": "pkg:pypi/click@8.5.1", "dependsOn": []},
            {"ref": "pkg:pypi/flask@3.1.3", "dependsOn": ["pkg:pypi/click@8.5.1"]},
            {"ref": "pkg:pypi/meinheld@1.0.2%2Bflaskpack.1", "dependsOn": []},
        ],
    }


def test_the_same_environment_gives_the_same_bytes(tmp_path: Path) -> None:
    one = described_in(site(tmp_path / "one"))
    two = described_in(site(tmp_path / "two"))
    assert one.content == two.content


def described(tmp_path: Path, locked: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The components of the small environment, by name."""
    sbom = described_in(site(tmp_path), locked)
    return {component["name"]: component for component in json.loads(sbom.content)["components"]}


def test_a_single_locked_hash_is_the_installed_files(tmp_path: Path) -> None:
    components = described(tmp_path, {"flask": (f"sha256:{'a' * 64}", f"sha256:{'a' * 64}")})
    assert components["Flask"]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert "hashes" not in components["click"]


def test_several_locked_hashes_are_those_of_the_files_that_may_have_been_taken(
    tmp_path: Path,
) -> None:
    components = described(tmp_path, {"click": (f"sha256:{'a' * 64}", f"sha512:{'b' * 128}")})
    assert "hashes" not in components["click"]
    assert components["click"]["externalReferences"] == [
        {
            "type": "distribution",
            "url": "pkg:pypi/click@8.5.1",
            "comment": "the files of this version that the lock allows",
            "hashes": [
                {"alg": "SHA-256", "content": "a" * 64},
                {"alg": "SHA-512", "content": "b" * 128},
            ],
        }
    ]


def bundle(root: Path, folder: str, document: bytes, name: str = "wheel.cdx.json") -> None:
    """Give a distribution of the small environment a file of PEP 770."""
    info = root / folder
    (info / "sboms").mkdir(exist_ok=True)
    (info / "sboms" / name).write_bytes(document)
    with (info / "RECORD").open("a") as record:
        record.write(f"{folder}/sboms/{name},sha256=x,{len(document)}\n")


def test_what_a_wheel_bundles_is_part_of_its_component(tmp_path: Path) -> None:
    site(tmp_path)
    crate = {"type": "library", "name": "serde", "version": "1.0", "purl": "pkg:cargo/serde@1.0"}
    said = [crate, crate | {"bom-ref": "again", "author": "left out"}, {"name": "no type"}, 7]
    said += [{"type": "library", "name": "flask", "purl": "pkg:pypi/flask@3.1.3?file_name=x.whl"}]
    said += [{"type": "library", "name": "bad address", "purl": "http://x"}]
    said += [{"type": "library", "name": ["not a text"]}, {"type": "library", "name": "bare"}]
    document = {"bomFormat": "CycloneDX", "components": said}
    bundle(tmp_path, "flask-3.1.3.dist-info", json.dumps(document).encode())
    sbom = described_in(tmp_path)
    components = {one["name"]: one for one in json.loads(sbom.content)["components"]}
    assert components["Flask"]["components"] == [{"type": "library", "name": "bare"}, crate]


HOSTILE = {
    "not UTF-8": b"\xff\xfe",
    "not JSON": b"{",
    "too deep": b"[" * 100_000,
    "too large": b'{"bomFormat": "CycloneDX", "components": []}' + b" " * 2_000_000,
    "another format": b'{"components": [{"type": "library", "name": "x"}]}',
    "a list": b"[1]",
    "components that are no list": b'{"bomFormat": "CycloneDX", "components": 7}',
    "a pedigree of a stranger": (
        b'{"bomFormat": "CycloneDX", "metadata": {"component": {"pedigree": {"x": 1}}}}'
    ),
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
def test_what_a_stranger_says_changes_nothing(tmp_path: Path, document: bytes) -> None:
    plain = described_in(site(tmp_path))
    bundle(tmp_path, "flask-3.1.3.dist-info", document)
    assert described_in(tmp_path) == plain


def test_the_engine_tells_its_patches(tmp_path: Path) -> None:
    site(tmp_path)
    pedigree = {"patches": [{"type": "unofficial"}]}
    document = {"bomFormat": "CycloneDX", "metadata": {"component": {"pedigree": pedigree}}}
    bundle(tmp_path, "meinheld-1.0.2.dist-info", json.dumps(document).encode())
    sbom = described_in(tmp_path)
    components = {one["name"]: one for one in json.loads(sbom.content)["components"]}
    assert components["meinheld"]["pedigree"] == pedigree


def test_what_stayed_is_described_as_it_was(tmp_path: Path) -> None:
    whole = described_in(site(tmp_path / "whole"))
    (tmp_path / "venv.sbom.cdx.json").write_text(whole.content)
    components = read_components(tmp_path / "venv.sbom.cdx.json")
    for folder in (tmp_path / "whole").glob("flask-*"):
        folder.rename(tmp_path / folder.name)
    new = describe(read_installed(tmp_path), {}, Target("3.13.5"))
    stayed = {
        "meinheld": Described(components["pkg:pypi/meinheld@1.0.2%2Bflaskpack.1"], ()),
        "click": Described(components["pkg:pypi/click@8.5.1"], ("absent",)),
    }
    assert bill_of("venv", PYTHON, stayed | new) == whole


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"components": [1]}', '{"components": 1}'])
def test_a_bill_that_is_none_says_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "venv.sbom.cdx.json"
    assert read_components(file) == {}
    file.write_text(text)
    assert read_components(file) == {}
