"""How large an image is, and what is in it."""

import json
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from scripts.toolchain import shell
from scripts.toolchain.errors import SetupError


def image_size(image: str) -> float:
    """Uncompressed, its base included, in millions of bytes."""
    told = shell.ask(["docker", "image", "inspect", "--format", "{{.Size}}", image])
    if told is None:
        raise SetupError(f"The image {image} is gone", "Look at the engine's log")
    return int(told) / 1e6


def copy_out(image: str, folder: str, container: str, to: Path) -> None:
    """A folder of an image as a tar archive, whose names begin with the folder's own."""
    if shell.ask(["docker", "create", "--name", container, image]) is None:
        raise SetupError(f"No container could be made of {image}", "Look at the engine's log")
    try:
        with to.open("wb") as archive:
            copy = ["docker", "cp", f"{container}:{folder}", "-"]
            done = subprocess.run(copy, stdout=archive, stderr=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise SetupError(f"{folder} can't be read in {image}", "Is it there?")
    finally:
        shell.ask(["docker", "rm", "--force", container])


def files_in(archive: Path) -> list[str]:
    with tarfile.open(archive) as opened:
        return opened.getnames()


def distributions(files: Iterable[str]) -> set[str]:
    """``{"flask-migrate 4.1.0", …}``: the Python packages whose metadata is among the files."""
    folders = (
        PurePosixPath(file).parent.name.removesuffix(".dist-info")
        for file in files
        if file.endswith(".dist-info/METADATA")
    )
    parts = (folder.rpartition("-") for folder in folders)
    return {f"{name.lower().replace('_', '-')} {version}" for name, _, version in parts}


def compressed(image: str, base: str) -> float:
    """The layers that are not the base's, each gzipped, in millions of bytes."""
    layers = len(_layers(image)) - len(_layers(base))
    with tempfile.TemporaryFile() as archive:
        subprocess.run(["docker", "save", image], stdout=archive, check=True)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as saved:
            return sum(_gzipped(layer) for layer in _last_layers(saved, layers)) / 1e6


def _layers(image: str) -> Sequence[str]:
    told = shell.ask(["docker", "image", "inspect", "--format", "{{json .RootFS.Layers}}", image])
    layers: list[str] = json.loads(told or "[]")
    return layers


def _last_layers(saved: tarfile.TarFile, count: int) -> Iterator[IO[bytes]]:
    manifest = saved.extractfile("manifest.json")
    assert manifest is not None  # docker save always writes it
    (described,) = json.load(manifest)
    names: list[str] = described["Layers"]
    for name in names[len(names) - count :]:
        layer = saved.extractfile(name)
        assert layer is not None  # named in the manifest
        yield layer


def _gzipped(file: IO[bytes]) -> int:
    packer = zlib.compressobj(level=6, wbits=31)
    size = 0
    while block := file.read(1 << 20):
        size += len(packer.compress(block))
    return size + len(packer.flush())
