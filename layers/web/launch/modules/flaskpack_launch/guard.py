"""Ends a worker in order when it takes more memory than there is for it; another takes its place.

Every worker class of gunicorn calls its `notify`, between two requests and at least once a
second or so: it shows that it lives. That is when we look, at most once a second.
"""

import os
import signal
import time
from typing import Any, NamedTuple, Optional

from . import cgroups, memory
from .workers import Fit

EVERY = 1.0
"""Seconds between two looks."""
PLACES = 4096
"""More workers than an arbiter has at a time."""


class Serving:
    """Which workers have loaded the app and don't end: a byte for each, which all of them share."""

    def __init__(self) -> None:
        import mmap  # where bin/explain imports us, its Python has none

        self._bytes = mmap.mmap(-1, PLACES)

    def begin(self, age: int) -> None:
        self._bytes[age % PLACES] = 1

    def end(self, age: int) -> None:
        self._bytes[age % PLACES] = 0

    def others(self, age: int) -> int:
        """How many besides the one of this age."""
        return bytes(self._bytes).count(1) - self._bytes[age % PLACES]


class Limits(NamedTuple):
    """Bytes: from the first on a worker ends if enough others serve, from the last on anyway."""

    early: int
    late: int


class Trend(NamedTuple):
    """Bytes at the last looks, the newest first."""

    now: int = 0
    before: int = 0
    earlier: int = 0

    def next(self, size: int) -> "Trend":
        return Trend(size, self.now, self.before)

    def expected(self) -> int:
        """At the next look, if it goes on growing as in the last two."""
        if not self.earlier:
            return self.now
        growth = min(self.now - self.before, self.before - self.earlier)
        return self.now + max(0, growth)


def limits(fit: Fit, chance: float) -> Limits:
    """For one worker; `chance` is from 0 to 1.

    Workers share the work evenly: some end when half of what they may grow by is left, so that
    not all come to their end at the same moment. Who has to wait for others may take half of
    what is kept free, shared among all.
    """
    room = max(0, fit.most - fit.first)
    return Limits(int(fit.most - room / 2 * chance), fit.most + fit.kept // (2 * fit.workers))


def may_end(expected: int, limits: Limits, others: int, number: int) -> bool:
    """Whether it is time; `others` are those that serve, of so many workers in all."""
    if number == 1 or others * 2 >= number - 1 > 0:
        return expected > limits.early
    return expected > limits.late


def watch(worker: Any, fit: Fit, limits: Limits, serving: Serving) -> None:
    """Have the worker end itself in order once it takes too much."""
    notify, trend, due, ended = worker.notify, Trend(), 0.0, False

    def notify_and_look() -> None:
        nonlocal trend, due, ended
        notify()
        now = time.monotonic()
        if now < due or ended:
            return
        due = now + EVERY
        size = _size(limits.early, trend)
        if size is None:
            return
        trend = trend.next(size)
        if may_end(trend.expected(), limits, serving.others(worker.age), fit.workers):
            ended = True
            serving.end(worker.age)
            worker.log.warning(
                "The worker takes %s, and %s is what it may: it ends when its requests are "
                "answered, and another takes its place",
                memory.words(trend.now),
                memory.words(fit.most),
            )
            os.kill(os.getpid(), signal.SIGTERM)

    serving.begin(worker.age)
    worker.notify = notify_and_look


def _size(limit: int, trend: Trend) -> Optional[int]:
    """What is resident, or, where that comes near the limit, what is this worker's own of it.

    The first costs some microseconds, the second a millisecond for each 100 MB.
    """
    size = memory.resident(cgroups.read("/proc/self/statm"))
    if size is None or trend.next(size).expected() <= limit:
        return size
    return memory.share("self", cgroups.read)
