"""The buildpack that only caches, run as the lifecycle runs it, and its report."""

import os
import subprocess
import tarfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.build import caching, caching_report, floor
from benchmarks.build.caching import FORMS, Form
from benchmarks.build.caching_report import Caching

REPORT = Caching(
    date="2026-01-31",
    command="scripts/bench build --caching --rounds 2",
    commit="abc1234",
    machine={"memory": "4 GiB"},
    rounds=2,
    samples={form.key: [1.5 + number, 2.0 + number] for number, form in enumerate(FORMS)},
)


def build(buildpack: Path, layers: Path) -> None:
    layers.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "CNB_LAYERS_DIR": str(layers)}
    subprocess.run([buildpack / "bin" / "build"], env=env, check=True)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "cached.tar"


@pytest.fixture
def buildpack(archive: Path, tmp_path: Path) -> Path:
    programs = caching.BUILD.format(archive=archive)
    floor.write_programs(tmp_path / "caching", 'api = "0.10"\n', programs)
    return tmp_path / "caching"


def test_a_layer_is_filled_once_and_declared_each_time(
    buildpack: Path, archive: Path, tmp_path: Path
) -> None:
    layers = tmp_path / "layers"
    caching.fill(Form("wheels", megabytes=1, files=3), archive)
    build(buildpack, layers)
    files = [file for file in (layers / "cached").rglob("*") if file.is_file()]
    assert [file.stat().st_size for file in files] == [333_333] * 3

    # What the lifecycle restores is there already.
    (layers / "cached.toml").write_text("[metadata]\n")
    files[0].write_text("restored")
    build(buildpack, layers)
    assert files[0].read_text() == "restored"
    assert (layers / "cached.toml").read_text() == "[types]\ncache = true\n"


def test_where_nothing_is_mounted_nothing_is_cached(buildpack: Path, tmp_path: Path) -> None:
    build(buildpack, tmp_path / "layers")
    assert [file.name for file in (tmp_path / "layers").iterdir()] == ["launch.toml"]


def test_a_form_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    form = Form("wheels", megabytes=1, files=300)
    one, other = tmp_path / "one.tar", tmp_path / "other.tar"
    caching.fill(form, one)
    caching.fill(form, other)
    assert one.read_bytes() == other.read_bytes()
    with tarfile.open(one) as archive:
        assert [*archive.getnames()][::100] == ["cached/0/0", "cached/1/100", "cached/2/200"]


def test_the_table() -> None:
    table = [
        line for line in caching_report.render(REPORT, "x.svg").splitlines() if line.startswith("|")
    ]
    assert table[:4] == [
        "| what is cached | MB | files | code-only rebuild, s | more than with nothing, s |",
        "|---|--:|--:|--:|--:|",
        "| nothing | 0 | 0 | 1.75 [1.50, 2.00] |  |",
        "| downloaded wheels | 10 | 4 | 2.75 [2.50, 3.00] | 1.00 |",
    ]
    assert table[8] == "| uv's cache, unpacked | 400 | 12,000 | 7.75 [7.50, 8.00] | 6.00 |"


def test_the_picture_has_a_bar_for_each_form_on_one_scale() -> None:
    svg = ElementTree.fromstring(caching_report.draw(REPORT))
    widths = [bar.get("width") for bar in svg.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths == ["94.1", "147.8", "201.6", "255.3", "309.1", "362.8", "416.6"]
