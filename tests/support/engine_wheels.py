"""The packaged wheels of the engine, and places where they run."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.toolchain import cache, debs
from scripts.toolchain.site import Site

APPS = Path(__file__).resolve().parents[2] / "engine" / "tests" / "apps"

ARM_PYTHON = (
    *("python3.13-minimal", "libpython3.13-minimal", "libpython3.13-stdlib", "libc6"),
    *("libexpat1", "libffi8", "libssl3t64", "zlib1g"),
)


def packaged(minor: int | str = "*", platform: str = "") -> list[Path]:
    """The wheels that the packaged buildpack brings for a Python and a platform tag."""
    folder = Path(os.environ["FLASKPACK_BUILDPACK"]) / "vendor" / "wheels"
    return sorted(folder.glob(f"meinheld-*-cp3{minor}-cp3{minor}-{platform}*_x86_64.whl"))


def unpack(wheel: Path, to: Path, gunicorn: str | None = None) -> Path:
    """The wheel's files, with a release of gunicorn beside them, in the folder ``to``."""
    if gunicorn:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(to)]
        packages = [f"gunicorn=={gunicorn}", "packaging"]
        subprocess.run([*pip, "--no-deps", *packages], check=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(to)
    return to


def ask_once(command: Sequence[str], environment: dict[str, str] | None = None) -> Any:
    """What apps/ask_once.py says when ``command`` runs it: its line of JSON, read."""
    env = {"PATH": os.environ["PATH"], **(environment or {})}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def musl(site: Site) -> Path:
    """musl's loader, of the oldest release that Debian has: what is missing there shows."""
    suite = "bullseye"

    def fill(to: Path) -> None:
        debs.unpack(site, suite, ["musl"], to)

    place = cache.entry(site.cache, "musl", cache.key_of(suite), fill)
    (loader,) = (path for path in place.rglob("libc.so") if path.is_file())
    return loader


def arm_python(site: Site) -> list[str]:
    """A command that runs Debian's Python 3.13 for aarch64 in an emulator."""

    def fill(to: Path) -> None:
        debs.unpack(site, "bookworm", ["qemu-user-static"], to / "emulator")
        debs.unpack(site, "trixie", ARM_PYTHON, to / "root", architecture="arm64")
        # base-files brings it, which nothing else here needs.
        (to / "root" / "lib").symlink_to("usr/lib")

    place = cache.entry(site.cache, "arm-python", cache.key_of(*ARM_PYTHON), fill)
    emulator = place / "emulator" / "usr" / "bin" / "qemu-aarch64-static"
    root = place / "root"
    return [str(emulator), "-L", str(root), str(root / "usr" / "bin" / "python3.13")]
