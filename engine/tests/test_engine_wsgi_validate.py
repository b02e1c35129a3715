"""``wsgiref.validate`` between the engine and an application: nothing to complain of."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.cases import CASES
from harness.play import play
from serving import Server, body, serving, status

COMPLAINT = re.compile(r"(?:AssertionError: |WSGIWarning: |Iterator garbage collected).*")
OTHER_METHOD = "WSGIWarning: Unknown REQUEST_METHOD: "
"""What it says of any method but eight."""

ASTERISK = "AssertionError: PATH_INFO doesn't start with /: '*'"
"""Of OPTIONS *, which has no path; gunicorn's own workers give the same."""


@pytest.fixture(params=["1", "4"], ids=["one thread", "threads"])
def server(installed: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(installed, "--threads", request.param, app="validated_app:watched") as running:
        yield running


def complaints(server: Server) -> set[str]:
    found = set(COMPLAINT.findall(server.log()))
    return {complaint for complaint in found if not complaint.startswith(OTHER_METHOD)}


def ask(server: Server, line: str, content: bytes = b"", *headers: str) -> bytes:
    length = [f"Content-Length: {len(content)}"] if content else []
    lines = ["Host: a", "Connection: close", *length, *headers]
    head = "".join(f"{each}\r\n" for each in (line, *lines, ""))
    return server.ask(head.encode("latin-1"), content)


def test_validates_requests_of_all_kinds(server: Server) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PATCH", "PUT", "DELETE", "POST", "TRACE"):
        assert status(ask(server, f"{method} /a%20b?c=d HTTP/1.1")) == 200
    for size in (1, 500 * 1024, 500 * 1024 + 1):
        answer = ask(server, "POST /a HTTP/1.1", b"x" * size, "Content-Type: a/b", "X: caf\xe9")
        assert len(body(answer)) == size
    assert body(ask(server, "GET /a HTTP/1.0")) == b""
    assert b"8\r\nwritten \r\n" in ask(server, "GET /write HTTP/1.1")
    assert status(ask(server, "GET /nothing HTTP/1.1")) == 204
    assert status(ask(server, "GET /error HTTP/1.1")) == 500
    assert complaints(server) == set()


def test_validates_the_raw_requests(installed: Path) -> None:
    with serving(installed, app="validated_app:watched") as server:
        for case in CASES:
            play(server, case)

        assert complaints(server) == {ASTERISK}


def test_complains_of_what_is_wrong(installed: Path) -> None:
    with serving(installed, app="validated_app:watched_wrong") as server:
        ask(server, "GET / HTTP/1.1")

        assert complaints(server) == {
            "AssertionError: Content-Type header found in a 204 response, which must not return "
            "content."
        }
