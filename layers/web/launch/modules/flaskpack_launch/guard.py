"""Ends a worker in order when it takes more memory than there is for it; another takes its place.

Every worker class of gunicorn calls its `notify`, between two requests and at least once a
second or so: it shows that it lives. That is when we look, at most once a second.
"""

import os
import signal
import time
from typing import Any, NamedTuple, Optional

from . import cgroups, memory

EVERY = 1.0
"""Seconds between two looks."""
SPREAD = 0.1
"""Of what a worker may take, and at most a third of what it may grow by: workers share the work
evenly, and less of it by chance keeps them from ending at the same moment."""


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


def limit(first: int, most: int, chance: float) -> int:
    """Bytes for one worker, by what it takes at first and may take; `chance` is from 0 to 1."""
    return int(most - min(most * SPREAD, max(0, most - first) / 3) * chance)


def watch(worker: Any, most: int, limit: int) -> None:
    """Have the worker end itself once it takes more than `limit` bytes; it is told `most`."""
    notify, trend, due, ended = worker.notify, Trend(), 0.0, False

    def notify_and_look() -> None:
        nonlocal trend, due, ended
        notify()
        now = time.monotonic()
        if now < due or ended:
            return
        due = now + EVERY
        size = _size(limit, trend)
        if size is None:
            return
        trend = trend.next(size)
        if trend.expected() > limit:
            ended = True
            worker.log.warning(
                "The worker takes %s, and %s is what it may: it ends when its requests are "
                "answered, and another takes its place",
                memory.words(trend.now),
                memory.words(most),
            )
            os.kill(os.getpid(), signal.SIGTERM)

    worker.notify = notify_and_look


def _size(limit: int, trend: Trend) -> Optional[int]:
    """What is resident, or, where that comes near the limit, what is this worker's own of it.

    The first costs some microseconds, the second a millisecond for each 100 MB.
    """
    size = memory.resident(cgroups.read("/proc/self/statm"))
    if size is None or trend.next(size).expected() <= limit:
        return size
    return memory.share("self", cgroups.read)
