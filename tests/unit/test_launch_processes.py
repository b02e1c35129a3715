"""How many processes and threads: a cgroup's texts in, a number and its origin out."""

import pytest
from support.launch import MODULES  # noqa: F401  puts MODULES on sys.path

from flaskpack_launch import processes  # isort: skip

V2 = {
    "/proc/self/cgroup": "0::/a/b\n",
    "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
}
V1 = {
    "/proc/self/cgroup": "8:pids:/docker/01\n4:memory:/docker/01\n",
    "/proc/self/mountinfo": (
        "31 30 0:27 /docker/01 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
        "32 30 0:28 /docker/01 /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n"
    ),
}
FOLDER = "/sys/fs/cgroup"
OWN, PARENT, V1_OWN = f"{FOLDER}/a/b/pids.max", f"{FOLDER}/a/pids.max", f"{FOLDER}/pids/pids.max"
CASES: dict[str, tuple[dict[str, str], processes.Processes | None]] = {
    "v2": ({**V2, OWN: "64\n"}, processes.Processes(64, "cgroup v2 pids.max")),
    "v2, none": ({**V2, OWN: "max\n"}, None),
    "v2, no file": (V2, None),
    "v2, an ancestor is tighter": (
        {**V2, OWN: "64\n", PARENT: "32\n"},
        processes.Processes(32, "cgroup v2 pids.max"),
    ),
    "v2, one can't be read": (
        {**V2, OWN: "", PARENT: "32\n"},
        processes.Processes(32, "cgroup v2 pids.max", (f"{OWN} is not understood",)),
    ),
    "v2, garbage": ({**V2, OWN: "many\n"}, None),
    "v1": ({**V1, V1_OWN: "16\n"}, processes.Processes(16, "cgroup v1 pids.max")),
    "v1, none": ({**V1, V1_OWN: "max\n"}, None),
    "nothing at all": ({}, None),
}


@pytest.mark.parametrize("case", CASES)
def test_the_least_limit(case: str) -> None:
    files, expected = CASES[case]
    assert processes.decide(files.get) == expected


def test_this_machine_has_none_or_a_usual_one() -> None:
    found = processes.of_this_process()
    assert found is None or (found.number > 1 and found.origin.endswith("pids.max"))
