"""The buildpack that only declares layers, run as the lifecycle runs it."""

import os
import subprocess
import tomllib
from pathlib import Path

from benchmarks.build import floor
from benchmarks.build.sizes import LayerSize

LAYERS = {"venv": LayerSize(3, 1000), "web": LayerSize(1, 5)}


def run(buildpack: Path, layers: Path) -> None:
    subprocess.run(
        [buildpack / "bin" / "build"],
        env={"PATH": os.environ["PATH"], "CNB_LAYERS_DIR": str(layers)},
        check=True,
    )


def sizes(folder: Path) -> list[int]:
    return sorted(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_layers_are_filled_once_and_declared_each_time(tmp_path: Path) -> None:
    floor.write(tmp_path / "buildpack", 'api = "0.10"\n', LAYERS)
    assert (tmp_path / "buildpack" / "buildpack.toml").read_text() == 'api = "0.10"\n'
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()

    run(tmp_path / "buildpack", first)
    assert sizes(first / "venv") == [332, 334, 334]
    assert sizes(first / "web") == [5]
    declared = tomllib.loads((first / "venv.toml").read_text())
    assert declared == {"types": {"launch": True}, "metadata": {"files": 3}}
    (process,) = tomllib.loads((first / "launch.toml").read_text())["processes"]
    assert process == {"type": "web", "command": ["true"], "default": True}

    # What the lifecycle restores of a launch layer is its metadata.
    for name in LAYERS:
        (second / f"{name}.toml").write_text("[metadata]\nfiles = 3\n")
    run(tmp_path / "buildpack", second)
    assert sorted(path.name for path in second.iterdir()) == [
        "launch.toml",
        "venv.toml",
        "web.toml",
    ]
    assert tomllib.loads((second / "venv.toml").read_text()) == declared


def test_detection_passes(tmp_path: Path) -> None:
    floor.write(tmp_path / "buildpack", "", LAYERS)
    subprocess.run([tmp_path / "buildpack" / "bin" / "detect"], check=True)
