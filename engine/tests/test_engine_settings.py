"""gunicorn's settings and signals, as far as they concern the worker."""

import json
import os
import re
import signal
from pathlib import Path

import pytest
from serving import Server, body, read_all, read_response, serving, status, wait_until

FORWARDED = ("X-Forwarded-Proto: https",)


def scheme(server: Server) -> str:
    shown: str = json.loads(server.get("/environ", *FORWARDED))["wsgi.url_scheme"]
    return shown


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [("127.0.0.1", "https"), ("*", "https"), ("10.0.0.1,127.0.0.1", "https"), ("10.0.0.1", "http")],
)
def test_scheme_headers_of_trusted_proxies(installed: Path, trusted: str, expected: str) -> None:
    with serving(installed, "--forwarded-allow-ips", trusted) as server:
        assert scheme(server) == expected
        # One request's scheme is not the next one's.
        assert json.loads(server.get("/environ"))["wsgi.url_scheme"] == "http"


@pytest.mark.setting("max_requests")
def test_worker_is_replaced_after_max_requests(installed: Path) -> None:
    with serving(installed, "--max-requests", "3") as server:
        pids = [server.get("/pid") for _ in range(7)]

    assert pids[0] == pids[1] == pids[2] != pids[3] == pids[4] == pids[5] != pids[6]


def test_access_log(installed: Path) -> None:
    log_format = '%(h)s "%(r)s" %(s)s %(B)s "%(f)s" "%(a)s" %({x-id}i)s %(m)s %(q)s %(L)s'
    with serving(installed, "--access-logfile", "-", "--access-logformat", log_format) as server:
        server.get("/hello?a=1", 'User-Agent: a"b\\c\x85', "Referer: r", "X-Id: 7")
        server.ask(b"nonsense\r\n\r\n")
        assert server.stop() == 0
        log = re.sub(r"\b0\.0\d{5}$", "TIME", server.log(), flags=re.MULTILINE)

    assert re.findall(r"^127\.0\.0\.1 .*$", log, re.MULTILINE) == [
        '127.0.0.1 "GET /hello?a=1 HTTP/1.1" 200 5 "r" "a\\"b\\\\c\u00c2\\x85" 7 GET a=1 TIME',
        '127.0.0.1 "- - HTTP/1.0" 400 84 "-" "-" - -  TIME',
    ]


@pytest.mark.setting("keepalive")
def test_without_keep_alive_each_answer_closes(installed: Path) -> None:
    with serving(installed, "--keep-alive", "0") as server:
        answer = server.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")

    assert b"\r\nConnection: close\r\n" in answer


def test_idle_connection_is_closed_after_keep_alive(installed: Path) -> None:
    with serving(installed, "--keep-alive", "1") as server, server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        read_response(connection)

        assert read_all(connection) == b""


def test_term_lets_requests_finish(installed: Path) -> None:
    with serving(installed) as server, server.connect() as running, server.connect() as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        read_response(idle)
        running.sendall(b"GET /sleep?s=0.5 HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: "sleeping" in server.log(), "the view runs")
        server.process.send_signal(signal.SIGTERM)

        assert body(read_all(running)) == b"slept"
        assert read_all(idle) == b""
        assert server.process.wait(15) == 0


def test_term_lets_a_download_finish(installed: Path) -> None:
    with serving(installed) as server, server.connect() as connection:
        connection.sendall(b"GET /large?n=30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        received = connection.recv(1000)
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in server.log(), "gunicorn shuts down")

        assert len(body(received + read_all(connection))) == 30_000_000
        assert server.process.wait(15) == 0


@pytest.mark.setting("graceful_timeout")
def test_graceful_timeout_ends_what_does_not_finish(installed: Path) -> None:
    with serving(installed, "--graceful-timeout", "1") as server, server.connect() as connection:
        connection.sendall(b"GET /large?n=30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(1000)

        assert server.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_quick_shutdown(installed: Path, number: int) -> None:
    with serving(installed) as server:
        server.get("/hello")

        assert server.stop(number) == 0


def test_reload_replaces_the_workers(installed: Path) -> None:
    with serving(installed, "--workers", "2") as server:
        server.get("/hello")
        wait_until(lambda: len(server.workers()) == 2, "both workers are there")
        before = server.workers()
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: not before & server.workers(), "the old workers are gone")
        wait_until(lambda: len(server.workers()) == 2, "the new workers are there")

        assert server.get("/hello") == b"hello"
        assert server.stop() == 0
        assert "Traceback" not in server.log()


@pytest.mark.setting("workers")
def test_number_of_workers_follows_signals(installed: Path) -> None:
    with serving(installed) as server:
        server.get("/hello")
        server.process.send_signal(signal.SIGTTIN)
        wait_until(lambda: len(server.workers()) == 2, "there is one more")
        server.process.send_signal(signal.SIGTTOU)
        wait_until(lambda: len(server.workers()) == 1, "there is one less")

        assert server.get("/hello") == b"hello"


@pytest.mark.setting("timeout")
def test_hung_view_is_ended_by_timeout(installed: Path) -> None:
    with serving(installed, "--timeout", "1") as server:
        first = server.get("/pid")
        assert status(server.ask(b"GET /sleep?s=60 HTTP/1.1\r\nHost: a\r\n\r\n")) == 500
        wait_until(lambda: server.get("/pid") != first, "another worker answers")
        assert ", in sleep\n" in server.log()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("MEINHELD_MAX_CONTENT_LENGTH", "16M", "from 0 to 4611686018427387904"),
        ("MEINHELD_HEADER_TIMEOUT", "0", "from 1 to 3600"),
    ],
)
def test_bad_value_ends_the_start(installed: Path, name: str, value: str, allowed: str) -> None:
    with serving(installed, environment={name: value}) as server:
        assert server.process.wait(15) == 3
        assert f"[ERROR] {name}={value}: must be a whole number {allowed}\n" in server.log()
        assert server.log().count("Booting worker") == 1


@pytest.mark.setting("keyfile", "certfile")
def test_tls_is_refused(installed: Path, tmp_path: Path) -> None:
    for name in ("key", "cert"):
        (tmp_path / name).touch()
    options = [f"--keyfile={tmp_path / 'key'}", f"--certfile={tmp_path / 'cert'}"]
    with serving(installed, *options) as server:
        assert server.process.wait(15) == 3
        assert "keyfile, certfile: the meinheld worker does not speak TLS\n" in server.log()


@pytest.mark.setting("bind")
def test_unix_socket(installed: Path, tmp_path: Path) -> None:
    with serving(installed, bind=f"unix:{tmp_path / 'socket'}") as server:
        wait_until(lambda: "Listening at" in server.log(), "the socket is there")
        with server.connect(tmp_path / "socket") as connection:
            connection.sendall(
                b"GET /environ HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n"
                b"Connection: close\r\n\r\n"
            )
            environ = json.loads(body(read_all(connection)))

    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("", "https")


@pytest.mark.setting("threads")
@pytest.mark.parametrize("threads", ["1", "4"])
def test_worker_that_ends_takes_no_connection_with_it(installed: Path, threads: str) -> None:
    options = ("--workers", "3", "--max-requests", "1", "--threads", threads)
    with serving(installed, *options) as server:
        assert [server.get("/hello") for _ in range(30)] == [b"hello"] * 30


def test_worker_that_ends_leaves_connections_of_all_sockets_to_others(
    installed: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    options = ("--workers", "2", "-b", f"unix:{second}")
    with serving(installed, *options, bind=f"unix:{first}") as server:
        wait_until(second.exists, "gunicorn listens")
        wait_until(lambda: len(server.workers()) == 2, "both workers are there")
        with server.connect(second) as download:
            # Whoever took it is busy with it until the end of the test.
            download.sendall(b"GET /pid HTTP/1.1\r\nHost: a\r\n\r\n")
            pid = int(body(read_response(download)))
            download.sendall(b"GET /large?n=30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            download.recv(1000)
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not _listens(pid, first), "it has stopped to listen")
            for path in (first, second) * 5:
                with server.connect(path) as connection:
                    connection.sendall(b"GET /pid HTTP/1.0\r\n\r\n")
                    assert int(body(read_all(connection))) != pid


def _listens(pid: int, path: Path) -> bool:
    """Whether an epoll of the process watches the listening socket bound to the path."""
    inode = next(line.split()[6] for line in UNIX.read_text().splitlines() if str(path) in line)
    watched = re.findall(r"tfd: +(\d+)", "".join(_epolls(pid)))
    return any(
        Path(f"/proc/{pid}/fd/{each}").readlink() == Path(f"socket:[{inode}]") for each in watched
    )


def _epolls(pid: int) -> list[str]:
    links = list(Path(f"/proc/{pid}/fd").iterdir())
    return [
        Path(f"/proc/{pid}/fdinfo/{link.name}").read_text()
        for link in links
        if "eventpoll" in str(link.readlink())
    ]


UNIX = Path("/proc/net/unix")
