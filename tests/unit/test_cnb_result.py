"""The outputs of bin/build: whole documents, as the lifecycle reads them."""

import stat
import tomllib
from pathlib import Path

from buildpack.cnb.launch import Label, Launch, Process, Slice
from buildpack.cnb.layer import EnvFile, Layer, Types, fresh_folder, write_launch_env
from buildpack.cnb.result import BuildPlan, BuildResult, Sbom


def read(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text())


def test_everything_is_written_in_one_go(tmp_path: Path) -> None:
    BuildResult(
        layers=(
            Layer("venv", Types(launch=True), {"key": [{"name": "a", "digest": "0f"}]}),
            Layer("wheels", Types(cache=True)),
        ),
        launch=Launch(
            processes=(
                Process("web", ("/layers/start",), default=True),
                Process("flask", ("flask",), ("routes",)),
            ),
            labels=(Label("org.example", "1"),),
            slices=(Slice(("static/*",)),),
        ),
        store={"python": "3.13"},
        unmet=("node",),
        sboms=(Sbom("venv", "application/vnd.cyclonedx+json", "{}\n"),),
    ).write(tmp_path)
    assert read(tmp_path / "venv.toml") == {
        "types": {"launch": True, "build": False, "cache": False},
        "metadata": {"key": [{"name": "a", "digest": "0f"}]},
    }
    assert read(tmp_path / "wheels.toml") == {
        "types": {"launch": False, "build": False, "cache": True},
        "metadata": {},
    }
    assert read(tmp_path / "launch.toml") == {
        "processes": [
            {"type": "web", "command": ["/layers/start"], "args": [], "default": True},
            {"type": "flask", "command": ["flask"], "args": ["routes"], "default": False},
        ],
        "labels": [{"key": "org.example", "value": "1"}],
        "slices": [{"paths": ["static/*"]}],
    }
    assert read(tmp_path / "build.toml") == {"unmet": [{"name": "node"}]}
    assert read(tmp_path / "store.toml") == {"metadata": {"python": "3.13"}}
    assert (tmp_path / "venv.sbom.cdx.json").read_text() == "{}\n"


def test_what_is_empty_is_not_written(tmp_path: Path) -> None:
    BuildResult().write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["launch.toml"]


def test_a_build_plan() -> None:
    assert BuildPlan(("flask",), ("flask",)).document() == {
        "provides": [{"name": "flask"}],
        "requires": [{"name": "flask"}],
    }


def test_a_variable_is_written_verbatim(tmp_path: Path) -> None:
    write_launch_env(
        tmp_path,
        (
            EnvFile("PYTHONUNBUFFERED", "default", "1"),
            EnvFile("PATH", "prepend", "/a:/b", delim=":"),
        ),
    )
    written = {path.name: path.read_bytes() for path in (tmp_path / "env.launch").iterdir()}
    assert written == {
        "PYTHONUNBUFFERED.default": b"1",
        "PATH.prepend": b"/a:/b",
        "PATH.delim": b":",
    }


def test_a_fresh_folder_holds_nothing_old(tmp_path: Path) -> None:
    folder = tmp_path / "layer"
    (folder / "old").mkdir(parents=True)
    assert list(fresh_folder(folder).iterdir()) == []
    assert stat.S_ISDIR(folder.stat().st_mode)
