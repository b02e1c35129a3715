"""Why the real uv couldn't install a Python, in our words, without credentials."""

import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest
from support.python_archive import LATER, VERSION, Archive
from support.python_installs import LIST, SECRET, Mirror, mirror_in, names, provide

from buildpack.errors import FlaskpackError


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    with mirror_in(tmp_path_factory.mktemp("mirror")) as made:
        yield made


@pytest.fixture
def both(mirror: Mirror) -> dict[str, str]:
    """The setting that offers both versions."""
    return mirror.offering("both.json", *mirror.archives())


def failure(root: Path, network: Mapping[str, str], wish: str = VERSION) -> str:
    with pytest.raises(FlaskpackError) as caught:
        provide(root, network, wish)
    text = caught.value.explanation.render()
    assert SECRET not in text
    assert names(root / "layers") in ([], ["python"])
    return text


MIRROR = (
    "Or fetch it from a mirror of python-build-standalone's releases: "
    "pack build … --env UV_PYTHON_INSTALL_MIRROR=https://HOST/PATH\n"
)


def test_an_archive_that_is_not_there(tmp_path: Path, mirror: Mirror) -> None:
    lost = Archive(mirror.folder / "lost.tar.gz", VERSION)
    network = mirror.offering("lost.json", lost, sha256="0" * 64)
    host = mirror.address.rpartition("@")[2]
    assert failure(tmp_path, network) == (
        f"Error: Python {VERSION} couldn't be fetched: there is no such file\n\n"
        f"There is nothing at http://****@{host}/lost.tar.gz\n\n"
        "What to do:\n"
        "  1. If UV_PYTHON_INSTALL_MIRROR or UV_PYTHON_DOWNLOADS_JSON_URL is set, check it: a "
        "mirror has the folders of python-build-standalone's releases.\n"
        f"  2. {MIRROR}"
    )


def test_a_mirror_without_the_version(tmp_path: Path, mirror: Mirror) -> None:
    text = failure(tmp_path, {"UV_PYTHON_INSTALL_MIRROR": f"{mirror.address}/m"}, "3.12.4")
    assert text.startswith("Error: Python 3.12.4 couldn't be fetched: there is no such file\n")
    assert "/m/20240726/cpython-3.12.4" in text


@pytest.mark.parametrize(
    ("path", "title", "answer"),
    [
        ("refused", "access is refused", "401 Unauthorized"),
        ("failing", "the server is out of order", "503 Service Unavailable"),
    ],
)
def test_a_server_that_refuses_or_fails(
    tmp_path: Path, mirror: Mirror, path: str, title: str, answer: str
) -> None:
    text = failure(tmp_path, {"UV_PYTHON_INSTALL_MIRROR": f"{mirror.address}/{path}"}, "3.12.4")
    assert text.startswith(f"Error: Python 3.12.4 couldn't be fetched: {title}\n")
    assert f" answered: {answer}\n" in text


def test_another_content_than_the_list_says(tmp_path: Path, mirror: Mirror) -> None:
    first, _ = mirror.archives()
    network = mirror.offering("bad.json", first, sha256="0" * 64)
    assert failure(tmp_path, network) == (
        f"Error: Python {VERSION} isn't what it should be: its checksum is another\n\n"
        "The file that was fetched is not the one that uv, or the list of "
        "UV_PYTHON_DOWNLOADS_JSON_URL, knows. Nothing of it was kept.\n\n"
        "Found:\n"
        f"  sha256 expected: {'0' * 64}\n"
        f"  sha256 of the file: {first.sha256}\n\n"
        "What to do:\n"
        "  1. If a mirror served it, see to the file there.\n"
        f"  2. {MIRROR}"
    )


def test_half_an_archive(tmp_path: Path, mirror: Mirror) -> None:
    half = Archive(mirror.folder / "half.tar.gz", VERSION)
    half.path.write_bytes(mirror.archives()[0].path.read_bytes()[:3_000_000])
    network = mirror.offering("half.json", half)
    assert failure(tmp_path, network).startswith(f"Error: Python {VERSION} can't be unpacked\n")


@pytest.mark.parametrize("content", ['{"x": ', '{"x": {}}', "<html>"])
def test_a_list_that_is_none(tmp_path: Path, mirror: Mirror, content: str) -> None:
    (mirror.folder / "none.json").write_text(content)
    text = failure(tmp_path, {LIST: f"{mirror.address}/none.json"})
    assert text.startswith("Error: the list of Pythons can't be read\n")
    assert "Unable to parse the JSON Python download list at `http://" in text


def test_a_list_that_is_not_there(tmp_path: Path, mirror: Mirror) -> None:
    text = failure(tmp_path, {LIST: f"{mirror.address}/nowhere.json"})
    assert text.startswith("Error: the list of Pythons couldn't be fetched: there is no such file")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("http://127.0.0.1:1", "no connection"),
        ("http://flaskpack-no-such-host.invalid", "no such host"),
    ],
)
def test_a_server_that_is_not_there(tmp_path: Path, address: str, title: str) -> None:
    text = failure(tmp_path, {"UV_PYTHON_INSTALL_MIRROR": address}, "3.12.4")
    assert text.startswith(f"Error: Python 3.12.4 couldn't be fetched: {title}\n")


def test_a_python_of_another_version_than_the_list_says(tmp_path: Path, mirror: Mirror) -> None:
    lying = replace(mirror.archives()[0], version="3.11.7")
    network = mirror.offering("lying.json", lying)
    text = failure(tmp_path, network, "3.11.7")
    assert text.startswith("Error: Python 3.11.7 was installed and doesn't run\n")
    assert f"Found:\n  It says that it is Python {VERSION}\n" in text


def test_a_python_that_does_not_start(tmp_path: Path, mirror: Mirror) -> None:
    broken = Archive(mirror.folder / "broken.tar.gz", VERSION)
    script = b"#!/bin/sh\necho 'libz.so.1: cannot open shared object file' >&2\nexit 127\n"
    whole = mirror.archives()[0].path
    with tarfile.open(whole) as good, tarfile.open(broken.path, "w:gz", compresslevel=1) as bad:
        for entry in good:
            content: IO[bytes] | None = good.extractfile(entry) if entry.isreg() else None
            if entry.name == "python/bin/python3.11":
                entry.size, content = len(script), io.BytesIO(script)
            bad.addfile(entry, content)
    assert failure(tmp_path, mirror.offering("broken.json", broken)) == (
        f"Error: Python {VERSION} was installed and doesn't run\n\n"
        "uv's Pythons need a system with glibc 2.17 or newer, or with musl; one from a list of "
        "your own has to be what the list says.\n\n"
        "Found:\n  libz.so.1: cannot open shared object file\n\n"
        f"What to do:\n  {MIRROR}"
    )


def test_a_version_that_is_not_to_be_had(tmp_path: Path, both: dict[str, str]) -> None:
    assert failure(tmp_path, both, "3.12.1") == (
        "Error: the app asks for a Python that isn't to be had\n\n"
        "Neither the run image nor uv has a version that is all of this.\n\n"
        "Found:\n"
        "  BP_PYTHON_VERSION: 3.12.1\n"
        "  The run image has none\n"
        f"  uv offers {LATER}\n\n"
        "What to do:\n"
        "  Build with: pack build … --env BP_PYTHON_VERSION=3.11\n"
    )


def test_a_version_that_is_too_old(tmp_path: Path) -> None:
    text = failure(tmp_path, {}, "2.7.18")
    assert text.startswith(
        "Error: the app asks for a Python that is too old\n\n"
        "Flaskpack runs apps on Python 3.9 and newer.\n\n"
        "Found:\n"
        "  BP_PYTHON_VERSION: 2.7.18\n"
        "  The run image has none\n"
        "  uv offers 3."
    )
    assert text.endswith("  Build with: pack build … --env BP_PYTHON_VERSION=3.13\n")


def test_a_full_disk(tmp_path: Path, both: dict[str, str]) -> None:
    layers = tmp_path / "layers"
    layers.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(layers)]
    subprocess.run(mount, check=True)
    try:
        with pytest.raises(FlaskpackError) as caught:
            provide(tmp_path, both, VERSION)
    finally:
        subprocess.run(["umount", str(layers)], check=True)
    text = caught.value.explanation.render()
    assert text.startswith(
        f"Error: the disk is full\n\nThere was no room left for Python {VERSION}.\n"
    )
