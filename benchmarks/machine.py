"""What the figures were taken on, in words for people."""

import os
import platform
from pathlib import Path

from scripts.toolchain import machine, shell

MEASURED = (
    *("bin", "buildpack", "buildpack.toml", "layers", "engine", "builder"),
    *("scripts", "benchmarks", "examples"),
)
"""Where a change that isn't committed would make the commit's name a lie."""


def computer() -> dict[str, str]:
    """Nothing in it names the machine or its owner."""
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    meminfo = Path("/proc/meminfo").read_text(encoding="utf-8")
    return {
        "processor": f"{len(os.sched_getaffinity(0))} cores, {processor(cpuinfo)}",
        "memory": f"{memory(meminfo):.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "system": machine.os_release().get("PRETTY_NAME", "unknown"),
    }


def processor(cpuinfo: str) -> str:
    """The first model's name in /proc/cpuinfo."""
    pairs = (line.partition(":") for line in cpuinfo.splitlines())
    named = (value.strip() for key, _, value in pairs if key.strip() == "model name")
    return next(named, platform.machine())


def memory(meminfo: str) -> float:
    """GiB in /proc/meminfo."""
    pairs = (line.partition(":") for line in meminfo.splitlines())
    (total,) = (value.split()[0] for key, _, value in pairs if key == "MemTotal")
    return int(total) / 1024**2


def commit(repository: Path) -> str:
    """Its short name, and whether something measured differs from it."""
    git: list[str | Path] = ["git", "-C", repository]
    name = shell.ask([*git, "rev-parse", "--short", "HEAD"]) or "unknown"
    changed = shell.ask([*git, "status", "--porcelain", "--", *MEASURED])
    return f"{name} with changes that aren't committed" if changed else name
