"""Where shared objects look for others: read from real ones, and from what is none."""

import subprocess
from pathlib import Path

import pytest

from layers.packages.libraries import looked_for, search_paths
from layers.packages.moving import move, show, show_neighbours

SITE = "lib/python3.13/site-packages"


def library(path: Path, *options: str) -> Path:
    """A shared object with these options of the linker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    linker = [f"-Wl,{option}" for option in options]
    command = ["gcc", "-shared", "-x", "c", "/dev/null", "-o", str(path), *linker]
    subprocess.run(command, check=True)
    return path


def shared_out(venv: Path, parts: dict[Path, list[str]]) -> None:
    for part, entries in parts.items():
        move(venv, part, entries)
        show(venv, part, entries)
    for part, entries in parts.items():
        show_neighbours(venv, part, entries)


PATHS = {
    "none": ((), []),
    "a new one": (("--enable-new-dtags", "-rpath,$ORIGIN/../x.libs"), ["../x.libs"]),
    "an old one": (("--disable-new-dtags", "-rpath,$ORIGIN/../x.libs"), ["../x.libs"]),
    "several": (("-rpath,$ORIGIN/../a:/usr/lib:${ORIGIN}/b",), ["../a", "b"]),
    "the folder itself": (("-rpath,$ORIGIN",), []),
}


@pytest.mark.parametrize(("options", "paths"), PATHS.values(), ids=PATHS)
def test_search_paths(tmp_path: Path, options: tuple[str, ...], paths: list[str]) -> None:
    assert search_paths(library(tmp_path / "x.so", *options)) == paths


def test_a_library_cut_short_is_none(tmp_path: Path) -> None:
    whole = library(tmp_path / "x.so", "-rpath,$ORIGIN/a").read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "cut.so").write_bytes(whole[:length])
        assert search_paths(tmp_path / "cut.so") in ([], ["a"])


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"\x7fELF\x02\x01" + b"\xff" * 4000, b"#!/"])
def test_what_is_no_library_looks_for_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.so").write_bytes(content)
    assert search_paths(tmp_path / "x.so") == []
    assert search_paths(tmp_path / "absent.so") == []


def test_what_is_looked_for_stays_below(tmp_path: Path) -> None:
    library(tmp_path / "a/b/x.so.1", "-rpath,$ORIGIN/../c:$ORIGIN/../../../etc")
    assert looked_for(tmp_path) == ["a/c"]


def test_a_library_finds_its_neighbours_from_its_layer(tmp_path: Path) -> None:
    """torch finds nvidia's libraries by ``$ORIGIN/../../nvidia/cublas/lib``: both have layers."""
    venv, torch, nvidia = tmp_path / "venv", tmp_path / "torch", tmp_path / "nvidia"
    origin = "-rpath,$ORIGIN/../../nvidia/cublas/lib:$ORIGIN/../../absent/lib"
    needing = library(venv / SITE / "torch/lib/libtorch.so", origin)
    needed = library(venv / SITE / "nvidia/cublas/lib/libcublas.so")
    shared_out(venv, {torch: [f"{SITE}/torch"], nvidia: [f"{SITE}/nvidia/cublas"]})
    assert needing.resolve() == torch / SITE / "torch/lib/libtorch.so"
    seen = needing.resolve().parent / "../../nvidia/cublas/lib/libcublas.so"
    assert seen.resolve() == needed.resolve() == nvidia / SITE / "nvidia/cublas/lib/libcublas.so"
    assert sorted(path.name for path in (torch / SITE).iterdir()) == ["absent", "nvidia", "torch"]


def test_a_library_finds_neighbours_that_come_later(tmp_path: Path) -> None:
    """tensorflow looks for nvidia's, which only its extra brings: maybe in a later build."""
    venv, flow, nvidia = tmp_path / "venv", tmp_path / "flow", tmp_path / "nvidia"
    origin = "-rpath,$ORIGIN/../nvidia/cublas/lib:$ORIGIN/inner"
    needing = library(venv / SITE / "flow/libflow.so", origin)
    shared_out(venv, {flow: [f"{SITE}/flow"]})
    needed = library(venv / SITE / "nvidia/cublas/lib/libcublas.so")
    shared_out(venv, {nvidia: [f"{SITE}/nvidia/cublas"]})
    seen = needing.resolve().parent / "../nvidia/cublas/lib/libcublas.so"
    assert seen.resolve() == needed.resolve()
    assert sorted(path.name for path in (flow / SITE).iterdir()) == ["flow", "nvidia"]
    assert [path.name for path in (flow / SITE / "flow").iterdir()] == ["libflow.so"]


def test_a_library_finds_those_beside_python(tmp_path: Path) -> None:
    """Intel's wheels put theirs into the environment's own lib folder."""
    venv, mkl, daal = tmp_path / "venv", tmp_path / "mkl", tmp_path / "daal"
    needing = library(venv / SITE / "daal/a.so", "-rpath,$ORIGIN/../../..:$ORIGIN/../..")
    needed = library(venv / "lib/libmkl.so.2")
    shared_out(venv, {mkl: ["lib/libmkl.so.2"], daal: [f"{SITE}/daal"]})
    seen = needing.resolve().parent / "../../../libmkl.so.2"
    assert seen.resolve() == needed.resolve() == mkl / "lib/libmkl.so.2"
    assert sorted(path.name for path in (daal / "lib").iterdir()) == ["libmkl.so.2", "python3.13"]
