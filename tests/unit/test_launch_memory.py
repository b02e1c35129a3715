"""How much memory: cgroup texts as real systems write them, in; bytes and their origin, out."""

import os
import subprocess
import sys

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import cgroups, memory  # isort: skip

MIB = 1 << 20
HOST = 64 << 30
MEMINFO = f"MemTotal:       {HOST // 1024} kB\nMemFree:         2048 kB\n"
NONE = "9223372036854771712\n"
V1 = "/sys/fs/cgroup/memory"
V2 = "/sys/fs/cgroup"
MACHINE = memory.Memory(HOST, "memory of this machine")


def v2(group: str, **limits: object) -> dict[str, str]:
    return {
        "/proc/meminfo": MEMINFO,
        "/proc/self/cgroup": f"0::{group}\n",
        "/proc/self/mountinfo": f"30 23 0:26 / {V2} ro,nosuid - cgroup2 cgroup rw,nsdelegate\n",
        **{f"{V2}/{path}": f"{text}\n" for path, text in limits.items()},
    }


def v1(group: str, root: str = "/", **limits: object) -> dict[str, str]:
    return {
        "/proc/meminfo": MEMINFO,
        "/proc/self/cgroup": f"5:cpu:/x\n4:memory:{group}\n0::/\n",
        "/proc/self/mountinfo": f"35 31 0:32 {root} {V1} ro - cgroup cgroup rw,memory\n",
        **{f"{V1}/{path}": str(text) for path, text in limits.items()},
    }


CASES: dict[str, tuple[dict[str, str], "memory.Memory | None"]] = {
    "v2, a limit": (
        v2("/", **{"memory.max": 512 * MIB, "memory.high": "max"}),
        memory.Memory(512 * MIB, "cgroup v2 limit"),
    ),
    "v2, none": (v2("/", **{"memory.max": "max", "memory.high": "max"}), MACHINE),
    "v2, the root group has no such file": (v2("/"), MACHINE),
    "v2, throttled before it is killed": (
        v2("/", **{"memory.max": 512 * MIB, "memory.high": 400 * MIB}),
        memory.Memory(400 * MIB, "cgroup v2 memory.high"),
    ),
    "v2, an ancestor is tighter": (
        v2(
            "/pod/app",
            **{
                "pod/app/memory.max": "max",
                "pod/memory.max": 256 * MIB,
                "memory.max": 512 * MIB,
            },
        ),
        memory.Memory(256 * MIB, "cgroup v2 limit"),
    ),
    "v2, more than there is": (v2("/", **{"memory.max": 2 * HOST}), MACHINE),
    "v2, garbage": (
        v2("/", **{"memory.max": "lots"}),
        MACHINE._replace(doubts=(f"{V2}/memory.max is not understood",)),
    ),
    "v1, docker": (
        v1(
            "/docker/01",
            root="/docker/01",
            **{"memory.limit_in_bytes": f"{128 * MIB}\n"},
        ),
        memory.Memory(128 * MIB, "cgroup v1 limit"),
    ),
    "v1, none": (v1("/", **{"memory.limit_in_bytes": NONE}), MACHINE),
    "v1, none with pages of 64 KiB": (
        v1("/", **{"memory.limit_in_bytes": "9223372036854710272\n"}),
        MACHINE,
    ),
    "v1, an ancestor is tighter": (
        v1(
            "/a/b",
            **{
                "a/b/memory.limit_in_bytes": NONE,
                "a/memory.limit_in_bytes": f"{200 * MIB}\n",
            },
        ),
        memory.Memory(200 * MIB, "cgroup v1 limit"),
    ),
    "v1, an ancestor that can't be seen is tighter": (
        v1(
            "/pod/app",
            root="/pod/app",
            **{
                "memory.limit_in_bytes": NONE,
                "memory.stat": f"cache 1\nhierarchical_memory_limit {300 * MIB}\nrss 2\n",
            },
        ),
        memory.Memory(300 * MIB, "cgroup v1 limit"),
    ),
    "v1, no limit in the whole line of ancestors": (
        v1("/", **{"memory.stat": f"hierarchical_memory_limit {NONE}"}),
        MACHINE,
    ),
    "hybrid, the limit is with v1": (
        {
            **v1("/x", **{"x/memory.limit_in_bytes": f"{64 * MIB}\n"}),
            "/proc/self/mountinfo": (
                f"41 31 0:38 / {V2}/unified rw - cgroup2 cgroup2 rw\n"
                f"35 31 0:32 / {V1} ro - cgroup cgroup rw,memory\n"
            ),
        },
        memory.Memory(64 * MIB, "cgroup v1 limit"),
    ),
    "only a cgroup can be read": (
        {**v2("/", **{"memory.max": MIB}), "/proc/meminfo": ""},
        memory.Memory(MIB, "cgroup v2 limit", ("/proc/meminfo is not understood",)),
    ),
    "nothing can be read": ({}, None),
}


@pytest.mark.parametrize(("readable", "expected"), CASES.values(), ids=CASES)
def test_limits(readable: dict[str, str], expected: "memory.Memory | None") -> None:
    assert memory.decide(readable.get) == expected


def test_this_machine() -> None:
    found = memory.of_this_process()
    assert found
    assert 0 < found.size <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


ROLLUP = """\
55e0a7b7f000-7ffd9a5e2000 ---p 00000000 00:00 0                          [rollup]
Rss:               24012 kB
Pss:               15003 kB
Pss_Dirty:         13000 kB
Private_Dirty:     12000 kB
SwapPss:               7 kB
"""
SMAPS = """\
55e0a7b7f000-55e0a7b80000 r--p 00000000 08:01 1    /usr/bin/python3
Rss:                   8 kB
Pss:                   4 kB
7f1c00000000-7f1c00021000 rw-p 00000000 00:00 0
Rss:                 100 kB
Pss:                 100 kB
"""


@pytest.mark.parametrize(
    ("readable", "expected"),
    [
        ({"/proc/7/smaps_rollup": ROLLUP, "/proc/7/statm": "9 9 9 9 0 9 0\n"}, 15003 * 1024),
        ({"/proc/7/smaps": SMAPS, "/proc/7/statm": "9 9 9 9 0 9 0\n"}, 104 * 1024),
        ({"/proc/7/smaps_rollup": "", "/proc/7/smaps": "", "/proc/7/statm": "9 2 1 0 0 0 0"}, 2),
        ({"/proc/7/statm": "what"}, None),
        ({}, None),
    ],
)
def test_what_a_process_takes(readable: dict[str, str], expected: "int | None") -> None:
    pages = expected * os.sysconf("SC_PAGE_SIZE") if expected == 2 else expected
    assert memory.share("7", readable.get) == pages


def test_what_processes_take_here() -> None:
    script = "import sys; blob = b'x' * (30 << 20); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        other.stdout.readline()
        taken = memory.share(str(other.pid), cgroups.read)
        assert taken
        assert 30 * MIB < taken < 60 * MIB
        resident = memory.resident(cgroups.read(f"/proc/{other.pid}/statm"))
        assert resident
        assert resident >= taken
        other.communicate()
    assert memory.share("self", cgroups.read)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0 MiB"),
        (MIB, "1 MiB"),
        (512 * MIB, "512 MiB"),
        (1024 * MIB, "1 GiB"),
        (1536 * MIB, "1.5 GiB"),
        (24.04 * 1024 * MIB, "24 GiB"),
    ],
)
def test_words(size: float, expected: str) -> None:
    assert memory.words(size) == expected


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert memory.__file__.startswith(str(MODULES))
