"""What is read from callgrind, strace, /proc and a lock file."""

import os
import subprocess
import sys

from benchmarks.serve import counts, peers
from benchmarks.serve.processes import members, usage

DUMP = """\
version: 1
creator: callgrind-3.19.0
events: Ir
summary: 5 0

fn=(1) main
3 4
totals: 3401050
"""

TABLE = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.006000           4      1500           read
 40.00    0.004000           8       500         2 epoll_ctl
------ ----------- ----------- --------- --------- ----------------
100.00    0.010000           5      2000         2 total
"""


def test_callgrinds_sum() -> None:
    assert counts.total(DUMP) == 3401050
    assert counts.total("version: 1\n") == 0


def test_straces_sum() -> None:
    assert counts.calls(TABLE) == 2000
    assert counts.calls(TABLE.replace("        2 total", "          total")) == 2000


def test_one_part_of_a_lock() -> None:
    one = "a==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:ab\n"
    other = "b-c==2 \\\n    --hash=sha256:bb\n"
    assert peers.only(one + other, "a") == one
    assert peers.only(one + other, "b-c") == other
    assert peers.only(one + other, "c") == ""


BUSY = """\
import os, sys, time
child = os.fork()
end = time.process_time() + 0.2
while time.process_time() < end:
    pass
os.write(1, b"done\\n")
sys.stdin.read()
if child:
    os.wait()
"""


def test_all_processes_of_a_session_are_added_up() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == [b"done\n"] * 2
        leader, child = members(process.pid)
        assert leader == process.pid
        assert child != os.getpid()
        used = usage(process.pid)
        assert 0.4 < used.processor < 5
        assert 1_000_000 < used.memory < 100_000_000
        process.communicate()
    assert members(process.pid) == []
