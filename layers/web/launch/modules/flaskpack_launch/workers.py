"""How many workers, and why."""

from typing import NamedTuple, Optional

from .cores import Cores
from .memory import MIB, Memory, words

KEPT = 0.1
"""Of the memory is kept free: for the page cache, the kernel, hooks, files in /tmp."""
KEPT_AT_LEAST = 16 * MIB
GROWTH = 1.2
"""A worker that has answered requests, to one that has just loaded the app."""


class Asked(NamedTuple):
    """The number for gunicorn, why, and whether somebody named it: then it is never cut."""

    workers: int
    why: str
    named: bool
    threads: int = 1


class Measured(NamedTuple):
    """What the first worker found: bytes that it takes itself, and that the arbiter takes."""

    worker: int
    arbiter: int


class Fit(NamedTuple):
    """The number that runs, the bytes that are kept free, that a worker takes at first and that it
    may take, and two lines about all that."""

    workers: int
    kept: int
    first: int
    most: int
    numbers: str
    cause: str
    is_doubtful: bool


def decide(web_concurrency: Optional[int], workers_per_core: float, cores: Cores) -> Asked:
    """WEB_CONCURRENCY, else the whole part of cores times WORKERS_PER_CORE, at least 1."""
    if web_concurrency is not None:
        return Asked(web_concurrency, "WEB_CONCURRENCY", named=True)
    origin = "; ".join((cores.origin, *cores.doubts))
    why = f"{workers_per_core:g} per core \N{MULTIPLICATION SIGN} {round(cores.number, 2)} cores"
    return Asked(max(1, int(cores.number * workers_per_core)), f"{why} ({origin})", named=False)


def fit(asked: Asked, memory: Memory, measured: Measured) -> Fit:
    """As many of the workers asked for as the memory holds, at least one.

    What is left, once some is kept free and the arbiter has its own, is divided by what a
    worker takes when it has grown.
    """
    kept = max(KEPT_AT_LEAST, int(memory.size * KEPT))
    left = max(0, memory.size - kept - measured.arbiter)
    grown = max(1, int(measured.worker * GROWTH))
    allowed = left // grown
    number = asked.workers if asked.named else max(1, min(asked.workers, allowed))
    most = max(grown, left // number)
    origin = "; ".join((memory.origin, *memory.doubts))
    cause = (
        f"memory: {words(memory.size)} ({origin}) less {words(kept)} kept free and "
        f"{words(measured.arbiter)} of gunicorn's own, by {words(grown)} for each worker, a "
        f"fifth more than the first takes; one with over {words(most)} is renewed"
    )
    numbers = _numbers(asked, memory, number, allowed)
    return Fit(number, kept, measured.worker, most, numbers, cause, is_doubtful=allowed < number)


def _numbers(asked: Asked, memory: Memory, number: int, allowed: int) -> str:
    allows = f"memory {words(memory.size)} allows {allowed or 'none'}"
    running = count(number, asked.threads)
    if number < asked.workers:
        return f"{running}: {allows}; {asked.why} would be {asked.workers}"
    danger = " and may be exceeded" if allowed < number else ""
    return f"{running}: {asked.why}; {allows}{danger}"


def count(number: int, threads: int = 1) -> str:
    """In words: 1 worker, 4 workers of 16 threads."""
    workers = "1 worker" if number == 1 else f"{number} workers"
    return workers if threads == 1 else f"{workers} of {threads} threads"
