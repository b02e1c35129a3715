"""How many processes and threads together this container may have.

Source: the kernel's admin-guide/cgroup-v2.rst and cgroup-v1/pids.rst (pids.max: a number, or "max";
a thread counts as much as a process).
"""

from typing import NamedTuple, Optional

from . import cgroups
from .cgroups import Found, Limit, Read


class Processes(NamedTuple):
    """A number, where it comes from, and what to doubt about it."""

    number: int
    origin: str
    doubts: "tuple[str, ...]" = ()


def of_this_process() -> Optional[Processes]:
    """What this machine says of this process."""
    return decide(cgroups.read)


def decide(read: Read) -> Optional[Processes]:
    """The least of the limits on the process's cgroups, or None."""
    found = Found([], [])
    for controller, version in (("", "v2"), ("pids", "v1")):
        for folder in cgroups.folders(controller, read):
            path = f"{folder}/pids.max"
            found.look(read(path), path, f"cgroup {version} pids.max", cgroups.v2_limit)
    if not found.limits:
        return None
    least: Limit = found.least()
    return Processes(int(least.number), least.origin, tuple(found.doubts))
