"""What comes of one part of a soak, and whether its worker outlived it unchanged."""

import re
from dataclasses import dataclass

from harness import sanitizers
from harness.sanitizers import Flavour
from harness.servers import Server
from harness.vitals import Vitals

WARM = 0.1
"""The part of a run in which caches and buffers fill up: memory is flat from there on."""

GROWTH = 4 << 20
"""Bytes that the plain flavour may grow by afterwards: what the C library keeps comes and goes."""

MEBIBYTE = 1 << 20

_ENDED_BADLY = re.compile(
    r"was sent SIG(?!TERM)\w+|exited with code \d+|WORKER TIMEOUT|Fatal Python error.*"
)
"""Of a worker, in gunicorn's log."""


@dataclass(frozen=True)
class Row:
    """``what`` was done ``count`` times; ``figures`` are words, ``faults`` is what went wrong."""

    what: str
    flavour: str
    threads: int
    count: int
    seconds: float
    figures: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """How long: ``seconds`` for each part, and at most so many requests, from this seed."""

    seconds: float
    requests: int
    seed: int
    python: str


def reported(server: Server) -> list[str]:
    """Ends the server: lost memory is looked for then."""
    code = server.stop()
    return [*([f"the end was {code}"] if code else []), *sanitizers.reports(server.log())]


def deaths(before: Vitals, after: Vitals) -> list[str]:
    return [] if before.workers == after.workers else ["a worker died"]


def ended_badly(log: str) -> list[str]:
    """The same where workers come and go all the time: what the log says of those that crashed."""
    return [f"a worker: {each}" for each in sorted(set(_ENDED_BADLY.findall(log)))]


def growth(flavour: Flavour, before: Vitals, after: Vitals) -> list[str]:
    """Sanitizers and valgrind keep what was freed."""
    flat = flavour.name != "plain" or after.memory - before.memory <= GROWTH
    return [] if flat else ["memory grew"]


def flatness(before: Vitals, after: Vitals) -> str:
    return (
        f"memory {before.memory / MEBIBYTE:.1f} → {after.memory / MEBIBYTE:.1f} MiB, "
        f"descriptors {before.descriptors} → {after.descriptors}"
    )
