"""Whether a server is well: its workers, their memory and their descriptors."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from harness.servers import Server
from harness.wire import wait_until


@dataclass(frozen=True)
class Vitals:
    """Of all workers together: process ids, resident memory in bytes, open descriptors."""

    workers: frozenset[int]
    memory: int
    descriptors: int


def vitals(server: Server) -> Vitals:
    """As they are now."""
    workers = frozenset(server.workers())
    return Vitals(workers, sum(map(_memory, workers)), sum(map(_descriptors, workers)))


def at_rest(server: Server, descriptors: int) -> Vitals:
    """As soon as no more than so many descriptors are open; fails when that doesn't come."""
    wait_until(
        lambda: vitals(server).descriptors <= descriptors,
        f"the workers have {descriptors} descriptors open",
    )
    return vitals(server)


def open_files(pid: int) -> list[str]:
    """What the process's descriptors lead to; one that is closed meanwhile is left out."""
    found = []
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(str(link.readlink()))
    return found


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
