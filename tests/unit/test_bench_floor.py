"""The buildpack that only unpacks or declares layers, run as the lifecycle runs it."""

import os
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest

from benchmarks.build import floor


@pytest.fixture
def buildpack(tmp_path: Path) -> Path:
    ours = tmp_path / "flaskpack"
    for layer, text in (("venv", "x" * 1000), ("web", "y"), ("websocket", "z")):
        (ours / layer / "bin").mkdir(parents=True)
        (ours / layer / "bin" / "file").write_text(text)
    archive = tmp_path / "layers.tar"
    with tarfile.open(archive, "w") as packed:
        packed.add(ours, "flaskpack")
    floor.write(tmp_path / "floor", 'api = "0.10"\n', ("venv", "web"), str(archive))
    return tmp_path / "floor"


def build(buildpack: Path, layers: Path) -> dict[str, str]:
    """All that is in the layers' folder then."""
    env = {"PATH": os.environ["PATH"], "CNB_LAYERS_DIR": str(layers)}
    subprocess.run([buildpack / "bin" / "build"], env=env, check=True)
    files = (path for path in layers.rglob("*") if path.is_file())
    return {path.relative_to(layers).as_posix(): path.read_text() for path in files}


def test_layers_are_filled_once_and_declared_each_time(buildpack: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    made = build(buildpack, first)
    launch = made.pop("launch.toml")
    assert tomllib.loads(launch) == {
        "processes": [{"type": "web", "command": ["true"], "default": True}]
    }
    declared = {
        "venv.toml": "[types]\nlaunch = true\n",
        "web.toml": "[types]\nlaunch = true\n",
    }
    # The file that makes the layers others than ours, for the Docker engine.
    others = {"venv/floor": "", "web/floor": ""}
    assert made == declared | others | {"venv/bin/file": "x" * 1000, "web/bin/file": "y"}

    # What the lifecycle restores of a launch layer is its declaration, without the types.
    second.mkdir()
    for name in declared:
        (second / name).touch()
    assert build(buildpack, second) == declared | {"launch.toml": launch}


def test_it_is_called_as_ours_and_detection_passes(buildpack: Path) -> None:
    assert (buildpack / "buildpack.toml").read_text() == 'api = "0.10"\n'
    subprocess.run([buildpack / "bin" / "detect"], check=True)
