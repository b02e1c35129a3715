"""The image: made twice alike, labelled, with a bill of materials that stays with it."""

import json
import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from support.packing import Built, Packer, inspect, run

PINNED = Path(__file__).parent.parent / "apps" / "pinned"
SBOM = "layers/sbom/launch/flaskpack/venv/sbom.cdx.json"


@pytest.fixture(scope="module")
def first(packer: Packer) -> Built:
    return built(packer, PINNED, "first")


def built(packer: Packer, app: Path, name: str, *options: str) -> Built:
    result = packer.build(app, name, *options)
    assert result.exit_code == 0, result.output
    return result


def sbom(image: str, folder: Path) -> dict[str, Any]:
    """What ``pack sbom download`` gives for the environment's layer."""
    done = run(os.environ["FLASKPACK_PACK"], "sbom", "download", image, "-o", str(folder))
    assert done.returncode == 0, done.stdout
    text = (folder / SBOM).read_text(encoding="utf-8")
    problem = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
    assert problem is None, str(problem)
    document: dict[str, Any] = json.loads(text)
    return document


def components(document: Mapping[str, Any]) -> dict[str, Any]:
    return {component["name"]: component for component in document["components"]}


def test_two_builds_without_a_cache_give_the_same_image(packer: Packer, first: Built) -> None:
    second = built(packer, PINNED, "second")
    assert second.layers == first.layers
    one, two = inspect(first.image), inspect(second.image)
    assert one["RootFS"] == two["RootFS"]
    assert one["Id"] == two["Id"]


def test_the_cache_is_not_part_of_the_image(packer: Packer, first: Built) -> None:
    cleared = built(packer, PINNED, "first", "--clear-cache")
    assert inspect(cleared.image)["Id"] == inspect(first.image)["Id"]


def test_the_time_of_creation_is_the_one_that_was_asked_for(packer: Packer) -> None:
    dated = built(packer, PINNED, "dated", "--creation-time", "1700000000")
    created = datetime.fromisoformat(inspect(dated.image)["Created"])
    assert created == datetime.fromtimestamp(1700000000, UTC)


def test_labels_say_the_versions(first: Built) -> None:
    labels = inspect(first.image)["Config"]["Labels"]
    versions = json.loads(
        (Path(os.environ["FLASKPACK_BUILDPACK"]) / "vendor" / "versions.json").read_text()
    )
    expected = {
        "flaskpack.version": "0.1.0",
        "flaskpack.python": "3.13.5",
        "flaskpack.uv": versions["uv"],
        "flaskpack.flask": "3.1.3",
        "flaskpack.gunicorn": "27.0.1",
        "flaskpack.engine": versions["engine"],
    }
    assert {key: labels.get(key) for key in expected} == expected


def test_the_bill_of_materials_lists_what_is_installed(first: Built, tmp_path: Path) -> None:
    listed = components(sbom(first.image, tmp_path))
    answer = run("docker", "run", "--rm", "--entrypoint", "python", first.image, "-c", INSTALLED)
    assert answer.returncode == 0, answer.stdout
    installed = json.loads(answer.stdout)
    assert {name: one["version"] for name, one in listed.items() if name != "cpython"} == installed
    assert listed["cpython"]["version"] == "3.13.5"
    assert listed["Flask"]["purl"] == "pkg:pypi/flask@3.1.3"
    assert listed["Flask"]["licenses"] == [{"expression": "BSD-3-Clause"}]


INSTALLED = """\
import json
from importlib.metadata import distributions
print(json.dumps({dist.name: dist.version for dist in distributions()}))
"""


def test_the_engine_is_listed_with_its_patches(first: Built, tmp_path: Path) -> None:
    engine = components(sbom(first.image, tmp_path))["meinheld"]
    patches = sorted(
        path.name for path in (Path(__file__).parents[2] / "engine/patches").glob("*.patch")
    )
    (ancestor,) = engine["pedigree"]["ancestors"]
    assert ancestor["purl"] == "pkg:pypi/meinheld@1.0.2"
    told = [patch["resolves"][0]["name"] for patch in engine["pedigree"]["patches"]]
    assert told == patches


def test_the_bill_of_materials_stays_when_the_layer_is_reused(
    packer: Packer, first: Built, tmp_path: Path
) -> None:
    before = sbom(first.image, tmp_path / "before")
    app = Path(shutil.copytree(PINNED, tmp_path / "app"))
    (app / "main.py").write_text((app / "main.py").read_text().replace('"one"', '"two"'))
    again = built(packer, app, "first")
    assert "no installer runs" in again.log
    assert sbom(again.image, tmp_path / "after") == before
