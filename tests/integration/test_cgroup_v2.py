"""Limits of cgroup v2 for real: gunicorn under a kernel of its own, whatever this machine's has.

The kernel is User-mode Linux, a program (FLASKPACK_UML names it) whose root is this machine's, read
only. It has one CPU.
"""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from support import cgroup_v2_guest as guest
from support.gunicorns import CONF

APP = """
import os

blob = b"x" * (60 << 20)


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % os.getpid()]
"""
NONE = [["pod/memory.max", "max"], ["pod/app/memory.high", "max"], ["pod/app/cpu.max", "max"]]
MIB = 1 << 20


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """In one kernel, one after the other: a quota of its own, an ancestor's limit, a high mark."""
    cases = [
        [*NONE, ["pod/app/cpu.max", "50000 100000"], ["pod/memory.max", str(256 * MIB)]],
        [*NONE, ["pod/memory.max", str(150 * MIB)]],
        [*NONE, ["pod/app/memory.high", str(280 * MIB)]],
    ]
    folder = tmp_path_factory.mktemp("v2")
    (folder / "app").mkdir()
    (folder / "app" / "main.py").write_text(APP)
    asked = {
        "command": [sys.executable, "-m", "gunicorn", "-k", "sync", "-c", str(CONF), "main:app"],
        "env": {"WORKERS_PER_CORE": "4", "PYTHONDONTWRITEBYTECODE": "1"},
        "app": str(folder / "app"),
        "cases": cases,
    }
    (folder / "asked").write_text(json.dumps(asked))
    init = folder / "init"
    init.write_text(
        "#!/bin/sh\nexport PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
        f'exec "{sys.executable}" -B "{guest.__file__}" "$(cat "{folder}/asked")"\n'
    )
    init.chmod(0o755)
    done = subprocess.run(
        [
            *(os.environ["FLASKPACK_UML"], "mem=1024M", "rootfstype=hostfs", "rootflags=/", "ro"),
            *(f"init={init}", "con=null", "con0=fd:0,fd:1", f"uml_dir={folder}", "umid=v2"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=400,
        check=False,
    )
    found = re.findall(r"^RESULT (.*?)\r?$", done.stdout, re.MULTILINE)
    assert len(found) == len(cases), done.stdout[-6000:]
    return [json.loads(line) for line in found]


@pytest.mark.parametrize(
    ("number", "workers", "says"),
    [
        (0, 2, "2 workers: 4 per core {} 0.5 cores (cgroup v2 quota); memory 256 MiB allows 2"),
        (1, 1, "1 worker: memory 150 MiB allows 1; 4 per core {} 1.0 cores (CPUs of this machine) "
         "would be 4"),
        (2, 2, "2 workers: memory 280 MiB allows 2; 4 per core {} 1.0 cores (CPUs of this machine) "
         "would be 4"),
    ],
    ids=["quota", "an ancestor's limit", "high"],
)  # fmt: skip
def test_limits(results: list[dict[str, Any]], number: int, workers: int, says: str) -> None:
    found = results[number]
    line = "[INFO] " + says.format("\N{MULTIPLICATION SIGN}")
    assert found["log"].count(f"{line}\n") == 1, found["log"]
    assert found["workers"] == workers
    assert found["events"]["oom_kill"] == 0
    assert found["events"]["max"] == 0


def test_where_the_memory_comes_from(results: list[dict[str, Any]]) -> None:
    origins = [re.findall(r"memory: \d+ MiB \((.*?)\)", found["log"]) for found in results]
    assert origins == [["cgroup v2 limit"], ["cgroup v2 limit"], ["cgroup v2 memory.high"]]
