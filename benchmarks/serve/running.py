"""Starts a server, waits until it answers, and ends it with all its processes."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serve.cases import App
from benchmarks.serve.peers import Tools
from benchmarks.serve.processes import members
from benchmarks.serve.servers import Server, Setting

LIMIT = 20
"""Seconds until a server answers; under valgrind five times as many."""


class NotServingError(Exception):
    """Why there is no right answer, in a few words."""


@dataclass(frozen=True)
class Running:
    """``session`` is the id of the process that was started, and of its session."""

    port: int
    session: int


@contextlib.contextmanager
def serving(
    tools: Tools,
    server: Server,
    app: App,
    *,
    keep: bool,
    processes: int,
    prefix: Sequence[str | Path] = (),
    valgrind: bool = False,
) -> Iterator[Running]:
    """A server that has answered once. ``prefix`` is a command that execs the one behind it.

    ``valgrind``: whether that is valgrind.

    Raises NotServingError where it ends, or doesn't answer as it should.
    """
    setting = Setting(tools.python, free_port(), processes, app, keep)
    with tempfile.TemporaryDirectory() as home, (Path(home) / "log").open("w+b") as log:
        process = subprocess.Popen(
            [*prefix, *server.command(setting)],
            cwd=tools.app,
            env=environment(tools, home, valgrind),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for_answer(process, setting, LIMIT * (5 if valgrind else 1), Path(log.name))
            yield Running(setting.port, process.pid)
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Nothing of it takes time from whoever comes next."""
    end = time.monotonic() + LIMIT
    while (pids := members(process.pid)) and time.monotonic() < end:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    process.wait()


def environment(tools: Tools, home: str, valgrind: bool) -> dict[str, str]:
    """Nothing of ours changes what a server does; hashes are the same in each process."""
    folders = [*([tools.parser] if valgrind else []), tools.app, tools.engine]
    return {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
    }


def free_port() -> int:
    """One of 127.0.0.1 that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_answer(
    process: "subprocess.Popen[bytes]", setting: Setting, limit: float, log: Path
) -> None:
    end = time.monotonic() + limit
    found = "nothing"
    while time.monotonic() < end:
        if process.poll() is not None:
            raise NotServingError(f"it ended with {process.returncode}: {_last_line(log)}")
        with contextlib.suppress(OSError):
            found = ask_once(setting.port, setting.app)
            if found == "":
                return
        time.sleep(0.02)
    raise NotServingError(f"no right answer within {limit} s, but {found}: {_last_line(log)}")


def ask_once(port: int, app: App) -> str:
    """Empty for a right answer, else what came instead. OSError where there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as connection:
        connection.sendall(app.request(keep=False))
        pieces = []
        while piece := connection.recv(1 << 16):
            pieces.append(piece)
    head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    status = head.partition(b"\r\n")[0].decode("latin-1")
    if " 200 " in f"{status} " and len(body) == app.length:
        return ""
    return f"{status!r} with {len(body)} bytes"


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
