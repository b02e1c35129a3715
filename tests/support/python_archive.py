"""Archives of CPython as uv installs them, made from Debian's packages, and their list.

Their shape is that of python-build-standalone's ``install_only`` archives: ``python/bin``,
``python/lib``, ``python/include``, and sysconfig's data with paths below ``/install``.
"""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.packing import run

from scripts.toolchain import cache, machine
from scripts.toolchain.setup import site

MINOR = "3.11"
VERSION = "3.11.2"
"""What Debian 12 has."""

LATER = "3.11.9"
"""The same, which says of itself that it is this version."""

SUITE = "bookworm"
PACKAGES = (f"python{MINOR}-minimal", f"libpython{MINOR}-stdlib", f"libpython{MINOR}-dev")
PLACES = (
    *(f"bin/python{MINOR}", f"lib/python{MINOR}/"),
    *(f"include/python{MINOR}/", f"include/x86_64-linux-gnu/python{MINOR}/"),
)
"""What of the packages, and of those that they need, goes into an archive: below ``usr``."""

PROGRAM = f"python/bin/python{MINOR}"
SYSCONFIG = f"python/lib/python{MINOR}/_sysconfigdata__x86_64-linux-gnu.py"
EXTRAS = {
    f"python/lib/python{MINOR}/test/test_nothing.py": b"assert False\n",
    f"python/lib/python{MINOR}/idlelib/idle.py": b"",
    f"python/lib/python{MINOR}/site-packages/pip/__init__.py": b"",
    f"python/lib/python{MINOR}/ensurepip/__init__.py": b"",
    f"python/lib/libpython{MINOR}.so.1.0": b"\x7fELF",
    "python/lib/libtcl8.6.so": b"\x7fELF",
    "python/share/man/man1/python3.1": b"",
    f"python/lib/python{MINOR}/__pycache__/os.cpython-311.pyc": b"stale",
}
"""What such archives hold, and Debian's packages don't."""


@dataclass(frozen=True)
class Archive:
    """One archive, and what it says of itself."""

    path: Path
    version: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def archives(folder: Path) -> tuple[Archive, Archive]:
    """Both versions, in a folder of the test's."""
    packages = _unpacked()
    made = []
    for version in (VERSION, LATER):
        archive = Archive(folder / f"cpython-{version}.tar.gz", version)
        shutil.copyfile(packages / archive.path.name, archive.path)
        made.append(archive)
    return made[0], made[1]


def listed(addresses: Mapping[str, Archive], sha256: str | None = None) -> str:
    """uv's list of downloads; a key is the address of an archive.

    With ``sha256``, that one is claimed for all.
    """
    entries = {}
    for address, archive in addresses.items():
        major, minor, patch = (int(part) for part in archive.version.split("."))
        entries[f"cpython-{archive.version}-linux-x86_64-gnu"] = {
            "name": "cpython",
            "arch": {"family": "x86_64", "variant": None},
            "os": "linux",
            "libc": "gnu",
            "major": major,
            "minor": minor,
            "patch": patch,
            "prerelease": "",
            "url": address,
            "sha256": sha256 or archive.sha256,
            "variant": None,
            "build": "20261110",
        }
    return json.dumps(entries)


def _unpacked() -> Path:
    """The archives, kept in the cache of the tools."""
    here = site()

    def fill(to: Path) -> None:
        machine.need_mmdebstrap(here)
        options = [f"--aptopt={option}" for option in machine.apt_options()]
        command = ["mmdebstrap", "--variant=extract", f"--include={','.join(PACKAGES)}", *options]
        whole = to / "files.tar"
        done = run(*command, SUITE, str(whole), *machine.mirrors().sources(SUITE))
        assert done.returncode == 0, done.stdout
        for version in (VERSION, LATER):
            _write(whole, to / f"cpython-{version}.tar.gz", version)
        whole.unlink()

    key = cache.key_of(SUITE, *PACKAGES, Path(__file__))
    return cache.entry(here.cache, "python-archive", key, fill)


def _write(files: Path, to: Path, version: str) -> None:
    with tarfile.open(files) as source, tarfile.open(to, mode="w:gz", compresslevel=1) as target:
        for member in source:
            member.name = _placed(member.name.removeprefix("./"))
            # Links lead out of the tree, or to a library that only the packages' place has.
            if not member.name or not member.isreg():
                continue
            content = source.extractfile(member)
            assert content is not None  # a regular file
            _add(target, member.name, _changed(member.name, content.read(), version), member.mode)
        for name, data in EXTRAS.items():
            _add(target, name, data, 0o644)
        for name in ("python", "python3"):
            link = tarfile.TarInfo(f"python/bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, f"python{MINOR}"
            target.addfile(link)


def _placed(name: str) -> str:
    """Where a package's file lies in the archive; empty for what isn't part of it."""
    for below in PLACES:
        if name == f"usr/{below}" or (below.endswith("/") and name.startswith(f"usr/{below}")):
            return "python/" + name.removeprefix("usr/")
    return ""


def _changed(name: str, data: bytes, version: str) -> bytes:
    if name == PROGRAM:
        return data.replace(VERSION.encode() + b" ", version.encode() + b" ").replace(
            VERSION.encode() + b"\0", version.encode() + b"\0"
        )
    return data.replace(b"'/usr", b"'/install") if name == SYSCONFIG else data


def _add(target: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    target.addfile(entry, io.BytesIO(data))
