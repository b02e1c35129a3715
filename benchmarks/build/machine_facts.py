"""What builds were measured on, in words for people."""

import os
from pathlib import Path

from benchmarks import machine
from scripts.toolchain import shell


def of_builds(engine: str, pack: Path) -> dict[str, str]:
    """The computer, and what builds on it."""
    least, _, _ = os.getloadavg()
    return {
        **machine.computer(),
        "Docker engine": engine,
        "pack": shell.ask([pack, "version"]) or "unknown",
        "images of Flaskpack, whose layers aren't loaded twice": str(_ours()),
        "load before the first round": f"{least:.1f}",
    }


def _ours() -> int:
    """How many there are already: a first build is quicker where it makes the same layers."""
    listed = shell.ask(["docker", "images", "--quiet", "--filter", "label=flaskpack.version"])
    return len((listed or "").split())
