"""How long a client may take for the parts of a request."""

import select
import signal
import socket
import time
from pathlib import Path

from harness.later_clock import later_clock
from serving import body, read_all, read_response, serving, status, wait_until


def test_head_that_comes_byte_by_byte_has_its_time(installed: Path) -> None:
    with (
        serving(installed, environment={"MEINHELD_HEADER_TIMEOUT": "1"}) as server,
        server.connect() as slow,
    ):
        slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")

        assert any(_answered(slow) or _sent(slow) for _ in range(25))
        assert status(read_all(slow)) == 408


def test_blank_lines_before_a_request_stretch_no_time(installed: Path) -> None:
    with (
        serving(installed, environment={"MEINHELD_HEADER_TIMEOUT": "1"}) as server,
        server.connect() as slow,
    ):
        assert any(_answered(slow) or _sent(slow, b"\r\n") for _ in range(25))
        assert read_all(slow) == b""


def _sent(connection: socket.socket, more: bytes = b"x") -> bool:
    """Sends that, and is no answer."""
    connection.sendall(more)
    return False


def _answered(connection: socket.socket) -> bool:
    """Whether something comes within a fifth of a second."""
    return bool(select.select([connection], [], [], 0.2)[0])


def test_slow_upload_on_a_kept_connection_outlives_the_keep_alive_time(installed: Path) -> None:
    with serving(installed, "--keep-alive", "1") as server, server.connect() as connection:
        connection.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        read_response(connection)
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n")
        for i in range(8):
            assert server.get("/sleep?s=0.3") == b"slept"
            connection.sendall(b"%d" % i)

        assert body(read_response(connection)) == b"01234567"


def test_term_lets_a_slow_download_finish(installed: Path) -> None:
    with serving(installed) as server, server.connect() as connection:
        connection.sendall(b"GET /large?n=30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        received = connection.recv(1000)
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in server.log(), "gunicorn shuts down")
        # Two seconds of reading little.
        end = time.monotonic() + 2
        while time.monotonic() < end:
            received += connection.recv(1000)
            select.select([], [], [], 0.1)

        assert len(body(received + read_all(connection))) == 30_000_000
        assert server.process.wait(15) == 0


def test_long_wait_lasts_as_long_as_it_was_said(installed: Path) -> None:
    ask = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    with (
        later_clock() as clock,
        serving(installed, "--keep-alive", "300", environment=clock.environment) as server,
        server.connect() as connection,
    ):
        for second in (0, 290, 580):
            (worker,) = server.workers() or {0}
            clock.jump(worker, second)
            # The second one is answered when the loop has looked at its time limits.
            assert [server.get("/hello") for _ in range(2)] == [b"hello"] * 2
            connection.sendall(ask)
            assert body(read_response(connection)) == b"hello"
        clock.jump(worker, 890)

        assert read_all(connection) == b""


def test_signals_do_not_stop_the_clock(installed: Path) -> None:
    with (
        serving(installed, "--keep-alive", "1", "--timeout", "3") as server,
        server.connect() as connection,
    ):
        assert server.get("/rings") == b"rings"
        workers = server.workers()
        connection.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        assert body(read_response(connection)) == b"hello"

        assert read_all(connection) == b""
        assert server.workers() == workers
        assert "WORKER TIMEOUT" not in server.log()
