"""Instructions and system calls of a request: figures that a noisy machine cannot touch."""

import http.client
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.serve.cases import APPS, App
from benchmarks.serve.peers import Tools
from benchmarks.serve.processes import PROC, members
from benchmarks.serve.running import LIMIT, NotServingError, Running, serving
from benchmarks.serve.servers import Server

WARM = 100
COUNTED = {"instructions": 200, "system_calls": 500}
"""Requests, one after the other over one connection where it is kept: those before anything is
counted, and those that are."""


@dataclass(frozen=True)
class Count:
    """Of one request, in all processes of a server that has one for the app.

    None where it couldn't be had; ``problem`` says why.
    """

    app: str
    server: str
    instructions: float | None
    system_calls: float | None
    problem: str = ""

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def count(tools: Tools, server: Server, app: str) -> Count:
    """Both figures, from two starts of the server."""
    found: dict[str, float | None] = {}
    problems = []
    for what, of in (("instructions", instructions), ("system_calls", system_calls)):
        try:
            found[what] = of(tools, server, APPS[app]) / COUNTED[what]
        except (NotServingError, OSError, http.client.HTTPException) as problem:
            found[what] = None
            problems.append(f"{what.replace('_', ' ')}: {problem}")
    return Count(app, server.key, **found, problem="; ".join(problems))


def instructions(tools: Tools, server: Server, app: App) -> int:
    """callgrind's count of all that ran while the requests were answered."""
    with tempfile.TemporaryDirectory() as place:
        vgdb = f"--vgdb-prefix={place}/vgdb"
        callgrind = ["valgrind", "-q", "--tool=callgrind", "--trace-children=yes", vgdb]
        callgrind += ["--instr-atstart=no", f"--callgrind-out-file={place}/out.%p"]
        with serving(
            tools, server, app, keep=True, processes=1, prefix=callgrind, valgrind=True
        ) as running:
            ask_in_row(running.port, app, WARM)
            for pid in members(running.session):
                _control(vgdb, "--instr=on", pid)
            ask_in_row(running.port, app, COUNTED["instructions"])
            for pid in members(running.session):
                _control(vgdb, "--dump", pid)
        return sum(total(dump.read_text()) for dump in Path(place).glob("out.*"))


def _control(vgdb: str, action: str, pid: int) -> None:
    """Says it to one process and waits until it is done."""
    command = ["callgrind_control", vgdb, action, str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotServingError(f"callgrind_control failed: {done.stderr.strip()}")


def total(dump: str) -> int:
    """The sum in a file of callgrind's."""
    found = re.search(r"^totals: (\d+)", dump, re.MULTILINE)
    return int(found[1]) if found else 0


def system_calls(tools: Tools, server: Server, app: App) -> int:
    """strace's count of all calls of all threads while the requests were answered."""
    with (
        tempfile.TemporaryDirectory() as place,
        serving(tools, server, app, keep=True, processes=1) as running,
    ):
        ask_in_row(running.port, app, WARM)
        table = Path(place) / "table"
        pids = [word for pid in members(running.session) for word in ("-p", str(pid))]
        with subprocess.Popen(
            ["strace", "-f", "-c", "-o", table, *pids], stderr=subprocess.DEVNULL
        ) as strace:
            _wait_until_traced(running)
            ask_in_row(running.port, app, COUNTED["system_calls"])
            strace.send_signal(signal.SIGINT)
        return calls(table.read_text())


def calls(table: str) -> int:
    """The fourth column of the last line of ``strace -c``."""
    return int(table.splitlines()[-1].split()[3])


def _wait_until_traced(running: Running) -> None:
    end = time.monotonic() + LIMIT
    while not all(_is_traced(pid) for pid in members(running.session)):
        if time.monotonic() > end:
            raise NotServingError("strace could not attach")
        time.sleep(0.01)


def _is_traced(pid: int) -> bool:
    """Whether all threads are."""
    threads: Sequence[Path] = list((PROC / str(pid) / "task").glob("*/status"))
    return all("\nTracerPid:\t0\n" not in thread.read_text() for thread in threads)


def ask_in_row(port: int, app: App, number: int) -> None:
    """So many requests; a new connection where the server closed it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10 * LIMIT)
    for _ in range(number):
        connection.request("POST" if app.body else "GET", app.path, app.body or None)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or len(body) != app.length:
            raise NotServingError(f"status {answer.status} with {len(body)} bytes")
    connection.close()
