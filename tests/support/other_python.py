"""The builder and its run image with another Python: Debian 12's beside their own."""

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from support.packing import inspect, run

from scripts.toolchain import cache, machine
from scripts.toolchain.setup import site

MINOR = "3.11"
SUITE = "bookworm"
PACKAGES = (f"python{MINOR}-minimal", f"libpython{MINOR}-stdlib")
FILES = (f"usr/bin/python{MINOR}", f"usr/lib/python{MINOR}/", f"etc/python{MINOR}/")


@dataclass(frozen=True)
class Stack:
    """Names of a builder, which declares the other Python, and of its run image."""

    builder: str
    run_image: str


@contextmanager
def other_python() -> Iterator[Stack]:
    """Both images, until the block ends."""
    suffix = uuid4().hex[:12]
    stack = Stack(
        f"flaskpack-test/rebuild-builder-{suffix}", f"flaskpack-test/rebuild-run-{suffix}"
    )
    builder = os.environ["FLASKPACK_BUILDER"]
    files = _unpacked()
    declared = {"cnb/build-config/env/BP_STACK_PYTHON": MINOR}
    try:
        _derive(builder, stack.builder, files, declared)
        _derive(_run_image(builder), stack.run_image, files, {})
        yield stack
    finally:
        run("docker", "image", "rm", "--force", stack.builder, stack.run_image)


def _run_image(builder: str) -> str:
    labels = inspect(builder)["Config"]["Labels"]
    name: str = json.loads(labels["io.buildpacks.builder.metadata"])["images"][0]["image"]
    return name


def _unpacked() -> Path:
    """An archive with the packages' files, kept in the cache of the tools."""
    here = site()

    def fill(to: Path) -> None:
        machine.need_mmdebstrap(here)
        options = [f"--aptopt={option}" for option in machine.apt_options()]
        command = ["mmdebstrap", "--variant=extract", f"--include={','.join(PACKAGES)}", *options]
        command += [SUITE, str(to / "files.tar"), *machine.mirrors().sources(SUITE)]
        done = run(*command)
        assert done.returncode == 0, done.stdout

    key = cache.key_of(SUITE, *PACKAGES)
    return cache.entry(here.cache, "other-python", key, fill) / "files.tar"


def _derive(image: str, name: str, files: Path, texts: dict[str, str]) -> None:
    container = run("docker", "create", image, "true").stdout.strip()
    try:
        command = ["docker", "cp", "-", f"{container}:/"]
        subprocess.run(command, input=_archive(files, texts), check=True, capture_output=True)
        committed = run("docker", "commit", container, name)
        assert committed.returncode == 0, committed.stdout
    finally:
        run("docker", "rm", container)


def _archive(files: Path, texts: dict[str, str]) -> bytes:
    """Out of the whole archive what is Python's, and the texts."""
    made = io.BytesIO()
    with tarfile.open(files) as source, tarfile.open(fileobj=made, mode="w") as target:
        for member in source:
            member.name = member.name.removeprefix("./")
            if f"{member.name}/".startswith(FILES) or member.name in FILES:
                target.addfile(member, source.extractfile(member) if member.isreg() else None)
        for path, text in texts.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(text)
            target.addfile(entry, io.BytesIO(text.encode()))
    return made.getvalue()
