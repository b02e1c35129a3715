"""Lets allocations of a running worker fail, one after the other, and says what it holds."""

import contextlib
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from harness.preload import preloaded

_ARMED, _COUNTED, _HELD = struct.Struct("3q"), struct.Struct("q"), struct.Struct("q")


@dataclass(frozen=True)
class FailingMalloc:
    """``environment`` is for the server; the rest is said while that runs."""

    environment: dict[str, str]
    page: mmap.mmap

    def arm(self, worker: int, number: int, *, on: bool = False) -> None:
        """The worker's allocation of that number fails (0: none), and with ``on`` all after it."""
        _COUNTED.pack_into(self.page, _ARMED.size, 0)
        _ARMED.pack_into(self.page, 0, worker, number, on)

    def disarm(self) -> int:
        """Lets all succeed again, and gives how many there were."""
        worker, _, _ = _ARMED.unpack_from(self.page)
        (count,) = _COUNTED.unpack_from(self.page, _ARMED.size)
        self.arm(worker, 0)
        return int(count)

    def held(self) -> int:
        """Bytes that the worker has taken since it was first named, less those given back."""
        return int(_HELD.unpack_from(self.page, _ARMED.size + _COUNTED.size)[0])


@contextlib.contextmanager
def failing_malloc() -> Iterator[FailingMalloc]:
    """Disarmed at first."""
    with preloaded("failing_malloc", "FAILING_MALLOC") as (environment, page):
        yield FailingMalloc({**environment, "PYTHONMALLOC": "malloc"}, page)
