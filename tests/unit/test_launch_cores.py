"""How many cores: cgroup texts as real systems write them, in; a number and its origin, out."""

import os
from pathlib import Path

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import cgroups, cores  # isort: skip

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
    "a quota of nothing": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "0 100000\n"},
        cores.Cores(8.0, "CPUs of this machine", ("/sys/fs/cgroup/cpu.max is not understood",)),
    ),
    "a period of nothing": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "100000 0\n"},
        cores.Cores(8.0, "CPUs of this machine", ("/sys/fs/cgroup/cpu.max is not understood",)),
    ),
    "garbage": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "\x00\udcff many\n"},
        cores.Cores(8.0, "CPUs of this machine", ("/sys/fs/cgroup/cpu.max is not understood",)),
    ),
    "an empty file": (
        {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": ""},
        cores.Cores(8.0, "CPUs of this machine", ("/sys/fs/cgroup/cpu.max is not understood",)),
    ),
    "cgroup without meaning": (
        files("what\n\n:::\n", v2_mount()),
        cores.Cores(8.0, "CPUs of this machine"),
    ),
    "v2, a file that can't be read (mode 0400, another user)": (
        {
            **files("0::/a\n", v2_mount()),
            "/sys/fs/cgroup/a/cpu.max": "",
            "/sys/fs/cgroup/cpu.max": "300000 100000\n",
        },
        cores.Cores(3.0, "cgroup v2 quota", ("/sys/fs/cgroup/a/cpu.max is not understood",)),
    ),
    "v2, a cpuset": (
        {
            **files("0::/\n", v2_mount()),
            "/sys/fs/cgroup/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/cpuset.cpus.effective": "0-2,7\n",
        },
        cores.Cores(4.0, "cgroup v2 cpuset"),
    ),
    "v2, a cpuset of one, and a quota": (
        {
            **files("0::/\n", v2_mount()),
            "/sys/fs/cgroup/cpu.max": "150000 100000\n",
            "/sys/fs/cgroup/cpuset.cpus.effective": "5\n",
        },
        cores.Cores(1.0, "cgroup v2 cpuset"),
    ),
    "v2, a cpuset that is garbage": (
        {
            **files("0::/\n", v2_mount()),
            "/sys/fs/cgroup/cpu.max": "150000 100000\n",
            "/sys/fs/cgroup/cpuset.cpus.effective": "0-x\n",
        },
        cores.Cores(
            1.5,
            "cgroup v2 quota",
            ("/sys/fs/cgroup/cpuset.cpus.effective is not understood",),
        ),
    ),
    "v2, mounted twice, the second time where the group is": (
        {
            **files("0::/b/c\n", v2_mount(root="/a", at="/a") + v2_mount(root="/b", at="/b")),
            "/a/cpu.max": "100000 100000\n",
            "/b/c/cpu.max": "200000 100000\n",
        },
        cores.Cores(2.0, "cgroup v2 quota"),
    ),
    "v1, a quota without a period": (
        {
            **files("4:cpu,cpuacct:/\n", v1_mount()),
            f"{V1}/cpu.cfs_quota_us": "100000\n",
        },
        cores.Cores(8.0, "CPUs of this machine", (f"{V1}/cpu.cfs_quota_us is not understood",)),
    ),
    "nothing can be read": (
        {},
        cores.Cores(8.0, "CPUs of this machine", ("/proc/self/cgroup says nothing",)),
    ),
}


@pytest.mark.parametrize(("readable", "expected"), CASES.values(), ids=CASES)
def test_quotas(readable: dict[str, str], expected: cores.Cores) -> None:
    assert cores.decide(8, 8, readable.get) == expected


def test_affinity() -> None:
    assert cores.decide(3, 64, {"/proc/self/cgroup": "0::/\n"}.get) == (3.0, "CPU affinity", ())


def test_the_least_of_affinity_and_quota() -> None:
    readable = {**files("0::/\n", v2_mount()), "/sys/fs/cgroup/cpu.max": "150000 100000\n"}
    assert cores.decide(1, 8, readable.get) == cores.Cores(1.0, "CPU affinity")
    assert cores.decide(2, 8, readable.get) == cores.Cores(1.5, "cgroup v2 quota")


def test_this_machine() -> None:
    assert 0 < cores.of_this_process().number <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize("cpus", [64, 256])
def test_a_small_container_on_a_large_host(cpus: int) -> None:
    readable = {
        **files(f"0::{DOCKER}\n", v2_mount(root=DOCKER)),
        "/sys/fs/cgroup/cpu.max": "50000 100000\n",
        "/sys/fs/cgroup/cpuset.cpus.effective": f"0-{cpus - 1}\n",
    }
    assert cores.decide(cpus, cpus, readable.get) == (0.5, "cgroup v2 quota", ())
    assert cores.decide(cpus, cpus, files("0::/\n", v2_mount()).get).number == cpus


def test_a_file_that_is_missing_is_not_one_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "limit").write_bytes(b"\xff 1\n")
    assert cgroups.read(str(tmp_path / "limit")) == "\udcff 1\n"
    assert cgroups.read(str(tmp_path / "none")) is None
    assert cgroups.read(str(tmp_path / "limit" / "none")) is None
    assert cgroups.read(str(tmp_path)) == ""  # EISDIR, as EACCES is


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert cores.__file__.startswith(str(MODULES))
