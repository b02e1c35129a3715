"""Lets allocations of a running worker fail, one after the other."""

import contextlib
import hashlib
import mmap
import resource
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from maker import recipe

from harness.environments import output

SOURCE = Path(__file__).parent / "native" / "failing_malloc.c"
DESCRIPTORS = 4096
_CONTROL = struct.Struct("4q")


@dataclass(frozen=True)
class FailingMalloc:
    """``environment`` is for the server; the rest is said while that runs."""

    environment: dict[str, str]
    mapped: mmap.mmap

    def arm(self, worker: int, number: int, *, on: bool = False) -> None:
        """The worker's allocation of that number fails (0: none), and with ``on`` all after it."""
        self.mapped[: _CONTROL.size] = _CONTROL.pack(worker, number, on, 0)

    def disarm(self) -> int:
        """Lets all succeed again, and gives how many there were."""
        count: int
        *_, count = _CONTROL.unpack(self.mapped[: _CONTROL.size])
        self.mapped[: _CONTROL.size] = bytes(_CONTROL.size)
        return count


@contextlib.contextmanager
def failing_malloc() -> Iterator[FailingMalloc]:
    """Disarmed at first; also lets this process and its children have descriptors enough.

    Memory is asked for when more connections wait than the engine has kept memory for.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, DESCRIPTORS)), hard))
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(mmap.PAGESIZE)
        with mmap.mmap(file.fileno(), mmap.PAGESIZE) as mapped:
            environment = {
                "LD_PRELOAD": str(_library()),
                "FAILING_MALLOC": file.name,
                "PYTHONMALLOC": "malloc",
            }
            yield FailingMalloc(environment, mapped)


def _library() -> Path:
    key = hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    made = recipe.cache_folder() / "harness" / f"failing_malloc-{key}.so"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        new = made.with_suffix(".new")
        output(["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", str(new), str(SOURCE)])
        new.replace(made)
    return made
