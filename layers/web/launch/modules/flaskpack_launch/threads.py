"""How many threads each worker has, and why."""

from typing import NamedTuple, Optional

from .processes import Processes
from .workers import count

DEFAULT = 64
"""Of the classes that have any: docs/tuning.md has the figures."""

KEPT = 8
"""Processes and threads that are left to others: a hook, a health check, a shell inside."""


class Threads(NamedTuple):
    """The number, a line for the log where it isn't what one would expect, and whether that line is
    a warning."""

    number: int
    line: str = ""
    is_doubtful: bool = False


def default(worker_class: str) -> int:
    """For a class as gunicorn's -k takes it: the engine and gthread run views in threads.

    gunicorn would turn sync into gthread for more than 1, and others take no notice.
    """
    return DEFAULT if "meinheld" in worker_class or worker_class == "gthread" else 1


def decide(
    named: Optional[int], worker_class: str, workers: int, processes: Optional[Processes]
) -> Threads:
    """THREADS, which is never cut; else as many of the default as the limit allows, at least 1.

    After HUP the workers run beside those that they replace.
    """
    wanted = named or default(worker_class)
    if processes is None or wanted == 1:
        return Threads(wanted)
    allowed = max(1, (processes.number - 1 - KEPT) // (2 * workers))
    if allowed >= wanted:
        return Threads(wanted)
    origin = "; ".join((processes.origin, *processes.doubts))
    limit = f"{processes.number} processes and threads are allowed ({origin})"
    if named:
        return Threads(
            named,
            f"{limit}, which {count(workers, named)} may exceed, twice as many after HUP",
            is_doubtful=True,
        )
    each = "1 thread" if allowed == 1 else f"{allowed} threads"
    return Threads(allowed, f"{each} for each worker instead of {wanted}: {limit}")
