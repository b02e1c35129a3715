"""Starts a gunicorn, ours or with a worker of its own, on a port or path that is told."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from harness.wire import SECONDS, body, read_all, without_date

APPS = Path(__file__).parents[1] / "tests" / "apps"
ENGINE = "egg:meinheld#gunicorn_worker"


@dataclass(frozen=True)
class Server:
    """A running server: ``log_file`` gets its stdout and stderr."""

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
        """What the server wrote so far."""
        return self.log_file.read_text(errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends the signal and gives the exit code: valgrind looks for lost memory before."""
        self.process.send_signal(number)
        return self.process.wait(4 * SECONDS)

    def workers(self) -> set[int]:
        """Process ids of the workers: the children of the arbiter."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}


@contextlib.contextmanager
def serving(
    python: Path,
    *options: str,
    app: str = "engine_app:app",
    worker: str = ENGINE,
    bind: str = "",
    prefix: tuple[str, ...] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """gunicorn on a loopback port (or another ``bind``), one worker unless told otherwise.

    ``app`` is one of APPS, ``worker`` a class as gunicorn's -k takes it, ``prefix`` a command
    that execs the command behind it.

    The port is bound before gunicorn starts: whoever connects waits until it accepts.
    """
    with tempfile.TemporaryDirectory() as home, listening() as listener:
        bind = bind or f"fd://{listener.fileno()}"
        command = [*prefix, str(python), "-m", "gunicorn", "-k", worker, "-b", bind]
        with started(
            [*command, "-c", "gunicorn_conf.py", *options, app],
            listener,
            Path(home),
            {"PATH": os.environ["PATH"], "HOME": home, **environment},
        ) as server:
            yield server


@contextlib.contextmanager
def started(
    command: list[str], listener: socket.socket, place: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Any server that takes over the descriptor of ``listener``; killed at the end.

    Its workers too: one that spins would go on without it.
    """
    log = place / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            pass_fds=[listener.fileno()],
            cwd=APPS,
            env=environment,
            stdout=stream,
            stderr=stream,
        )
    server = Server(listener.getsockname(), process, log)
    try:
        yield server
    finally:
        if process.poll() is None:
            workers = server.workers()
            process.kill()
            for worker in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
        process.wait()


def listening() -> socket.socket:
    """A socket that listens on a free port of 127.0.0.1."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    return listener
