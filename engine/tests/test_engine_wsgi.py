"""Responses as PEP 3333 wants them: write(), start_response(), close(), files, pieces."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.later_clock import later_clock
from harness.wire import reset, wait_until_taken
from serving import Server, body, read_all, read_response, serving, status, wait_until

HEAD = b"HTTP/1.1 200 OK\r\nServer: meinheld/1.0.2\r\nDate: *\r\nContent-Type: text/plain\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module", params=["1", "4"], ids=["one thread", "threads"])
def server(installed: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """One worker with one thread, then with four."""
    with serving(installed, "--threads", request.param, app="wsgi_app:app") as running:
        running.get("/hello")
        workers = running.workers()
        yield running
        assert running.workers() == workers


def request(path: str, method: str = "GET", version: str = "1.1", *, close: bool = True) -> bytes:
    end = "Connection: close\r\n" if close else ""
    return f"{method} {path} HTTP/{version}\r\nHost: a\r\n{end}\r\n".encode()


def ask(server: Server, path: str, method: str = "GET", version: str = "1.1") -> bytes:
    return server.ask(request(path, method, version))


def closed(server: Server, name: str) -> int:
    return int(server.ask(request(f"/closed/{name}", version="1.0")).rpartition(b"\r\n")[2])


WRITTEN = {
    "/written": CHUNKED + b"3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n",
    "/written-only": HEAD + b"Content-Length: 6\r\nConnection: close\r\n\r\nas one",
    "/written-file": CHUNKED + b"1\r\n0\r\n3\r\n123\r\n0\r\n\r\n",
    "/written-counted": CHUNKED + b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
    "/written-raises": CHUNKED + b"5\r\nbegin\r\n",
    "/written-late": CHUNKED + b"5\r\nfirst\r\n",
    "/written-too-much": HEAD + b"Content-Length: 3\r\nConnection: close\r\n\r\nfou",
}


@pytest.mark.parametrize("path", WRITTEN)
def test_write_sends_at_once(server: Server, path: str) -> None:
    assert ask(server, path) == WRITTEN[path]


def test_write_to_http_1_0(server: Server) -> None:
    head = HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Connection: close\r\n\r\n"

    assert ask(server, "/written", version="1.0") == head + b"onetwothree"


def test_write_for_head_sends_no_body(server: Server) -> None:
    assert ask(server, "/written", "HEAD") == HEAD + b"Connection: close\r\n\r\n"


def test_write_keeps_the_connection(server: Server) -> None:
    with server.connect() as connection:
        for _ in range(2):
            connection.sendall(request("/written-only", close=False))
            assert body(read_response(connection)) == b"as one"


def test_write_waits_for_a_slow_reader(server: Server) -> None:
    before = closed(server, "written-large")
    with server.connect() as connection:
        connection.sendall(request("/written-large/4000000"))
        assert len(body(read_all(connection))) == 16_000_000

    assert closed(server, "written-large") == before + 1


def test_write_tells_that_the_client_has_gone(server: Server) -> None:
    before = closed(server, "gone")
    with server.connect() as connection:
        connection.sendall(request("/written-large/4000000"))
        connection.recv(1000)
        reset(connection)

    wait_until(lambda: closed(server, "gone") == before + 1, "the application was told")
    assert "the client has gone" not in server.log()


def test_write_that_a_signal_broke_off_is_the_last(installed: Path) -> None:
    with serving(installed, app="wsgi_app:app") as server, server.connect() as connection:
        connection.sendall(request("/written-interrupted"))
        assert connection.recv(4) == b"HTTP"
        wait_until(lambda: "it rings" in server.log(), "the signal has come")
        answer = read_all(connection)

        assert ask(server, "/written-only") == WRITTEN["/written-only"]
    assert set(body(answer)[-10_000:]) == set(b"x")


def test_write_gives_up_though_signals_come(installed: Path) -> None:
    with (
        later_clock() as clock,
        serving(installed, app="wsgi_app:app", environment=clock.environment) as server,
        server.connect() as connection,
    ):
        connection.sendall(request("/written-under-signals"))
        assert connection.recv(4) == b"HTTP"
        (worker,) = server.workers()
        minutes = itertools.count(60, 60)

        def gave_up() -> bool:
            # More each time: when it began to wait, nobody knows.
            clock.jump(worker, next(minutes))
            return "gave up" in server.log()

        wait_until(gave_up, "write() gives up")


MISUSED = {
    "/written-text": "TypeError: write() takes bytes, not str",
    "/written-late": "RuntimeError: write() called while the response is iterated over",
    "/written-too-much": "ValueError: write() beyond Content-Length",
    "/written-raises": "ValueError: after write()",
}


@pytest.mark.parametrize("path", MISUSED)
def test_write_misused_is_logged(server: Server, path: str) -> None:
    seen = server.log().count(MISUSED[path])
    ask(server, path)

    assert server.log().count(MISUSED[path]) == seen + 1


def test_write_belongs_to_one_request(server: Server) -> None:
    ask(server, "/written-afterwards")

    assert b"write() called after the request" in ask(server, "/written-afterwards")


def test_write_belongs_to_one_thread(server: Server) -> None:
    assert b"write() called by another thread" in ask(server, "/written-elsewhere")


def test_empty_pieces_send_no_head(server: Server) -> None:
    answer = ask(server, "/early-exc-info")

    assert answer.startswith(b"HTTP/1.1 503 Not Now\r\n")
    assert body(answer) == b"8\r\nreplaced\r\n0\r\n\r\n"


def test_only_empty_pieces_are_an_empty_body(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(request("/nothing-twice", close=False) + request("/hello"))
        first, _, second = read_all(connection).rpartition(b"HTTP/1.1 200 OK")

    assert body(first) == b"0\r\n\r\n"
    assert body(second) == b"hello"


@pytest.mark.parametrize("length", [5, 20_000_000])
def test_exc_info_is_raised_when_the_head_is_sent(server: Server, length: int) -> None:
    seen = server.log().count("LookupError: too late")
    answer = body(ask(server, f"/late-exc-info/{length}"))

    assert answer.startswith(b"%x\r\nxxxxx" % length)
    assert answer.endswith(b"xxxxx\r\n")
    assert server.log().count("LookupError: too late") == seen + 1
    assert "start_response called after the request" not in server.log()


def test_start_response_may_be_late(server: Server) -> None:
    assert ask(server, "/late-start") == CHUNKED + b"4\r\nlate\r\n0\r\n\r\n"


def test_start_response_may_be_late_behind_another_status(server: Server) -> None:
    together = request("/not-modified", close=False) + request("/late-start")

    assert server.ask(together).endswith(CHUNKED + b"4\r\nlate\r\n0\r\n\r\n")


def test_start_response_never(server: Server) -> None:
    assert status(ask(server, "/never-starts")) == 500
    assert "RuntimeError: the application did not call start_response" in server.log()


NO_TOKEN = b'"(),/:;<=>?@[\\]{} \t'
"""What is in no header's name besides control characters and those beyond ASCII."""
BAD = {
    "status": {*range(32), 127} - {9},
    "name": {*range(32), *NO_TOKEN, *range(127, 256)},
    "value": {*range(32), 127} - {9},
}


@pytest.mark.parametrize("place", BAD)
def test_character_that_may_not_be_sent_is_a_500(server: Server, place: str) -> None:
    beyond = {*range(256, 384), 0x2028, 0x10FFFF}
    asked = {*range(256)} | beyond
    answers = {number: ask(server, f"/with-character/{place}/{number}") for number in asked}

    assert {number for number in asked if status(answers[number]) == 500} == BAD[place] | beyond
    assert {status(answers[number]) for number in asked - BAD[place] - beyond} == {200}


CLOSES = {
    "/counted/whole": "whole",
    "/not-modified": "not-modified",
    "/counted-list": "list",
    "/counted-breaks-off": "breaks-off",
    "/counted-fails-first": "fails-first",
    "/counted-never-starts": "never-starts",
    "/counted-text": "text",
    "/counted-header": "header",
    "/counted-short": "short",
    "/counted-long": "long",
    "/counted-complains": "complains",
    "/counted-file": "file",
    "/written-counted": "written-counted",
    "/written-large/9": "written-large",
}


@pytest.mark.parametrize("path", CLOSES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_close_is_called_once(server: Server, path: str, method: str, version: str) -> None:
    before = closed(server, CLOSES[path])
    ask(server, path, method, version)

    assert closed(server, CLOSES[path]) == before + 1


def test_close_is_called_once_for_each_of_a_pipeline(server: Server) -> None:
    before = closed(server, "piped")
    server.ask(request("/counted/piped", close=False) * 5 + request("/counted/piped"))

    assert closed(server, "piped") == before + 6


def test_close_is_called_once_when_the_client_has_gone(server: Server) -> None:
    before = closed(server, "large")
    with server.connect() as connection:
        connection.sendall(request("/counted-large"))
        connection.recv(1000)
        reset(connection)

    wait_until(lambda: closed(server, "large") == before + 1, "close() was called")
    complaint = "ValueError: close() of a large one complains"
    wait_until(lambda: server.log().count(complaint) == before + 1, "its complaint was logged")
    assert ask(server, "/hello").endswith(b"hello")


def test_close_is_called_once_when_the_client_goes_within_the_next_request(server: Server) -> None:
    before = closed(server, "left")
    with server.connect() as connection:
        connection.sendall(request("/counted/left", close=False) + b"GET /never HTT")
        wait_until_taken(connection)
        reset(connection)

    wait_until(lambda: closed(server, "left") == before + 1, "close() was called")
    assert closed(server, "left") == before + 1


def test_close_that_complains_is_logged(server: Server) -> None:
    seen = server.log().count("ValueError: close() complains")

    assert body(ask(server, "/counted-complains")) == b"said"
    assert server.log().count("ValueError: close() complains") == seen + 1


def test_piece_is_sent_before_the_next_is_asked_for(server: Server, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with server.connect() as connection:
        connection.sendall(f"GET /gated HTTP/1.0\r\nX-Gate: {gate}\r\n\r\n".encode())
        received = b""
        while not received.endswith(b"first"):
            received += connection.recv(1000)
        gate.touch()

        assert read_all(connection) == b"second"


@pytest.mark.parametrize(("path", "method"), [("/endless", "HEAD"), ("/endless/204", "GET")])
def test_endless_response_without_a_body_ends(server: Server, path: str, method: str) -> None:
    before = closed(server, "endless")

    assert body(ask(server, path, method)) == b""
    assert closed(server, "endless") == before + 1


FILES = {
    "/blocks": b"asked for 8192",
    "/blocks/77": b"asked for 77",
    "/bad-fileno": b"asked for 8192",
    "/file-in-a-list": b"listed",
    "/socket-file": b"from a socket",
    "/counted-file": b"of a file",
}


@pytest.mark.parametrize("path", FILES)
def test_file_wrapper_takes_what_can_be_read(server: Server, path: str) -> None:
    assert body(ask(server, path, version="1.0")) == FILES[path]


def test_file_wrapper_refuses_text(server: Server) -> None:
    assert status(ask(server, "/text-file")) == 500
    assert "TypeError: response item must be a string" in server.log()


def test_exit_of_the_application_is_a_500(server: Server) -> None:
    assert status(ask(server, "/exits")) == 500
    assert "SystemExit: enough" in server.log()


def test_errors_is_a_text_stream(server: Server) -> None:
    assert body(ask(server, "/errors")) == b"hello"
    assert "written to wsgi.errors\none, two \u2713\n" in server.log()


def test_environ_may_be_changed(server: Server) -> None:
    assert body(ask(server, "/changed")) == b"hello"
