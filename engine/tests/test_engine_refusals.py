"""What the engine refuses, with which words, and where a request ends and the next begins."""

import json
from pathlib import Path

import pytest
from harness.wire import wait_until_taken
from serving import Server, body, read_all, read_response, serving, status, without_date

REFUSAL = (
    b"HTTP/1.1 400 Bad Request\r\nServer: meinheld/1.0.2\r\nDate: *\r\n"
    b"Content-Type: text/html\r\nContent-Length: 84\r\nConnection: close\r\n\r\n"
)
PAGE = b"<html><head><title>Bad Request</title></head><body><p>Bad Request.</p></body></html>"
HELLO = (
    b"HTTP/1.1 200 OK\r\nServer: meinheld/1.0.2\r\nDate: *\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 5\r\nConnection: Keep-Alive\r\n\r\nhello"
)
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = (
    b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def head(line: str, *fields: str, host: str = "Host: a") -> bytes:
    lines = [line, *([host] if host else []), *fields, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def environ(server: Server, *fields: str, target: str = "/environ", host: str = "Host: a") -> str:
    """The environ of a GET, as the application sees it, or the status that refuses it."""
    answer = server.ask(head(f"GET {target} HTTP/1.1", *fields, "X-Show: environ", host=host))
    return body(answer).decode() if status(answer) == 200 else str(status(answer))


def test_refusal_says_where_it_ends(server: Server) -> None:
    assert server.ask(b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n") == REFUSAL + PAGE


def test_refusal_of_head_has_no_body(server: Server) -> None:
    assert server.ask(head("HEAD / HTTP/1.1", "Content-Length: x")) == REFUSAL


WRONG = {
    "unknown method": (head("BREW / HTTP/1.1"), 501),
    "method longer than all": (b"G" * 9000, 501),
    "another major version": (head("GET / HTTP/2.0"), 505),
    "target too long": (head(f"GET /{'b' * 5000} HTTP/1.1"), 414),
    "target that never ends": (b"GET /" + b"b" * 5000, 414),
    "too many fields": (head("GET / HTTP/1.1", *["X: a"] * 100), 431),
    "field too long": (head("GET / HTTP/1.1", "X: " + "a" * 9000), 431),
    "fields too long together": (head("GET / HTTP/1.1", *[f"X: {'a' * 4000}"] * 30), 431),
    "unknown coding": (head("POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked"), 501),
    "unknown expectation": (head("GET / HTTP/1.1", "Expect: b"), 417),
}


@pytest.mark.parametrize("case", WRONG)
def test_refusal_says_what_is_wrong(server: Server, case: str) -> None:
    request, expected = WRONG[case]

    assert status(server.ask(request)) == expected


def test_request_line_is_read_strictly(server: Server) -> None:
    lines = ["GET  / HTTP/1.1", "GET /  HTTP/1.1", "\nGET / HTTP/1.1", "GET / HTTP/1.10"]

    assert [status(server.ask(head(line))) for line in lines] == [400] * 4


@pytest.mark.setting("limit_request_line", "limit_request_fields", "limit_request_field_size")
def test_limits_are_gunicorns(installed: Path) -> None:
    options = ("--limit-request-line", "30", "--limit-request-fields", "4")
    with serving(installed, *options, "--limit-request-field_size", "20") as server:
        lines = [f"GET /{'b' * count} HTTP/1.1" for count in (16, 17)]
        fields = [["X: a"] * count for count in (2, 3)]
        values = [["X: " + "a" * count] for count in (15, 16)]

        assert [status(server.ask(head(line))) for line in lines] == [404, 414]
        for each in (fields, values):
            answers = [server.ask(head("GET / HTTP/1.1", *some)) for some in each]
            assert [status(answer) for answer in answers] == [200, 431]


def test_limits_may_be_raised(installed: Path) -> None:
    options = ("--limit-request-line", "0", "--limit-request-fields", "3000")
    with serving(installed, *options, "--limit-request-field_size", "200000") as server:
        assert status(server.ask(head(f"GET /{'b' * 30_000} HTTP/1.1"))) == 404
        assert status(server.ask(head("GET / HTTP/1.1", *["X: a"] * 2900))) == 200
        assert status(server.ask(head("GET / HTTP/1.1", "X: " + "a" * 190_000))) == 200
        assert status(server.ask(head("GET / HTTP/1.1", "X: " + "a" * 200_000))) == 431


def test_header_of_one_letter_is_joined(server: Server) -> None:
    shown = json.loads(environ(server, "X-A: b", "X-A: b", "X-B:", "X-B:"))

    assert (shown["HTTP_X_A"], shown["HTTP_X_B"]) == ("b, b", ", ")


def test_host_is_one_and_well_formed(server: Server) -> None:
    right = ["Host: a.b-c_d~", "Host: a:80", "Host: [::1]:8000", "Host: %61", "Host:", "Host: a:"]
    wrong = ["Host: a/b", "Host: u@a", "Host: a b", "Host: a,b", "Host: a:b", "Host: [::1", "Y: a"]
    wrong += ["Host: []", "Host: :80", "Host: %6", "Host: a\r\nHost: a", "Host: a#", "Host: [::1]a"]

    for host in right:
        assert (
            json.loads(environ(server, host=host))["HTTP_HOST"]
            == host.removeprefix("Host:").strip()
        )
    assert [environ(server, host=host) for host in wrong] == ["400"] * len(wrong)


def test_host_is_the_targets(server: Server) -> None:
    shown = json.loads(environ(server, target="http://b:81/environ"))

    assert shown["HTTP_HOST"] == "b:81"


def test_target_has_one_of_four_forms(server: Server) -> None:
    wrong = [
        "*",
        "http:///b",
        "http://u@a/",
        "http://a#b",
        "/#b",
        "/?b#c",
        "ftp://a/",
        "*b",
        "a:80",
    ]

    assert [environ(server, target=target) for target in wrong] == ["400"] * len(wrong)
    assert status(server.ask(head("OPTIONS * HTTP/1.1"))) == 404


def test_trailer_frames_nothing(server: Server) -> None:
    trailers = b"Transfer-Encoding: chunke\r\nContent-Length: x\r\nConnection: Upgrade\r\n"

    assert body(server.ask(CHUNKED + b"5\r\nhello\r\n0\r\n" + trailers + b"\r\n")) == b"hello"


def test_chunk_extensions_are_limited(server: Server) -> None:
    def chunks(count: int) -> bytes:
        return CHUNKED + b"1 ;a=b\r\nc\r\n" + (b"1;" + b"a" * 4000 + b"\r\nc\r\n") * count

    assert body(server.ask(chunks(4) + b"0\r\n\r\n")) == b"ccccc"
    assert status(server.ask(chunks(5) + b"0\r\n\r\n")) == 400
    assert status(server.ask(CHUNKED + b"1;" + b"a" * 9000 + b"\r\nc\r\n0\r\n\r\n")) == 400


def test_request_is_answered_before_the_next_is_whole(server: Server) -> None:
    post = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    with server.connect() as connection:
        connection.sendall(GET + GET[:20])
        assert read_response(connection) == HELLO
        connection.sendall(GET[20:] + post)
        assert read_response(connection) == HELLO
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hel")
        connection.sendall(b"lo")
        assert body(read_response(connection)) == b"hello"


def test_mistake_behind_a_request_is_answered(server: Server) -> None:
    assert server.ask(GET + b"\0") == HELLO + REFUSAL + PAGE
    with server.connect() as connection:
        connection.sendall(GET + GET[:20])
        assert read_response(connection) == HELLO
        connection.sendall(b"\0")
        assert without_date(read_all(connection)) == REFUSAL + PAGE


def test_more_requests_than_are_kept_in_advance_have_to_be_asked_again(server: Server) -> None:
    # More than the worker reads at once, so that something is left when it closes.
    answers = server.ask(GET * 10_000)

    closing = HELLO.replace(b"Keep-Alive", b"close")
    assert answers == HELLO * 63 + closing


def test_empty_line_alone_is_passed_over(server: Server) -> None:
    with server.connect() as connection:
        for piece in (b"\r\n", GET + b"\r", b"\n\r\n", GET[:-2] + b"\r\n"):
            connection.sendall(piece)
            wait_until_taken(connection)
        assert read_response(connection) == HELLO
        assert read_response(connection) == HELLO


def test_content_type_comes_once(server: Server) -> None:
    request = head("GET /environ HTTP/1.1", "Content-Type: b", "Content-Type: c")
    split = request.index(b"Type", request.index(b"Type") + 1)

    assert status(server.ask(request)) == 400
    with server.connect() as connection:
        connection.sendall(request[:split])
        wait_until_taken(connection)
        connection.sendall(request[split:])
        assert status(read_all(connection)) == 400


def test_https_target_needs_a_trusted_proxy(installed: Path) -> None:
    with serving(installed, "--forwarded-allow-ips", "10.0.0.1") as server:
        assert environ(server, target="https://b/environ") == "421"
        assert environ(server, target="http://b/environ") != "421"
    with serving(installed) as server:
        shown = json.loads(environ(server, target="https://b/environ"))
        assert (shown["wsgi.url_scheme"], shown["HTTP_HOST"]) == ("https", "b")
        assert json.loads(environ(server))["wsgi.url_scheme"] == "http"


def test_status_line_without_a_reason_ends_with_a_blank(installed: Path) -> None:
    with serving(installed, app="echo_app:app") as server:
        assert server.ask(head("GET /202 HTTP/1.1")).startswith(b"HTTP/1.1 202 \r\nServer: ")


def test_no_content_has_no_length(installed: Path) -> None:
    with serving(installed, app="echo_app:app") as server:
        answer = server.ask(head("GET /204-with-length HTTP/1.1"))

    assert answer == (
        b"HTTP/1.1 204 No Content\r\nServer: meinheld/1.0.2\r\nDate: *\r\nConnection: close\r\n\r\n"
    )
