"""A real gunicorn with the included configuration, on a port of this machine."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.launch import LAUNCH

CONF = LAUNCH / "gunicorn_conf.py"
APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"served"]
"""
LIMIT = 20
"""Seconds for anything that a server is waited for."""


class Server:
    """A running gunicorn; ``home`` is its working directory."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", port: int, log: Path, home: Path
    ) -> None:
        self.process, self.port, self._log, self.home = process, port, log, home

    def log(self) -> str:
        return self._log.read_text()

    def wait_for(self, text: str, times: int = 1) -> None:
        self.until(lambda: self.log().count(text) >= times, f"no {text!r}")

    def until(self, condition: Callable[[], bool], otherwise: str) -> None:
        limit = time.monotonic() + LIMIT
        while not condition():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < limit, f"{otherwise} in:\n{self.log()}"
            time.sleep(0.02)

    def answer(self, path: str = "/") -> bytes:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=10) as response:
            body: bytes = response.read()
        return body

    def workers(self) -> set[int]:
        """Process ids of the workers: the children of the arbiter."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def wait_for_workers(self, number: int) -> None:
        self.until(lambda: len(self.workers()) == number, f"no {number} workers")


@contextmanager
def serving(
    folder: Path, conf: Path, *options: str, app: str = APP, worker: str = "sync", **env: str
) -> Iterator[Server]:
    """gunicorn in a folder, with the app as its main.py, ready to answer; ended at the end."""
    (folder / "main.py").write_text(app)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log"
    command = ["gunicorn", "-k", worker, "-c", str(conf), "main:app", *options]
    with log.open("w") as stderr:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={
                **{"PATH": os.environ["PATH"], "HOME": str(folder), "HOST": "127.0.0.1"},
                **{"PORT": str(port), "PYTHONPATH": str(LAUNCH / "modules")},
                # A worker that is just being forked loses a TERM: gunicorn waits so long for it.
                **{"PYTHONDONTWRITEBYTECODE": "1", "GRACEFUL_TIMEOUT": "3", **env},
            },
            stderr=stderr,
        )
    server = Server(process, port, log, folder)
    try:
        server.wait_for("Booting worker")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)


def ended(folder: Path, *options: str, app: str = APP, **env: str) -> tuple[int, str]:
    """The exit code and stderr of a gunicorn that doesn't come to serving."""
    (folder / "main.py").write_text(app)
    done = subprocess.run(
        ["gunicorn", "-c", str(CONF), "main:app", *options],
        cwd=folder,
        env={
            **{"PATH": os.environ["PATH"], "HOME": str(folder), "LOG_LEVEL": "warning"},
            **{"HOST": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1", **env},
        },
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
    return done.returncode, done.stderr
