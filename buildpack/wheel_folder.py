"""The app's own folder of packages, ``wheels/`` or ``vendor/``: with it no index is asked.

It counts when wheels or source distributions lie at its top (a vendor/ with assets for the
browser has none), and when no requirements file names it or something in it: who does that
says himself what the folder is for.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from buildpack.requirements import LocalPath, Requirements
from buildpack.requirements.syntax import normalised

NAMES = ("wheels", "vendor")
_WHEEL = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)(-\d[^-]*)?(-[^-]+){3}\.whl")
_SDIST = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)-(?P<version>\d[^-]*)\.(?:tar\.gz|zip)")


@dataclass(frozen=True)
class WheelFolder:
    """Folders of the app, and the packages in them (paths relative to the app dir).

    ``digests`` has a digest of each folder's packages, by the folder's name.
    """

    app_dir: Path
    packages: tuple[PurePosixPath, ...]
    digests: dict[str, str]

    @property
    def shown(self) -> str:
        """For a text: ``wheels/``."""
        return " and ".join(f"{name}/" for name in self.digests)

    def arguments(self) -> tuple[str, ...]:
        """What uv is told."""
        found = ["--no-index"]
        for name in self.digests:
            found += ["--find-links", str(self.app_dir / name)]
        return tuple(found)

    def keyed(self) -> dict[str, str]:
        """Its part of the key."""
        return {f"{name}/": f"sha256:{digest} used" for name, digest in self.digests.items()}

    def of(self, name: str) -> tuple[str, ...]:
        """The files of a package."""
        return tuple(str(path) for path in self.packages if _name(path.name) == normalised(name))


def find(app_dir: Path, requirements: Requirements | None) -> WheelFolder | None:
    """The folder, or both; None where there is none that counts."""
    named = requirements.locals if requirements else ()
    packages: list[PurePosixPath] = []
    digests: dict[str, str] = {}
    for name in NAMES:
        found = [] if _is_named(name, named) else _packages(app_dir, name)
        if found:
            packages += (PurePosixPath(name, path.name) for path in found)
            digests[name] = _digest(found)
    return WheelFolder(app_dir, tuple(packages), digests) if packages else None


def _is_named(name: str, locals_: Iterable[LocalPath]) -> bool:
    return any(path.path.parts[:1] == (name,) for path in locals_)


def _packages(app_dir: Path, name: str) -> list[Path]:
    """The packages at a folder's top, by name; none where only some archives lie there."""
    folder = app_dir / name
    if not folder.is_dir() or Path(os.path.realpath(folder)).parent != app_dir.resolve():
        return []
    files = sorted(path for path in folder.iterdir() if path.is_file())
    wheels = [path for path in files if _WHEEL.fullmatch(path.name)]
    archives = [path for path in files if _SDIST.fullmatch(path.name)]
    if wheels or any(_is_sdist(path) for path in archives):
        return sorted(wheels + archives)
    return []


def _is_sdist(archive: Path) -> bool:
    """Whether an archive holds metadata: jquery-3.7.1.tar.gz has a fitting name too."""
    if archive.suffix == ".zip":
        return False
    import tarfile  # with every kind of compression, for the few apps that have such a folder

    wanted = f"{archive.name.removesuffix('.tar.gz')}/PKG-INFO".lower()
    try:
        with tarfile.open(archive) as members:
            return any(member.name.lower() == wanted for member in members)
    except (tarfile.TarError, OSError, EOFError):
        return False


def _name(file: str) -> str:
    found = _WHEEL.fullmatch(file) or _SDIST.fullmatch(file)
    return normalised(found["name"]) if found else ""


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{os.fsencode(path.name)!r} {content}\n".encode())
    return total.hexdigest()
