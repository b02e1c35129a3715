"""How many workers, and why."""

from typing import NamedTuple, Optional

from .cores import Cores


class Workers(NamedTuple):
    """The number for gunicorn, and the line for its log."""

    workers: int
    reason: str


def decide(web_concurrency: Optional[int], workers_per_core: float, cores: Cores) -> Workers:
    """WEB_CONCURRENCY, else the whole part of cores times WORKERS_PER_CORE, at least 1."""
    if web_concurrency is not None:
        return Workers(web_concurrency, f"{_count(web_concurrency)}: WEB_CONCURRENCY")
    workers = max(1, int(cores.number * workers_per_core))
    per_core = f"{workers_per_core:g} per core"
    of_cores = f"{round(cores.number, 2)} cores ({cores.origin})"
    return Workers(workers, f"{_count(workers)}: {per_core} \N{MULTIPLICATION SIGN} {of_cores}")


def _count(number: int) -> str:
    return "1 worker" if number == 1 else f"{number} workers"
