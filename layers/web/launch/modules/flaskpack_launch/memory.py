"""How much memory this process and its workers may have, in bytes, and what they take.

Sources: the kernel's admin-guide/cgroup-v2.rst (memory.max, memory.high: bytes or "max"),
admin-guide/cgroup-v1/memory.rst (memory.limit_in_bytes, whose largest number is none;
memory.stat's hierarchical_memory_limit, which knows of ancestors that can't be seen here),
proc_meminfo(5), proc_pid_smaps(5) and proc_pid_statm(5).
"""

import os
import re
from typing import NamedTuple, Optional

from . import cgroups
from .cgroups import Found, Limit, Read

MIB = 1 << 20

_V1_NONE = 1 << 60
"""The number for none is the largest in whole pages, which is 4 or 64 KiB below 1 << 63."""


class Memory(NamedTuple):
    """Bytes, where the number comes from, and what to doubt about it."""

    size: int
    origin: str
    doubts: "tuple[str, ...]" = ()


def of_this_process() -> Optional[Memory]:
    """What this machine says of this process."""
    return decide(cgroups.read)


def decide(read: Read) -> Optional[Memory]:
    """The least of the machine's memory and the limits on the process's cgroups, or None."""
    found = Found([], [])
    found.look(read("/proc/meminfo"), "/proc/meminfo", "memory of this machine", _total)
    for folder in cgroups.folders("", read):
        for name, origin in (
            ("memory.max", "cgroup v2 limit"),
            ("memory.high", "cgroup v2 memory.high"),
        ):
            path = f"{folder}/{name}"
            found.look(read(path), path, origin, cgroups.v2_limit)
    for number, folder in enumerate(cgroups.folders("memory", read)):
        path = f"{folder}/memory.limit_in_bytes"
        found.look(read(path), path, "cgroup v1 limit", _v1_limit)
        if number == 0:
            path = f"{folder}/memory.stat"
            found.look(read(path), path, "cgroup v1 limit", _hierarchical_limit)
    if not found.limits:
        return None
    # Of equal limits the machine's: a limit of all that there is is none.
    least: Limit = found.least()
    return Memory(int(least.number), least.origin, tuple(found.doubts))


def _v1_limit(text: str) -> Optional[float]:
    limit = cgroups.whole_number(text)
    return limit if limit < _V1_NONE else None


def _total(text: str) -> float:
    found = re.search(r"^MemTotal: +([0-9]+) kB$", text, re.MULTILINE)
    if not found:
        raise ValueError
    return int(found.group(1)) * 1024


def _hierarchical_limit(text: str) -> Optional[float]:
    found = re.search(r"^hierarchical_memory_limit ([0-9]+)$", text, re.MULTILINE)
    return _v1_limit(found.group(1)) if found else None


def resident(statm: Optional[str], page: int = os.sysconf("SC_PAGE_SIZE")) -> Optional[int]:
    """Bytes of a process that are in memory, shared ones included, as its statm says."""
    found = re.match(r"[0-9]+ ([0-9]+) ", statm or "")
    return int(found.group(1)) * page if found else None


def share(process: str, read: Read) -> Optional[int]:
    """What a process ("self", "17") takes in bytes, None where that can't be known.

    Its proportional set size: of pages that n processes share, an nth. All that it has in
    memory where the kernel doesn't tell that (gVisor; another user's process).
    """
    smaps = read(f"/proc/{process}/smaps_rollup") or read(f"/proc/{process}/smaps") or ""
    parts = re.findall(r"^Pss: +([0-9]+) kB$", smaps, re.MULTILINE)
    if parts:
        return sum(map(int, parts)) * 1024
    return resident(read(f"/proc/{process}/statm"))


def words(size: float) -> str:
    """As people write it: 512 MiB, 1.5 GiB."""
    if size < 1024 * MIB:
        return f"{round(size / MIB)} MiB"
    return f"{size / (1024 * MIB):.1f}".replace(".0", "") + " GiB"
