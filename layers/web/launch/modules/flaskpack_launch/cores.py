"""How many CPU cores this process may use: the least of affinity, cpusets and cgroup quotas.

Sources: the kernel's admin-guide/cgroup-v2.rst (cpu.max: "quota period" in microseconds, or
"max period"; cpuset.cpus.effective: "0-4,6") and scheduler/sched-bwc.rst
(cpu.cfs_quota_us: -1 is none; cpu.cfs_period_us).
"""

import math
import os
from functools import partial
from typing import NamedTuple, Optional

from . import cgroups
from .cgroups import Found, Limit, Read


class Cores(NamedTuple):
    """A number of cores, fractions included, where it comes from, and what to doubt about it."""

    number: float
    origin: str
    doubts: "tuple[str, ...]" = ()


def of_this_process() -> Cores:
    """What this machine says of this process."""
    try:
        cpus = len(os.sched_getaffinity(0))
    except OSError:
        cpus = os.cpu_count() or 1
    return decide(cpus, os.cpu_count() or cpus, cgroups.read)


def decide(cpus: int, cpus_of_machine: int, read: Read) -> Cores:
    """The least of the CPUs allowed and the limits on the process's cgroups.

    `cpus` is the size of the affinity mask.
    """
    origin = "CPU affinity" if cpus < cpus_of_machine else "CPUs of this machine"
    found = Found([Limit(float(cpus), origin)], [])
    if not read("/proc/self/cgroup"):
        found.doubts.append("/proc/self/cgroup says nothing")
    for folder in cgroups.folders("", read):
        for name, origin, parse in (
            ("cpu.max", "cgroup v2 quota", _v2_quota),
            ("cpuset.cpus.effective", "cgroup v2 cpuset", _cpuset),
        ):
            path = f"{folder}/{name}"
            found.look(read(path), path, origin, parse)
    for folder in cgroups.folders("cpu", read):
        path = f"{folder}/cpu.cfs_quota_us"
        period = read(f"{folder}/cpu.cfs_period_us") or ""
        found.look(read(path), path, "cgroup v1 quota", partial(_v1_quota, period))
    least = found.least()
    return Cores(least.number, least.origin, tuple(found.doubts))


def _v2_quota(text: str) -> Optional[float]:
    quota, _, period = text.partition(" ")
    return None if quota.strip() == "max" else _quotient(quota, period)


def _v1_quota(period: str, quota: str) -> Optional[float]:
    return None if quota.strip() == "-1" else _quotient(quota, period)


def _quotient(quota: str, period: str) -> float:
    """Both in microseconds."""
    cores = cgroups.whole_number(quota) / (cgroups.whole_number(period) or math.nan)
    if not cores > 0:
        raise ValueError
    return cores


def _cpuset(text: str) -> float:
    """How many CPUs are in a list like "0-4,6"."""
    count = 0
    for item in text.strip().split(","):
        first, dash, last = item.partition("-")
        low = cgroups.whole_number(first)
        count += max(0, cgroups.whole_number(last) - low) + 1 if dash else 1
    return float(count)
