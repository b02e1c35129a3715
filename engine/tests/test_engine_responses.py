"""What the engine makes of responses: of good ones, and of an application's mistakes."""

import signal
import socket
import struct
from pathlib import Path

import pytest
from serving import Server, body, read_all, read_response, status, wait_until

HEAD = b"HTTP/1.1 200 OK\r\nServer: meinheld/1.0.2\r\nDate: *\r\nContent-Type: text/plain\r\n"


def ask(server: Server, path: str, version: str = "1.1", *, close: bool = True) -> bytes:
    end = "Connection: close\r\n" if close else ""
    return server.ask(f"GET {path} HTTP/{version}\r\nHost: a\r\n{end}\r\n".encode())


def test_response_without_length_is_chunked(server: Server) -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"

    assert ask(server, "/stream?n=3") == head + b"3\r\n000\r\n3\r\n111\r\n3\r\n222\r\n0\r\n\r\n"


def test_response_without_length_to_http_1_0_ends_with_the_connection(server: Server) -> None:
    head = HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Connection: close\r\n\r\n"

    assert ask(server, "/stream?n=3", "1.0") == head + b"000111222"


def test_empty_pieces_do_not_end_the_response(server: Server) -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"

    assert ask(server, "/empty-pieces") == head + b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n"


def test_response_that_breaks_off_has_no_last_chunk(server: Server) -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\nConnection: Keep-Alive\r\n\r\n"

    assert ask(server, "/breaks-off", close=False) == head + b"5\r\nbegin\r\n"
    assert "ValueError: broke off" in server.log()


def test_body_is_cut_to_its_length(server: Server) -> None:
    assert ask(server, "/too-long") == HEAD + b"Content-Length: 3\r\nConnection: close\r\n\r\nfou"


def test_short_body_closes_the_connection(server: Server) -> None:
    head = HEAD + b"Content-Length: 10\r\nConnection: Keep-Alive\r\n\r\n"

    assert ask(server, "/too-short", close=False) == head + b"four"


def test_no_content_and_not_modified_have_no_body(server: Server) -> None:
    common = b"Server: meinheld/1.0.2\r\nDate: *\r\n"

    assert ask(server, "/no-content") == (
        b"HTTP/1.1 204 No Content\r\n" + common + b"Connection: close\r\n\r\n"
    )
    assert ask(server, "/not-modified") == (
        b"HTTP/1.1 304 Not Modified\r\n" + common + b'ETag: "a"\r\nConnection: close\r\n\r\n'
    )


CONTROL = "ValueError: control character in the value of response header 'X-Test'"
MISTAKES = {
    "/raises": "ValueError: the view raised",
    "/exits": "SystemExit: 3",
    "/no-start": "RuntimeError: the application did not call start_response",
    "/returns-none": "Exception: response must be a iter or sequence object",
    "/returns-text": "TypeError: response item must be a string",
    "/starts-twice": "TypeError: headers already set",
    "/bad-status?kind=newline": "ValueError: control character in status",
    "/bad-status?kind=sign": "TypeError: status value is not an integer",
    "/bad-status?kind=word": "TypeError: status value is not an integer",
    "/bad-status?kind=empty": "ValueError: status message was not supplied",
    "/bad-status?kind=interim": "ValueError: status code is invalid",
    "/bad-status?kind=wide": "ValueError: unicode object contains non latin-1 characters",
    "/bad-status?kind=bytes": "TypeError: status must be str, not bytes",
    "/header?kind=newline": CONTROL,
    "/header?kind=cr": CONTROL,
    "/header?kind=nul": CONTROL,
    "/header?kind=wide": "ValueError: unicode object contains non latin-1 characters",
    "/header?kind=wide-name": "ValueError: unicode object contains non latin-1 characters",
    "/header?kind=colon-name": "ValueError: not a name for a response header: 'X:Test'",
    "/header?kind=blank-name": "ValueError: not a name for a response header: 'X Test'",
    "/header?kind=empty-name": "ValueError: not a name for a response header: ''",
    "/header?kind=number": "TypeError: expected unicode object, value of type int found",
    "/header?kind=bytes": "TypeError: expected unicode object, value of type bytes found",
    "/header?kind=list": "TypeError: list of tuple values expected, value of type list found",
    "/header?kind=triple": "ValueError: tuple of length 2 expected, length is 3",
    "/header?kind=twice": "ValueError: a second Content-Length",
    "/bad-length": "ValueError: invalid content length",
}


@pytest.mark.parametrize("path", MISTAKES)
def test_mistake_is_a_500_and_a_line_in_the_log(server: Server, path: str) -> None:
    server.get("/hello")
    workers = server.workers()
    seen = server.log().count(MISTAKES[path])

    assert status(ask(server, path)) == 500
    assert server.log().count(MISTAKES[path]) == seen + 1
    assert server.workers() == workers


def test_file_that_cannot_be_read_is_logged(server: Server) -> None:
    answer = ask(server, "/unreadable-file")

    assert b"Content-Length: 5\r\n" in answer
    assert body(answer) == b""
    wait_until(lambda: "OSError: [Errno 9] Bad file" in server.log(), "it is in the log")


SENT = {
    "latin": b"X-Test: caf\xe9\r\nConnection: Keep-Alive\r\n",
    "close": b"Connection: close\r\n",
    "chunked": b"Connection: Keep-Alive\r\n",
    "keep": b"Connection: Keep-Alive\r\n",
    "server": b"Connection: Keep-Alive\r\n",
}


@pytest.mark.parametrize("kind", SENT)
def test_headers_that_are_sent(server: Server, kind: str) -> None:
    with server.connect() as connection:
        connection.sendall(f"GET /header?kind={kind} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

        assert read_response(connection) == (
            HEAD + b"Content-Length: 5\r\n" + SENT[kind] + b"\r\nhello"
        )


def test_headers_may_be_replaced_before_they_are_sent(server: Server) -> None:
    assert status(ask(server, "/replaces")) == 503


def test_close_is_called_once(server: Server) -> None:
    before = int(server.get("/closed"))

    assert body(ask(server, "/counted")).startswith(b"7\r\ncounted\r\n")
    assert int(server.get("/closed")) == before + 1
    ask(server, "/counted-break")
    assert int(server.get("/closed")) == before + 2


def test_client_that_leaves_a_download_is_forgotten(server: Server) -> None:
    before, descriptors = int(server.get("/closed")), open_files(server)
    with server.connect() as connection:
        connection.sendall(b"GET /counted-large HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(1000)
        # Closes with a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    wait_until(lambda: int(server.get("/closed")) == before + 1, "close() was called")
    wait_until(lambda: open_files(server) == descriptors, "its descriptor was closed")
    assert "Error" not in server.log().partition("counted-large")[2]
    assert "BrokenPipe" not in server.log()
    assert "ConnectionReset" not in server.log()


def open_files(server: Server) -> int:
    (worker,) = server.workers()
    return len(list(Path(f"/proc/{worker}/fd").iterdir()))


@pytest.mark.parametrize("path", ["/large?n=20000000", "/file?n=2000000"])
def test_slow_reader_gets_everything_on_a_reused_connection(server: Server, path: str) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        read_response(connection)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        # The worker is free for others while this one doesn't read.
        assert server.get("/hello") == b"hello"
        connection.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        large, _, last = read_all(connection).rpartition(b"HTTP/1.1 200 OK\r\n")

    assert len(body(large)) == 20_000_000
    assert body(last) == b"hello"


FILES = {
    "/file": b"0123456789",
    "/file?at=4": b"456789",
    "/file?at=10": b"",
    "/file?at=20": b"",
    "/piped-file": b"through a pipe",
    "/memory-file": b"one\ntwo\n" * 3,
    "/only-reads": b"only reads",
    "/compressed-file": b"plain again",
}


@pytest.mark.parametrize("path", FILES)
def test_file_wrapper_sends_what_read_gives(server: Server, path: str) -> None:
    assert body(ask(server, path, "1.0")) == FILES[path]


def test_plain_file_has_a_length(server: Server) -> None:
    head = HEAD + b"Content-Length: 6\r\nConnection: close\r\n\r\n"

    assert ask(server, "/file?at=4") == head + b"456789"


def test_file_that_shrinks_closes_the_connection(server: Server) -> None:
    head = HEAD + b"Content-Length: 20\r\nConnection: Keep-Alive\r\n\r\n"

    assert ask(server, "/shrinking-file", close=False) == head + b"0123456789"


def test_head_of_a_file_has_no_body(server: Server) -> None:
    answer = server.ask(b"HEAD /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert answer == HEAD + b"Content-Length: 10\r\nConnection: close\r\n\r\n"


def test_worker_is_the_first_one_to_the_end(server: Server) -> None:
    assert server.log().count("Booting worker") == 1
    assert server.stop(signal.SIGTERM) == 0
