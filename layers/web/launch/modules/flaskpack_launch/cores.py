"""How many CPU cores this process may use: the least of affinity and cgroup quotas.

Sources: proc_pid_cgroup(5), proc_pid_mountinfo(5), the kernel's
admin-guide/cgroup-v2.rst (cpu.max: "quota period" in microseconds, or "max period")
and scheduler/sched-bwc.rst (cpu.cfs_quota_us: -1 is none; cpu.cfs_period_us).
"""

import os
import re
from pathlib import Path
from typing import Callable, Iterator, NamedTuple, Optional

Read = Callable[[str], Optional[str]]


class Cores(NamedTuple):
    """A number of cores, fractions included, and where it comes from."""

    number: float
    origin: str


def of_this_process() -> Cores:
    """What this machine says of this process."""
    try:
        cpus = len(os.sched_getaffinity(0))
    except OSError:
        cpus = os.cpu_count() or 1
    return decide(cpus, os.cpu_count() or cpus, _read)


def decide(cpus: int, cpus_of_machine: int, read: Read) -> Cores:
    """The least of the CPUs allowed and the quotas on the process's cgroups.

    `cpus` is the size of the affinity mask. `read` gives a file's text, or None where it
    can't be read. A quota on an ancestor counts as well: it is shared, but a ceiling.
    """
    origin = "CPU affinity" if cpus < cpus_of_machine else "CPUs of this machine"
    mounts = read("/proc/self/mountinfo") or ""
    groups = read("/proc/self/cgroup") or ""
    limits = [Cores(float(cpus), origin)]
    limits += [Cores(n, "cgroup v2 quota") for n in _v2_quotas(groups, mounts, read)]
    limits += [Cores(n, "cgroup v1 quota") for n in _v1_quotas(groups, mounts, read)]
    return min(limits, key=lambda cores: cores.number)


def _v2_quotas(groups: str, mounts: str, read: Read) -> Iterator[float]:
    for folder in _folders("", groups, mounts):
        quota, _, period = (read(folder + "/cpu.max") or "").partition(" ")
        cores = _quotient(quota, period)
        if cores:
            yield cores


def _v1_quotas(groups: str, mounts: str, read: Read) -> Iterator[float]:
    for folder in _folders("cpu", groups, mounts):
        cores = _quotient(
            read(folder + "/cpu.cfs_quota_us") or "", read(folder + "/cpu.cfs_period_us") or ""
        )
        if cores:
            yield cores


def _quotient(quota: str, period: str) -> Optional[float]:
    """Both in microseconds; None for no limit ("max", -1) and for what is no number."""
    quota, period = quota.strip(), period.strip()
    if not (re.fullmatch("[0-9]+", quota) and re.fullmatch("[0-9]+", period)):
        return None
    return int(quota) / int(period) if int(quota) and int(period) else None


def _folders(controller: str, groups: str, mounts: str) -> Iterator[str]:
    """The process's cgroup folder for a controller ("" is v2), then its visible ancestors."""
    path = _group(controller, groups)
    mount = _mount(controller, mounts)
    if path is None or mount is None:
        return
    root, point = mount
    root = root.rstrip("/")
    # Outside of what is mounted here (another namespace's path): the mount's top is
    # all that can be seen.
    inside = path[len(root) :] if (path + "/").startswith(root + "/") else ""
    parts = [part for part in inside.split("/") if part]
    if ".." in parts:
        parts = []
    for length in range(len(parts), -1, -1):
        yield "/".join([point.rstrip("/"), *parts[:length]])


def _group(controller: str, groups: str) -> Optional[str]:
    for line in groups.splitlines():
        number, _, rest = line.partition(":")
        controllers, colon, path = rest.partition(":")
        v2 = number == "0" and not controllers
        if colon and (v2 if not controller else controller in controllers.split(",")):
            return path
    return None


def _mount(controller: str, mounts: str) -> Optional["tuple[str, str]"]:
    """Root within the hierarchy, and mount point, of a controller's hierarchy."""
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        fields, kinds = place.split(" "), kind.split(" ")
        if len(fields) < 5 or len(kinds) < 3:
            continue
        if not controller:
            fits = kinds[0] == "cgroup2"
        else:
            fits = kinds[0] == "cgroup" and controller in kinds[2].split(",")
        if fits:
            return _unescape(fields[3]), _unescape(fields[4])
    return None


def _unescape(field: str) -> str:
    """mountinfo writes blanks, tabs, newlines and backslashes as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), field)


def _read(path: str) -> Optional[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
