"""How large an image is, and what is in it."""

import json
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from scripts.toolchain import shell
from scripts.toolchain.errors import SetupError


@dataclass(frozen=True)
class Entry:
    """A file below the folder that was asked for; ``size`` in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class LayerSize:
    """A layer's regular files."""

    files: int
    size: int


def image_size(image: str) -> float:
    """Uncompressed, its base included, in millions of bytes."""
    told = shell.ask(["docker", "image", "inspect", "--format", "{{.Size}}", image])
    if told is None:
        raise SetupError(f"The image {image} is gone", "Look at the engine's log")
    return int(told) / 1e6


def files_in(container: str, folder: str) -> list[Entry]:
    """The regular files below a folder of a container, which need not run."""
    command = ["docker", "cp", f"{container}:{folder}", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as copying:
        assert copying.stdout is not None  # asked for above
        try:
            with tarfile.open(fileobj=copying.stdout, mode="r|") as archive:
                return [Entry(_below(file.name), file.size) for file in archive if file.isreg()]
        except tarfile.TarError:
            raise SetupError(f"{folder} can't be read in {container}", "Is it there?") from None


def _below(name: str) -> str:
    """The archive's names begin with the folder itself."""
    return str(PurePosixPath(*PurePosixPath(name).parts[1:]))


def layer_sizes(files: Iterable[Entry]) -> dict[str, LayerSize]:
    """By layer, of the files below /layers/BUILDPACK."""
    found: dict[str, LayerSize] = {}
    for file in files:
        layer, below, _ = file.path.partition("/")
        if below:
            before = found.get(layer, LayerSize(0, 0))
            found[layer] = LayerSize(before.files + 1, before.size + file.size)
    return found


def distributions(files: Iterable[Entry]) -> set[str]:
    """``{"flask-migrate 4.1.0", …}``: the Python packages whose metadata is among the files."""
    folders = (
        PurePosixPath(file.path).parent.name.removesuffix(".dist-info")
        for file in files
        if file.path.endswith(".dist-info/METADATA")
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
