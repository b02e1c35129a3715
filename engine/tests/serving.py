"""Starts gunicorn with the engine, and talks to it byte by byte."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

APPS = Path(__file__).parent / "apps"
SECONDS = 15
"""How long anything may take before a test fails."""

_DATE = re.compile(rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n")


@dataclass(frozen=True)
class Server:
    """A running gunicorn: ``log_file`` gets its stdout and stderr."""

    address: tuple[str, int]
    process: "subprocess.Popen[bytes]"
    log_file: Path

    def connect(self, path: Path | None = None) -> socket.socket:
        """A new connection (to a unix socket's path), with a limit on each read and write."""
        if path is None:
            return socket.create_connection(self.address, timeout=SECONDS)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        connection.connect(str(path))
        return connection

    def ask(self, *pieces: bytes) -> bytes:
        """Sends the pieces on one connection and gives all that comes until it is closed.

        The date's value is left out. An end by reset counts as an end.
        """
        with self.connect() as connection:
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                for piece in pieces:
                    connection.sendall(piece)
            return without_date(read_all(connection))

    def get(self, path: str, *headers: str) -> bytes:
        """The body of the answer to a GET with a connection of its own."""
        head = "".join(f"{header}\r\n" for header in ("Host: test", "Connection: close", *headers))
        return body(self.ask(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()))

    def log(self) -> str:
        """What gunicorn wrote so far."""
        return self.log_file.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends the signal and gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def workers(self) -> set[int]:
        """Process ids of the workers: the children of the arbiter."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}


@contextlib.contextmanager
def serving(
    python: Path,
    *options: str,
    bind: str = "",
    prefix: tuple[str, ...] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """gunicorn on a loopback port (or another ``bind``), one worker unless told otherwise.

    ``prefix`` is a command that execs the command behind it.

    The port is bound before gunicorn starts: whoever connects waits until it accepts.
    """
    with tempfile.TemporaryDirectory() as home, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        bind = bind or f"fd://{listener.fileno()}"
        command = [
            *prefix,
            str(python),
            "-m",
            "gunicorn",
            "-k",
            "egg:meinheld#gunicorn_worker",
            "-b",
            bind,
        ]
        log = Path(home) / "log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [*command, "-c", "gunicorn_conf.py", *options, "engine_app:app"],
                pass_fds=[listener.fileno()],
                cwd=APPS,
                env={"PATH": os.environ["PATH"], "HOME": home, **environment},
                stdout=stream,
                stderr=stream,
            )
        try:
            yield Server(listener.getsockname(), process, log)
        finally:
            process.kill() if process.poll() is None else None
            process.wait()


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side closes or resets the connection."""
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 16):
            received += piece
    return bytes(received)


def read_response(connection: socket.socket) -> bytes:
    """One response with a Content-Length, with the date's value left out."""
    received = bytearray()
    while b"\r\n\r\n" not in received:
        received += _some(connection, 1)
    length = re.search(rb"\r\nContent-Length: (\d+)\r\n", received)
    for _ in range(int(length[1]) if length else 0):
        received += _some(connection, 1)
    return without_date(bytes(received))


def body(response: bytes) -> bytes:
    """What follows the head."""
    return response.partition(b"\r\n\r\n")[2]


def status(response: bytes) -> int:
    """The status code, and 0 where nothing came."""
    return int(response[9:12]) if response else 0


def without_date(response: bytes) -> bytes:
    """The same with "Date: *" for each date."""
    return _DATE.sub(b"Date: *\r\n", response)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Returns when the condition holds, and fails when it doesn't in time."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited {SECONDS} s in vain until {what}"
        time.sleep(0.02)


def _some(connection: socket.socket, limit: int) -> bytes:
    piece = connection.recv(limit)
    assert piece, "the connection was closed within a response"
    return piece
