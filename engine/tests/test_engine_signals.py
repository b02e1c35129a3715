"""gunicorn's signals under a load that never rests: no answer is lost, none is wrong.

The short form of `scripts/soak engine --part signals`.
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import signals
from harness.case import get
from harness.load import faults, load
from harness.servers import Server, serving
from harness.signals import Storm
from harness.vitals import vitals
from harness.wire import read_all, read_response, status
from serving import body, wait_until


@pytest.fixture(params=["1", "4"])
def storm(installed: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Storm]:
    with signals.storm(installed, tmp_path, threads=request.param) as made:
        yield made


@pytest.mark.parametrize("name", signals.ACTIONS)
def test_signal_loses_nothing(storm: Storm, name: str) -> None:
    with load(storm.port) as running:
        wait_until(lambda: running.tally.answered > 200, "the load is there")
        signals.ACTIONS[name](storm)
        before = running.tally.answered
        wait_until(lambda: running.tally.answered > before + 200, "the load goes on")

    assert faults(running.tally, storm.marks) == []


@pytest.mark.parametrize("threads", ["1", "4"])
def test_max_requests_loses_nothing(installed: Path, tmp_path: Path, threads: str) -> None:
    options = ("--max-requests", "50", "--max-requests-jitter", "50")
    with signals.storm(installed, tmp_path, *options, threads=threads) as storm:
        before = storm.workers()
        with load(storm.port) as running:
            wait_until(lambda: running.tally.answered > 1000, "the load goes on")
        assert not before & storm.workers()

    assert faults(running.tally, storm.marks) == []


def test_term_answers_what_runs(storm: Storm) -> None:
    with load(storm.port) as running:
        wait_until(lambda: running.tally.answered > 200, "the load is there")
        running.ending = True
        storm.send(signal.SIGTERM)

        assert storm.server.process.wait(15) == 0

    assert faults(running.tally, storm.marks) == []


def test_term_answers_who_waits_to_be_accepted(installed: Path) -> None:
    """The only worker is busy: the kernel takes connections that nobody has accepted yet."""
    with serving(installed) as server:
        with server.connect() as slow:
            slow.sendall(get("/sleep?s=1", "Connection: close"))
            wait_until(lambda: "sleeping" in server.log(), "the view runs")
            server.process.send_signal(signal.SIGTERM)
            waiting = [server.connect() for _ in range(20)]
            for connection in waiting:
                connection.sendall(get("/hello", "Connection: close"))
            answers = [read_all(connection) for connection in [slow, *waiting]]

        assert [status(answer) for answer in answers] == [200] * 21
        assert server.process.wait(15) == 0


@pytest.mark.parametrize("threads", ["1", "4"])
def test_term_waits_for_who_keeps_a_connection(installed: Path, threads: str) -> None:
    with serving(installed, "--threads", threads) as server:
        with server.connect() as kept, server.connect() as idle:
            for connection in (kept, idle):
                connection.sendall(get("/hello"))
                assert status(read_response(connection)) == 200
            begun = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: "Handling signal: term" in server.log(), "it is told to end")
            time.sleep(0.2)
            kept.sendall(get("/hello"))
            last = read_all(kept)

            assert status(last) == 200
            assert b"\r\nConnection: close\r\n" in last
            assert read_all(idle) == b""
        assert server.process.wait(15) == 0
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("threads", ["1", "4"])
def test_term_answers_who_has_just_connected(installed: Path, threads: str) -> None:
    with serving(installed, "--threads", threads) as server:
        assert server.get("/hello") == b"hello"
        before = vitals(server).descriptors
        with server.connect() as connection:
            wait_until(lambda: vitals(server).descriptors > before, "it is accepted")
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: "Handling signal: term" in server.log(), "gunicorn shuts down")
            # Closed by now, where the worker doesn't wait for it.
            assert not select.select([connection], [], [], 0.3)[0]
            connection.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")

            assert body(read_all(connection)) == b"hello"
        assert server.process.wait(15) == 0


STARTING = """
import os, time
control_socket_disable = True
def post_fork(server, worker):
    print(f"forked {worker.pid}", flush=True)
    while not os.path.exists(os.environ["GO"]):
        time.sleep(0.01)
"""


@contextlib.contextmanager
def starting(installed: Path, folder: Path, *options: str) -> Iterator[tuple[Server, int, Path]]:
    """A server whose worker has only just been forked, and the file that lets it go on."""
    (folder / "conf.py").write_text(STARTING)
    go = folder / "go"
    options = ("-c", str(folder / "conf.py"), *options)
    with serving(installed, *options, environment={"GO": str(go)}) as server:
        wait_until(lambda: "forked" in server.log(), "there is a worker")
        (worker,) = server.workers()
        yield server, worker, go


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGINT])
def test_worker_that_has_just_been_forked_can_be_ended(
    installed: Path, tmp_path: Path, number: int
) -> None:
    with starting(installed, tmp_path) as (server, worker, go):
        os.kill(worker, number)
        go.touch()
        wait_until(lambda: server.log().count("forked") == 2, "there is another one")

        assert worker not in server.workers()
        assert server.get("/hello") == b"hello"


def test_server_that_has_just_begun_can_be_ended(installed: Path, tmp_path: Path) -> None:
    with starting(installed, tmp_path) as (server, _, go):
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in server.log(), "gunicorn shuts down")
        go.touch()

        assert server.process.wait(15) == 0
        assert "SIGKILL" not in server.log()


def test_worker_that_has_just_been_forked_reopens_its_log(installed: Path, tmp_path: Path) -> None:
    log, rotated = tmp_path / "access.log", tmp_path / "access.log.1"
    with starting(installed, tmp_path, "--access-logfile", str(log)) as (_, worker, go):
        log.rename(rotated)
        os.kill(worker, signal.SIGUSR1)
        go.touch()

        wait_until(log.exists, "the log is made anew")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_quick_ends_are_quick(storm: Storm, number: int) -> None:
    with load(storm.port) as running:
        wait_until(lambda: running.tally.answered > 200, "the load is there")
        running.ending = True
        begun = time.monotonic()
        storm.send(number)

        assert storm.server.process.wait(15) == 0
        assert time.monotonic() - begun < 5


@pytest.mark.setting("daemon", "pidfile")
def test_winch_ends_the_workers_of_a_daemon(installed: Path, tmp_path: Path) -> None:
    options = ("--daemon", "--error-logfile", str(tmp_path / "error.log"))
    with signals.storm(installed, tmp_path, *options, threads="1") as storm:
        assert storm.server.process.wait(15) == 0
        storm.send(signal.SIGWINCH)
        wait_until(lambda: not storm.workers(), "they are gone")
        storm.send(signal.SIGHUP)
        wait_until(lambda: len(storm.workers()) == 2, "they are back")
        with load(storm.port) as running:
            wait_until(lambda: running.tally.answered > 20, "they answer")

    assert faults(running.tally, storm.marks) == []
