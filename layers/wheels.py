"""The ``wheels`` layer: what makes the next install quick.

uv's cache, packed: one compressed file for each unpacked wheel and one for the index of
them. The lifecycle restores, archives and hashes every cached layer in every build,
whether or not it is needed, and that costs by the number of files and bytes: so it is
few and small files, unpacked only when something is installed.
"""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from buildpack import log
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer, Types, fresh_folder

NAME = "wheels"
ARCHIVES = "archive-v*"
"""uv's folder of unpacked wheels, each in a folder with a random name."""

INDEX = ("wheels-v*", "sdists-v*")
"""uv's folders of links into the archives. Its copies of index pages are left out: they
would be asked again anyway, and hold addresses that may hold credentials."""

INDEX_FILE = "index.tar.gz"
SUFFIX = ".tar.gz"


@dataclass(frozen=True)
class Wheels:
    """The cached layer of one build; ``work`` is uv's cache while it runs.

    ``work`` lies beside the layers, so that uv can link from it into the venv.
    ``made_for`` says what the wheels fit; ``resolved`` is the day ("2026-11-23") of the
    last install, or empty. It is kept here, not with the venv: the image's own metadata
    must not depend on the day of its build.
    """

    folder: Path
    work: Path
    made_for: Mapping[str, str]
    resolved: str

    def layer(self) -> Layer:
        """The declaration."""
        metadata = {"made_for": dict(self.made_for), "resolved": self.resolved}
        return Layer(NAME, Types(cache=True), metadata)


def open_wheels(context: BuildContext, made_for: Mapping[str, str]) -> Wheels:
    """The layer as it was restored; emptied where it was made for something else."""
    folder = context.layers_dir / NAME
    restored = context.restored.get(NAME, {})
    fitting = restored.get("made_for") == made_for
    if not fitting:
        fresh_folder(folder)
    folder.mkdir(exist_ok=True)
    resolved = str(restored.get("resolved", "")) if fitting else ""
    return Wheels(folder, context.layers_dir / "uv-cache", made_for, resolved)


def unpack(wheels: Wheels) -> None:
    """Fill uv's cache from the layer; a layer that can't be read is emptied, and said so."""
    fresh_folder(wheels.work)
    targets = {
        path: wheels.work / path.parent.relative_to(wheels.folder) for path in _packed(wheels)
    }
    # Made here: two threads that find the same folder missing would get into each other's way.
    for folder in targets.values():
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(_extract, targets.keys(), targets.values()))
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        log.warning(f"The cached wheels can't be read and are left out: {error}")
        fresh_folder(wheels.folder)
        fresh_folder(wheels.work)


def pack(wheels: Wheels, site_packages: Path) -> None:
    """Keep what this environment was made from, and nothing else; uv's cache is removed."""
    used = {
        wheels.folder / f"{archive.relative_to(wheels.work)}{SUFFIX}": archive
        for archive in _used(wheels.work, site_packages)
    }
    for path in _packed(wheels):
        if path not in used:
            path.unlink()
    index = [folder for pattern in INDEX for folder in sorted(wheels.work.glob(pattern))]
    with ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(_archive, path, archive.parent, [archive])
            for path, archive in used.items()
            if not path.exists()
        ]
        jobs.append(pool.submit(_archive, wheels.folder / INDEX_FILE, wheels.work, index))
        for job in jobs:
            job.result()
    shutil.rmtree(wheels.work)


def _packed(wheels: Wheels) -> list[Path]:
    """The packed files; one in a folder of uv's cache is unpacked into that folder."""
    return sorted(wheels.folder.rglob(f"*{SUFFIX}"))


def _used(work: Path, site_packages: Path) -> Iterator[Path]:
    """The unpacked wheels whose metadata folder is in the environment."""
    for archive in sorted(work.glob(f"{ARCHIVES}/*")):
        if any((site_packages / info.name).is_dir() for info in archive.glob("*.dist-info")):
            yield archive


def _archive(target: Path, root: Path, folders: list[Path]) -> None:
    """A compressed tar of folders below ``root``; the same bytes for the same content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for folder in folders:
            _add(tar, folder, root)
    partial.rename(target)


def _add(tar: tarfile.TarFile, path: Path, root: Path) -> None:
    tar.add(path, arcname=str(path.relative_to(root)), recursive=False, filter=_without_origin)
    if path.is_dir() and not path.is_symlink():
        for child in sorted(path.iterdir()):
            # Of an unpacked source distribution uv keeps the wheel that it built beside it.
            if child.name != "src" or not child.relative_to(root).parts[0].startswith("sdists-v"):
                _add(tar, child, root)


def _without_origin(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _extract(path: Path, target: Path) -> None:
    with gzip.open(path) as packed:
        with tarfile.open(fileobj=packed, mode="r|") as tar:
            # Debian 12's Python 3.11.2 knows no filters yet, and ignores this.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(target)
        # The checksum stands behind what tar reads.
        while packed.read(1 << 20):
            pass
