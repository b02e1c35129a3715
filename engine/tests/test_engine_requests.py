"""What the engine makes of requests: raw bytes in, exact bytes out."""

import json
import select
import socket
import subprocess
from pathlib import Path

import pytest
from serving import APPS, Server, body, read_all, read_response, status, without_date

HELLO = (
    b"HTTP/1.1 200 OK\r\nServer: meinheld/1.0.2\r\nDate: *\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 5\r\nConnection: %s\r\n\r\nhello"
)
KEPT, CLOSED = HELLO % b"Keep-Alive", HELLO % b"close"

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"

REFUSED = {
    "method in lower case": b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method almost GET": b"GEX / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method almost DELETE": b"DEXETE / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method unknown": b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method with NUL": b"G\0T / HTTP/1.1\r\nHost: a\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/11": b"GET / HTTP/11\r\nHost: a\r\n\r\n",
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "CONNECT": b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "target without slash": b"GET hello HTTP/1.1\r\nHost: a\r\n\r\n",
    "target with NUL": b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "target with control character": b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
    "target too long": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "request line ended by LF": b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    "header ended by LF": GET + b"X: a\n\r\n",
    "empty header ended by LF": GET + b"X:\n\r\n",
    "head ended by LF": GET + b"\n",
    "CR within a header": GET + b"X: a\rb\r\n\r\n",
    "NUL in a header": GET + b"X: a\0b\r\n\r\n",
    "NUL in a name": GET + b"X\0: a\r\n\r\n",
    "header without colon": GET + b"X\r\n\r\n",
    "header without name": GET + b": a\r\n\r\n",
    "blank before the colon": GET + b"X : a\r\n\r\n",
    "folded header": GET + b"X: a\r\n b\r\n\r\n",
    "blank before the first header": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "two hosts": GET + b"Host: b\r\n\r\n",
    "too many headers": GET + b"X: a\r\n" * 200 + b"\r\n",
    "header too long": GET + b"X: " + b"a" * 9000 + b"\r\n\r\n",
    "length twice": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length twice the same": POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "length as list": POST + b"Content-Length: 1, 1\r\n\r\na",
    "length with sign": POST + b"Content-Length: +1\r\n\r\na",
    "length negative": POST + b"Content-Length: -1\r\n\r\na",
    "length in two words": POST + b"Content-Length: 1 2\r\n\r\nabcdefghijkl",
    "length in hex": POST + b"Content-Length: 0x1\r\n\r\na",
    "length empty": POST + b"Content-Length:\r\n\r\n",
    "length beyond 64 bits": POST + b"Content-Length: 18446744073709551617\r\n\r\na",
    "length and chunked": CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "chunked and length": POST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked after gzip": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked misspelled": POST + b"Transfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n",
    "chunked cut short": POST + b"Transfer-Encoding: chunke\r\n\r\n0\r\n\r\n",
    "chunked after a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "identity": POST + b"Transfer-Encoding: identity\r\n\r\n",
    "coding empty": POST + b"Transfer-Encoding:\r\n\r\n",
    "chunked in HTTP/1.0": b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunk size not hex": CHUNKED + b"\r\ng\r\na\r\n0\r\n\r\n",
    "chunk size empty": CHUNKED + b"\r\n\r\na\r\n0\r\n\r\n",
    "chunk size with sign": CHUNKED + b"\r\n+1\r\na\r\n0\r\n\r\n",
    "chunk size with 0x": CHUNKED + b"\r\n0x1\r\na\r\n0\r\n\r\n",
    "chunk size beyond 64 bits": CHUNKED + b"\r\n10000000000000001\r\na\r\n0\r\n\r\n",
    "chunk size ended by LF": CHUNKED + b"\r\n1\na\r\n0\r\n\r\n",
    "chunk longer than its size": CHUNKED + b"\r\n1\r\nab\r\n0\r\n\r\n",
    "chunk extension with NUL": CHUNKED + b"\r\n1;\0\r\na\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(server: Server, case: str) -> None:
    # With which status the harness's cases say: it changed in the course of the series.
    answer = server.ask(REFUSED[case])

    assert status(answer) in (400, 414, 431, 501, 505)
    assert answer.count(b"<html>") == 1


def test_workers_are_still_the_first_ones(server: Server) -> None:
    before = server.workers()
    for request in REFUSED.values():
        server.ask(request)

    assert server.workers() == before
    assert server.get("/hello") == b"hello"


ACCEPTED = {
    "origin-form": (b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", CLOSED),
    "absolute-form": (
        b"GET http://a/hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        CLOSED,
    ),
    "empty lines before": (b"\r\n\r\n" + GET + b"Connection: close\r\n\r\n", CLOSED),
    "close in capitals": (GET + b"Connection: CLOSE\r\n\r\n", CLOSED),
    "blanks around a value": (GET + b"Connection: \t close \t \r\n\r\n", CLOSED),
    "an upgrade to HTTP/2": (
        GET + b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\r\n",
        CLOSED,
    ),
    "HTTP/1.0": (
        b"GET / HTTP/1.0\r\n\r\n",
        CLOSED.replace(b"HTTP/1.1", b"HTTP/1.0"),
    ),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepts(server: Server, case: str) -> None:
    request, expected = ACCEPTED[case]

    assert server.ask(request) == expected


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "SEARCH"])
def test_method_is_passed_on(server: Server, method: str) -> None:
    request = f"{method} /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    assert json.loads(body(server.ask(request.encode())))["REQUEST_METHOD"] == method


ENVIRON_REQUEST = (
    b"GET /environ?a=%20&b HTTP/1.1\r\nHost: a:1\r\nX-Two: 1\r\nx-two: 2\r\n"
    b"X_Forwarded_For: spoofed\r\nContent-Type: text/x\r\nX-Empty:\r\nConnection: close\r\n\r\n"
)


def test_target_is_in_environ_as_it_came(server: Server) -> None:
    environ = json.loads(server.get("/%65nviron?a=%2F"))

    assert environ["RAW_URI"] == "/%65nviron?a=%2F"


def test_environ_is_complete(server: Server) -> None:
    with server.connect() as connection:
        host, port = connection.getsockname()
        connection.sendall(ENVIRON_REQUEST)
        environ = json.loads(body(read_all(connection)))

    assert environ.pop("SERVER_SOFTWARE").startswith("gunicorn/")
    assert environ == {
        "CONTENT_TYPE": "text/x",
        "HTTP_CONNECTION": "close",
        "HTTP_HOST": "a:1",
        "HTTP_X_EMPTY": "",
        "HTTP_X_TWO": "1, 2",
        "PATH_INFO": "/environ",
        "QUERY_STRING": "a=%20&b",
        "RAW_URI": "/environ?a=%20&b",
        "REMOTE_ADDR": host,
        "REMOTE_PORT": str(port),
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.address[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": False,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
    }


PATHS = {
    "/environ": "/environ",
    "/environ/": "/environ/",
    "/environ?": "/environ",
    "/environ%2f": "/environ/",
    "/environ/%": "/environ/%",
    "/environ/%4": "/environ/%4",
    "/environ/%zz": "/environ/%zz",
    "/environ/%2541": "/environ/%41",
    "/environ/%e2%9c%93": "/environ/\u00e2\u009c\u0093",
    "http://other/environ": "/environ",
    "http://other": "/",
    "http://other?a": "/",
}


@pytest.mark.parametrize("target", PATHS)
def test_path_is_decoded_once(server: Server, target: str) -> None:
    request = f"GET {target} HTTP/1.1\r\nHost: a\r\nX-Show: environ\r\nConnection: close\r\n\r\n"

    assert json.loads(body(server.ask(request.encode())))["PATH_INFO"] == PATHS[target]


def test_each_connection_has_its_own_address(server: Server) -> None:
    first, second = server.connect(), server.connect()
    with first, second:
        for _ in range(2):
            for connection in (first, second):
                connection.sendall(b"GET /environ HTTP/1.1\r\nHost: a\r\n\r\n")
                environ = json.loads(body(read_response(connection)))
                assert int(environ["REMOTE_PORT"]) == connection.getsockname()[1]


def test_connection_is_kept(server: Server) -> None:
    with server.connect() as connection:
        for _ in range(3):
            connection.sendall(GET + b"\r\n")
            assert read_response(connection) == KEPT


def test_request_may_come_in_single_bytes(server: Server) -> None:
    request = GET + b"X-Long-Name: value\r\nConnection: close\r\n\r\n"
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request:
            connection.sendall(bytes([byte]))
        assert without_date(read_all(connection)) == CLOSED


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    posts = b"".join(
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n%d" % i for i in range(5)
    )
    answers = server.ask(posts + GET + b"Connection: close\r\n\r\n").split(b"HTTP/1.1 200 OK\r\n")

    assert [answer[-1:] for answer in answers] == [b"", b"0", b"1", b"2", b"3", b"4", b"o"]


def test_nothing_is_answered_after_close(server: Server) -> None:
    assert server.ask(GET + b"Connection: close\r\n\r\n" + GET + b"\r\n") == CLOSED


def test_nothing_is_answered_after_an_error(server: Server) -> None:
    answer = server.ask(b"GET /raises HTTP/1.1\r\nHost: a\r\n\r\n" + GET + b"\r\n")

    assert status(answer) == 500
    assert answer.count(b"HTTP/1.") == 1


def test_version_of_a_pipelined_request_is_its_own(server: Server) -> None:
    answer = server.ask(GET + b"\r\nGET / HTTP/1.0\r\n\r\n")

    assert answer == KEPT + CLOSED.replace(b"HTTP/1.1", b"HTTP/1.0")


def test_http_1_0_connection_is_kept_when_asked(server: Server) -> None:
    answer = server.ask(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n")

    assert answer == (KEPT + CLOSED).replace(b"HTTP/1.1", b"HTTP/1.0")


def test_head_has_the_headers_only(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(
            b"HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" + GET + b"Connection: close\r\n\r\n"
        )

        assert without_date(read_all(connection)) == KEPT.removesuffix(b"hello") + CLOSED


def test_websocket_handshake_gets_an_ordinary_answer(server: Server) -> None:
    handshake = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with server.connect() as connection:
        connection.sendall(GET + handshake)
        assert read_response(connection) == KEPT
        connection.sendall(GET + b"\r\n")
        assert read_response(connection) == KEPT


BODIES = {
    "length": POST + b"Content-Length: 5\r\n\r\nhello",
    "chunked": CHUNKED + b"\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "chunked, odd spelling": POST + b"tRANSFER-eNCODING:  ChunkeD \r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunk extension": CHUNKED + b"\r\n5;a=b\r\nhello\r\n0\r\n\r\n",
    "chunk size with zeros": CHUNKED + b"\r\n0005\r\nhello\r\n000\r\n\r\n",
    "trailers": CHUNKED + b"\r\n5\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n",
    "continue not awaited": POST + b"Content-Length: 5\r\nExpect: nothing\r\n\r\nhello",
}


@pytest.mark.parametrize("case", list(BODIES)[:-1])
def test_body_is_read(server: Server, case: str) -> None:
    assert body(server.ask(BODIES[case])) == b"hello"


def test_trailers_do_not_reach_the_next_request(server: Server) -> None:
    post = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailers = b"0\r\nX-Trailer: a\r\n\r\n"
    get = b"GET /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    assert b"TRAILER" not in server.ask(post + trailers + get)


def test_unknown_expectation_is_refused(server: Server) -> None:
    assert status(server.ask(BODIES["continue not awaited"])) == 417


def test_continue_is_sent_before_the_body(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")
        assert body(read_all(connection)) == b"hello"


def test_unread_body_does_not_become_a_request(server: Server) -> None:
    smuggled = b"GET /pid HTTP/1.1\r\nHost: a\r\n\r\n"
    post = b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(smuggled)

    answer = server.ask(post + smuggled + GET + b"Connection: close\r\n\r\n")

    assert answer.endswith(b"not read" + CLOSED)


def test_client_that_goes_away_mid_request_leaves_nothing(server: Server) -> None:
    for cut in (b"", b"G", GET, POST + b"Content-Length: 5\r\n\r\nhe", CHUNKED + b"\r\n5\r\nhe"):
        with server.connect() as connection:
            connection.sendall(cut)

    assert server.get("/hello") == b"hello"


def test_requests_sent_in_advance_let_others_go_first(server: Server) -> None:
    with server.connect() as greedy, server.connect() as other:
        greedy.sendall((GET + b"X-Show: sleep\r\n\r\n").replace(b"/", b"/?s=0.2", 1) * 10)
        assert body(read_response(greedy)) == b"slept"
        other.sendall(GET + b"\r\n")
        assert body(read_response(other)) == b"hello"
        greedy.setblocking(False)
        received = greedy.recv(1 << 16) if select.select([greedy], [], [], 0)[0] else b""

    assert received.count(b"slept") < 5


def test_headers_that_did_not_come_are_not_looked_up(installed: Path) -> None:
    code = (
        "import socket; from engine_app import app; from meinheld import server\n"
        "class Name(str):\n"
        "    def __hash__(self):\n"
        "        print('asked for', self, flush=True)\n"
        "        return hash(str(self))\n"
        "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
        "server.set_listen_socket([s.fileno()])\n"
        "server.set_forwarded(None, ((Name('HTTP_X_SCHEME'), 'https'),))\n"
        "print(s.getsockname()[1], flush=True); server.run(app)"
    )
    command = [str(installed), "-c", code]
    with subprocess.Popen(command, cwd=APPS, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        running = Server(("127.0.0.1", int(process.stdout.readline())), process, Path("/dev/null"))
        assert b'"wsgi.url_scheme": "http"' in running.get("/environ")
        assert b'"wsgi.url_scheme": "https"' in running.get("/environ", "X-Scheme: https")
        process.terminate()
        assert process.stdout.read() == b"asked for HTTP_X_SCHEME\n"
