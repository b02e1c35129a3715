"""Lets a running worker's clock jump ahead: long time limits in a moment."""

import contextlib
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from harness.preload import preloaded

_CONTROL = struct.Struct("2q")


@dataclass(frozen=True)
class LaterClock:
    """``environment`` is for the server; the rest is said while that runs."""

    environment: dict[str, str]
    page: mmap.mmap

    def jump(self, worker: int, seconds: int) -> None:
        """For the worker it is so many seconds later than for others; its waits aren't shorter."""
        _CONTROL.pack_into(self.page, 0, worker, seconds)


@contextlib.contextmanager
def later_clock() -> Iterator[LaterClock]:
    """As late as it is, at first."""
    with preloaded("later_clock", "LATER_CLOCK") as (environment, page):
        yield LaterClock(environment, page)
