"""builder.toml, and pack's command line."""

import socket
import tomllib
from pathlib import Path

import pytest

from scripts.toolchain import builder, building

TEMPLATE = Path(__file__).resolve().parents[2] / "builder" / "builder.toml"

NAMES = {
    "buildpack": "/cache/buildpack/flaskpack",
    "lifecycle": "/cache/lifecycle.tgz",
    "build_image": "flaskpack/build:trixie",
    "run_image": "flaskpack/run:trixie",
    "version": "0.1.0",
}

PARSED = {
    "description": "Flask apps served by gunicorn and meinheld",
    "buildpacks": [{"uri": "/cache/buildpack/flaskpack"}],
    "order": [{"group": [{"id": "flaskpack", "version": "0.1.0"}]}],
    "lifecycle": {"uri": "/cache/lifecycle.tgz"},
    "build": {"image": "flaskpack/build:trixie"},
    "run": {"images": [{"image": "flaskpack/run:trixie"}]},
    "targets": [{"os": "linux", "arch": "amd64"}],
}


def test_a_builder_that_declares_its_python() -> None:
    text = builder.render(TEMPLATE.read_text(encoding="utf-8"), NAMES, "3.13")
    build = {
        "image": "flaskpack/build:trixie",
        "env": [{"name": "BP_STACK_PYTHON", "value": "3.13"}],
    }
    assert tomllib.loads(text) == PARSED | {"build": build}


def test_a_builder_that_declares_none() -> None:
    text = builder.render(TEMPLATE.read_text(encoding="utf-8"), NAMES, None)
    assert tomllib.loads(text) == PARSED


def test_the_version_is_the_buildpacks_own(tmp_path: Path) -> None:
    (tmp_path / "buildpack.toml").write_text('[buildpack]\nversion = "1.2.3"\n')
    assert builder.version_of(tmp_path) == "1.2.3"


@pytest.mark.parametrize(
    ("bundle", "volume"),
    [
        (None, []),
        (
            Path("/company.crt"),
            ["--volume", "/company.crt:/etc/ssl/certs/ca-certificates.crt:ro"],
        ),
    ],
)
def test_pack_build(bundle: Path | None, volume: list[str]) -> None:
    assert building.command("pack", "myapp", Path("DIR"), "b:t", bundle, {}) == [
        *("pack", "build", "myapp", "--path", "DIR", "--builder", "b:t"),
        *("--pull-policy", "never", "--trust-builder"),
        *volume,
    ]


def test_pack_build_with_another_engine() -> None:
    env = {"DOCKER_HOST": "unix:///run/other.sock"}
    assert building.command("pack", "myapp", Path("DIR"), "b:t", None, env)[-2:] == [
        *("--docker-host", "inherit"),
    ]


def test_a_taken_port_is_replaced() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert building.free_port(port) not in (0, port)
    assert building.free_port(port) == port
