"""The table of limits: what containers get, and what their logs say of it."""

import support.launch  # noqa: F401  puts the launch programs' modules on sys.path
from support.limited import Case

from flaskpack_launch.threads import DEFAULT as THREADS  # isort: skip

TIMES = "\N{MULTIPLICATION SIGN}"
SIXTY = {"BALLAST": "60"}
SNUG = {"BALLAST": "66"}
"""The most that runs in 128 MiB, with the 26 of Flask and the server."""


def workers(number: int) -> str:
    return ("1 worker" if number == 1 else f"{number} workers") + f" of {THREADS} threads"


def fits(options: str, number: int, why: str, memory: str, **env: str) -> Case:
    said = f"[INFO] {workers(number)}: {why}; memory {memory} allows enough"
    return Case(options, number, said, {**SIXTY, **env})


def cut(options: str, asked: int, why: str, memory: str, allows: int, **env: str) -> Case:
    number, level = max(1, allows), "INFO" if allows else "WARNING"
    word = allows or "none"
    said = f"[{level}] {workers(number)}: memory {memory} allows {word}; {why} would be {asked}"
    return Case(options, number, said, {**(SIXTY if allows else SNUG), **env})


def tight(options: str, why: str, memory: str) -> Case:
    said = f"[WARNING] {workers(1)}: {why}; memory {memory} allows none and may be exceeded"
    return Case(options, 1, said, SNUG)


def per_core(cores: float, each: int = 2) -> str:
    return f"{each} per core {TIMES} {cores} cores"


CASES = [
    tight("--cpus 0.5 --memory 128m", per_core(0.5), "128 MiB"),
    fits("--cpus 0.5 --memory 256m", 1, per_core(0.5), "256 MiB"),
    fits("--cpus 0.5 --memory 512m", 1, per_core(0.5), "512 MiB"),
    fits("--cpus 0.5 --memory 1g", 1, per_core(0.5), "1 GiB"),
    cut("--cpus 1 --memory 128m", 2, per_core(1.0), "128 MiB", 0),
    fits("--cpus 1 --memory 256m", 2, per_core(1.0), "256 MiB"),
    fits("--cpus 1 --memory 512m", 2, per_core(1.0), "512 MiB"),
    fits("--cpus 1 --memory 1g", 2, per_core(1.0), "1 GiB"),
    cut("--cpus 1.5 --memory 128m", 3, per_core(1.5), "128 MiB", 0),
    cut("--cpus 1.5 --memory 256m", 3, per_core(1.5), "256 MiB", 2),
    fits("--cpus 1.5 --memory 512m", 3, per_core(1.5), "512 MiB"),
    fits("--cpus 1.5 --memory 1g", 3, per_core(1.5), "1 GiB"),
    cut("--cpus 2 --memory 128m", 4, per_core(2.0), "128 MiB", 0),
    cut("--cpus 2 --memory 256m", 4, per_core(2.0), "256 MiB", 2),
    fits("--cpus 2 --memory 512m", 4, per_core(2.0), "512 MiB"),
    fits("--cpus 2 --memory 1g", 4, per_core(2.0), "1 GiB"),
    cut("--cpuset-cpus 0 --memory 128m", 2, per_core(1.0), "128 MiB", 0),
    fits("--cpuset-cpus 1 --memory 256m", 2, per_core(1.0), "256 MiB"),
    fits("--cpuset-cpus 0,1 --cpus 1.5 --memory 512m", 3, per_core(1.5), "512 MiB"),
    cut("--cpus 2 --memory 512m", 8, per_core(2.0, 4), "512 MiB", 4, WORKERS_PER_CORE="4"),
    cut("--cpus 2 --memory 950m", 20, per_core(2.0, 10), "950 MiB", 8, WORKERS_PER_CORE="10"),
    fits("--cpus 2 --memory 512m", 4, "WEB_CONCURRENCY", "512 MiB", WEB_CONCURRENCY="4"),
]
LEAKS = [
    Case("--cpus 1 --memory 128m", 2, "", {"LEAK": "10"}, leaks=True),
    Case("--cpus 2 --memory 256m", 2, "", {"LEAK": "10", **SIXTY}, leaks=True),
]
"""1 MB in 100 requests."""

HARDEST = [
    case
    for case in CASES
    if case.name
    in (
        "--cpus 0.5 --memory 128m BALLAST=66",
        "--cpus 2 --memory 128m BALLAST=66",
        "--cpus 2 --memory 256m BALLAST=60",
        "--cpus 2 --memory 512m BALLAST=60 WORKERS_PER_CORE=4",
    )
]
"""Those that leave least room."""
