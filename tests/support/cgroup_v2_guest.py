"""Runs in a kernel of its own, as its first process: gunicorn in groups of cgroup v2.

A foreign program, standard library only. Its argument is JSON: gunicorn's command, the folder of
the app, and cases, each a list of [file below the mount, text] to write. For each it prints a line
that begins with RESULT, and JSON with the log, the number of workers, and memory.events.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path("/mnt/cgroup")
GROUP = ROOT / "pod" / "app"
HOME = Path("/mnt/home")
PORT = "8000"
LIMIT = 120


def main() -> None:
    asked = json.loads(sys.argv[1])
    prepare(Path(asked["app"]))
    for files in asked["cases"]:
        for name, text in files:
            (ROOT / name).write_text(text)
        print("RESULT", json.dumps(run(asked["command"], asked["env"])), flush=True)
    os.sync()
    Path("/proc/sysrq-trigger").write_text("o")
    signal.pause()


def prepare(app: Path) -> None:
    """File systems, the loopback interface, and the groups pod and pod/app."""
    mount("proc", "/proc")
    mount("sysfs", "/sys")
    mount("tmpfs", "/mnt")
    shm = Path("/dev/shm")
    shm.mkdir(exist_ok=True)
    mount("tmpfs", str(shm))
    ROOT.mkdir()
    mount("cgroup2", str(ROOT))
    GROUP.mkdir(parents=True)
    for group in (ROOT, GROUP.parent):
        (group / "cgroup.subtree_control").write_text("+cpu +memory")
    shutil.copytree(app, HOME)
    with socket.socket() as any_socket:  # netdevice(7): SIOCSIFFLAGS, IFF_UP
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 1))


def mount(kind: str, place: str) -> None:
    subprocess.run(["mount", "-t", kind, kind, place], check=True)


def run(command: list[str], env: dict[str, str]) -> dict[str, object]:
    log = HOME / "log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            ["/bin/sh", "-c", f'echo $$ > {GROUP}/cgroup.procs; exec "$@"', "sh", *command],
            cwd=HOME,
            env={**os.environ, **env, "PORT": PORT, "HOST": "127.0.0.1", "HOME": str(HOME)},
            stderr=stream,
        )
    until(lambda: "is renewed" in log.read_text(), log)
    until(lambda: children(server.pid) >= wanted(log.read_text()), log)
    for _ in range(20):
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=LIMIT).read()
    events = (line.split() for line in (GROUP / "memory.events").read_text().splitlines())
    found = {
        "log": log.read_text(),
        "workers": children(server.pid),
        "events": {name: int(count) for name, count in events},
    }
    server.terminate()
    server.wait(LIMIT)
    return found


def wanted(log: str) -> int:
    """The number in the log's line about the workers."""
    (number,) = re.findall(r"\[INFO\] (\d+) workers?: ", log)
    return int(number)


def children(pid: int) -> int:
    return len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def until(condition: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            print(log.read_text(), flush=True)
            raise TimeoutError
        time.sleep(0.05)


if __name__ == "__main__":
    main()
