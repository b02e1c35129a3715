"""Clients that send slowly or not at all: they have their time, and stop nobody else."""

import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from harness.crowd import BODY, HEAD, allow_descriptors, crowd, latency
from harness.vitals import vitals
from serving import APPS, Server, body, read_all, read_response, serving, status, wait_until

PARTIAL = b"GET / HTTP/1.1\r\nHost: a\r\n"
GET = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
LARGE = b"GET /large?n=30000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def test_head_has_its_time(installed: Path) -> None:
    with (
        serving(installed, environment={"MEINHELD_HEADER_TIMEOUT": "1"}) as server,
        server.connect() as slow,
    ):
        slow.sendall(PARTIAL)
        assert server.get("/hello") == b"hello"

        assert status(read_all(slow)) == 408


def test_body_has_its_time(installed: Path) -> None:
    with (
        serving(installed, environment={"MEINHELD_BODY_TIMEOUT": "1"}) as server,
        server.connect() as slow,
    ):
        slow.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        assert server.get("/hello") == b"hello"

        assert status(read_all(slow)) == 408


@pytest.mark.parametrize("threads", ["1", "4"])
def test_slow_reader_has_its_time(installed: Path, threads: str) -> None:
    limits = {"MEINHELD_SEND_TIMEOUT": "1", "MEINHELD_MIN_RATE": "20000"}
    with (
        serving(installed, "--threads", threads, environment=limits) as server,
        server.connect() as slow,
        server.connect() as fast,
    ):
        for each in (slow, fast):
            each.sendall(LARGE)
            assert each.recv(4) == b"HTTP"
        before = vitals(server).descriptors
        received = 0
        while vitals(server).descriptors == before:
            slow.recv(1_000)
            received += len(fast.recv(1 << 16))
            select.select([], [], [], 0.2)
            assert received < 10_000_000, "the slow one is still there"
        while piece := fast.recv(1 << 20):
            received += len(piece)
        assert received > 30_000_000
        assert server.get("/hello") == b"hello"


def test_idle_connection_takes_little_memory(installed: Path) -> None:
    allow_descriptors(4000)
    with serving(installed, "--keep-alive", "60") as server:
        for _ in range(100):
            assert server.get("/hello") == b"hello"
        before = vitals(server).memory
        with crowd(server, 1500, GET, drip=False) as members:
            for each in members:
                assert body(read_response(each)) == b"hello"
            assert (vitals(server).memory - before) / len(members) < 2048


@pytest.mark.parametrize("begin", [HEAD, BODY], ids=["head", "body"])
def test_crowd_that_drips_stops_nobody(installed: Path, begin: bytes) -> None:
    with (
        serving(installed, "--threads", "4", "--worker-connections", "100") as server,
        crowd(server, 300, begin, drip=True),
    ):
        assert latency(server, 1).count >= 100
        assert server.log().count("Booting worker") == 1


def test_idle_connections_make_room(installed: Path) -> None:
    with serving(installed, "--worker-connections", "20") as server:
        idle = [server.connect() for _ in range(60)]
        for each in idle:
            each.sendall(PARTIAL)
        assert server.get("/hello") == b"hello"
        answers = [read_all(each) for each in idle[:40]]
        for each in idle:
            each.close()

    assert {status(answer) for answer in answers} == {408}


def test_answered_connections_are_never_evicted(installed: Path) -> None:
    options = ("--worker-connections", "16", "--threads", "4")
    with serving(installed, *options) as server, server.connect() as download:
        download.sendall(b"GET /large?n=20000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        begin = download.recv(1000)
        idle = [server.connect() for _ in range(50)]
        for each in idle:
            each.sendall(PARTIAL)
        assert server.get("/hello") == b"hello"

        assert len(body(begin + read_all(download))) == 20_000_000
        for each in idle:
            each.close()


def test_connections_beyond_the_descriptors_do_not_stop_the_worker(installed: Path) -> None:
    code = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80)); "
    code += "os.execv(sys.argv[1], sys.argv[1:])"
    prefix = (sys.executable, "-c", code)
    with serving(installed, prefix=prefix) as server:
        crowd = [server.connect() for _ in range(150)]
        for each in crowd:
            each.sendall(PARTIAL)
        assert server.get("/hello") == b"hello"
        for each in crowd:
            each.close()
        wait_until(lambda: server.get("/hello") == b"hello", "it still answers")
        assert server.log().count("Booting worker") == 1
        assert server.stop() == 0


def test_server_runs_without_gunicorn(installed: Path) -> None:
    code = (
        "import socket; from engine_app import app; from meinheld import server;"
        "s = socket.socket(); s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]; s.close();"
        "server.listen(('127.0.0.1', port)); print(port, flush=True); server.run(app)"
    )
    command = [str(installed), "-c", code]
    with subprocess.Popen(command, cwd=APPS, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        server = Server(("127.0.0.1", port), process, Path("/dev/null"))
        environ = server.get("/environ").decode()
        process.send_signal(signal.SIGTERM)

        assert process.wait(15) == 0
    assert f'"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "{port}"' in environ


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("('127.0.0.1', 65536)", "ValueError: port out of range"),
        ("('no such host', 80)", "OSError: "),
        ("b'x' * 200", "OSError: AF_UNIX path too long"),
        ("", "TypeError: args tuple or string(path)"),
    ],
)
def test_listen_says_what_is_wrong(installed: Path, arguments: str, error: str) -> None:
    code = f"from meinheld import server; server.listen({arguments})"
    run = subprocess.run([str(installed), "-c", code], stderr=subprocess.PIPE, check=False)

    assert run.returncode == 1
    assert run.stderr.decode().splitlines()[-1].startswith(error)
