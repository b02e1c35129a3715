"""How many cores: cgroup texts as real systems write them, in; a number and its origin, out."""

import os

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import cores, workers  # isort: skip

TIMES = "\N{MULTIPLICATION SIGN}"
V2_MOUNT = "30 23 0:26 {root} {at} ro,nosuid,nodev,noexec - cgroup2 cgroup rw,nsdelegate\n"
V1_MOUNT = "33 32 0:29 {root} {at} ro,nosuid - cgroup cgroup rw,cpu,cpuacct\n"
OTHER_MOUNTS = (
    "22 27 0:20 / /proc rw,relatime shared:5 - proc proc rw\n"
    "31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "32 30 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
    "nonsense\n\n36 35 - \n"
)
DOCKER = "/docker/0123456789ab"


def v2_mount(root: str = "/", at: str = "/sys/fs/cgroup") -> str:
    return OTHER_MOUNTS + V2_MOUNT.format(root=root, at=at)


def v1_mount(root: str = "/", at: str = "/sys/fs/cgroup/cpu,cpuacct") -> str:
    return OTHER_MOUNTS + V1_MOUNT.format(root=root, at=at)


def files(cgroup: str, mounts: str, **limits: str) -> dict[str, str]:
    return {"/proc/self/cgroup": cgroup, "/proc/self/mountinfo": mounts, **limits}


V1 = "/sys/fs/cgroup/cpu,cpuacct"
CASES: dict[str, tuple[dict[str, str], cores.Cores]] = {
    "v2, private namespace": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "150000 100000\n"},
        cores.Cores(1.5, "cgroup v2 quota"),
    ),
    "v2, another period": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "25000 50000\n"},
        cores.Cores(0.5, "cgroup v2 quota"),
    ),
    "v2, no limit": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "max 100000\n"},
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "v2, the root group has no such file": (
        files("0::/\n", v2_mount()),
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "v2, more than there are": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "6400000 100000\n"},
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "v2, own group below the mount": (
        {
            **files("0::/a/b/c\n", v2_mount()),
            "/sys/fs/cgroup/a/b/c/cpu.max": "400000 100000\n",
        },
        cores.Cores(4.0, "cgroup v2 quota"),
    ),
    "v2, an ancestor is tighter": (
        {
            **files("0::/a/b/c\n", v2_mount()),
            "/sys/fs/cgroup/a/b/c/cpu.max": "400000 100000\n",
            "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/a/cpu.max": "300000 100000\n",
        },
        cores.Cores(3.0, "cgroup v2 quota"),
    ),
    "v2, the host's namespace, only the own folder mounted": (
        {
            **files(f"0::{DOCKER}\n", v2_mount(root=DOCKER)),
            "/sys/fs/cgroup/cpu.max": "200000 100000\n",
        },
        cores.Cores(2.0, "cgroup v2 quota"),
    ),
    "v2, a group outside of what is mounted": (
        {
            **files("0::/../../other\n", v2_mount()),
            "/sys/fs/cgroup/cpu.max": "200000 100000\n",
        },
        cores.Cores(2.0, "cgroup v2 quota"),
    ),
    "v2, a mount point with blanks": (
        {**files("0::/\n", v2_mount(at=r"/my\040cg\134x")), "/my cg\\x/cpu.max": "100000 100000"},
        cores.Cores(1.0, "cgroup v2 quota"),
    ),
    "v1, docker with the host's namespace": (
        {
            **files(f"4:cpu,cpuacct:{DOCKER}\n0::/\n", v1_mount(root=DOCKER)),
            f"{V1}/cpu.cfs_quota_us": "50000\n",
            f"{V1}/cpu.cfs_period_us": "100000\n",
        },
        cores.Cores(0.5, "cgroup v1 quota"),
    ),
    "v1, no limit": (
        {
            **files("4:cpuacct,cpu:/\n", v1_mount()),
            f"{V1}/cpu.cfs_quota_us": "-1\n",
            f"{V1}/cpu.cfs_period_us": "100000\n",
        },
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "v1, an ancestor is tighter": (
        {
            **files("4:cpu,cpuacct:/a/b\n", v1_mount()),
            f"{V1}/a/b/cpu.cfs_quota_us": "-1\n",
            f"{V1}/a/b/cpu.cfs_period_us": "100000\n",
            f"{V1}/a/cpu.cfs_quota_us": "250000\n",
            f"{V1}/a/cpu.cfs_period_us": "100000\n",
        },
        cores.Cores(2.5, "cgroup v1 quota"),
    ),
    "hybrid, the quota is with v1": (
        {
            **files("1:cpu:/x\n0::/y\n", v2_mount(at="/sys/fs/cgroup/unified") + v1_mount()),
            f"{V1}/x/cpu.cfs_quota_us": "300000\n",
            f"{V1}/x/cpu.cfs_period_us": "100000\n",
        },
        cores.Cores(3.0, "cgroup v1 quota"),
    ),
    "cpuset is not cpu": (
        {
            **files("3:cpuset:/\n", v1_mount()),
            f"{V1}/cpu.cfs_quota_us": "100000\n",
            f"{V1}/cpu.cfs_period_us": "100000\n",
        },
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "a quota of nothing is none": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "0 100000\n"},
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "a period of nothing is none": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "100000 0\n"},
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "garbage": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "\x00\udcff many\n"},
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "an empty file": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": ""},
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "cgroup without meaning": (
        files("what\n\n:::\n", v2_mount()),
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "nothing can be read": ({}, cores.Cores(8.0, "CPUs of this machine")),
}


@pytest.mark.parametrize(("readable", "expected"), CASES.values(), ids=CASES)
def test_quotas(readable: dict[str, str], expected: cores.Cores) -> None:
    assert cores.decide(8, 8, readable.get) == expected


def test_affinity() -> None:
    assert cores.decide(3, 64, lambda _path: None) == cores.Cores(3.0, "CPU affinity")


def test_the_least_of_affinity_and_quota() -> None:
    readable = {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "150000 100000\n"}
    assert cores.decide(1, 8, readable.get) == cores.Cores(1.0, "CPU affinity")
    assert cores.decide(2, 8, readable.get) == cores.Cores(1.5, "cgroup v2 quota")


def test_this_machine() -> None:
    assert 0 < cores.of_this_process().number <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("given", "per_core", "number", "expected"),
    [
        (None, 2.0, 2.0, (4, f"4 workers: 2 per core {TIMES} 2.0 cores (cgroup v2 quota)")),
        (None, 2.0, 0.5, (1, f"1 worker: 2 per core {TIMES} 0.5 cores (cgroup v2 quota)")),
        (None, 2.0, 0.1, (1, f"1 worker: 2 per core {TIMES} 0.1 cores (cgroup v2 quota)")),
        (None, 0.5, 64.0, (32, f"32 workers: 0.5 per core {TIMES} 64.0 cores (cgroup v2 quota)")),
        (None, 2.0, 4 / 3, (2, f"2 workers: 2 per core {TIMES} 1.33 cores (cgroup v2 quota)")),
        (None, 2.0, 256.0, (512, f"512 workers: 2 per core {TIMES} 256.0 cores (cgroup v2 quota)")),
        (3, 2.0, 2.0, (3, "3 workers: WEB_CONCURRENCY")),
        (1, 2.0, 2.0, (1, "1 worker: WEB_CONCURRENCY")),
    ],
)
def test_workers(
    given: "int | None", per_core: float, number: float, expected: tuple[int, str]
) -> None:
    assert workers.decide(given, per_core, cores.Cores(number, "cgroup v2 quota")) == expected


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert cores.__file__.startswith(str(MODULES))
