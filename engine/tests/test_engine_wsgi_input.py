"""wsgi.input as PEP 3333 wants it, beside an ordinary file with the same content."""

import io
import json
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness.wire import reset, wait_until_taken
from serving import APPS, Server, body, serving, wait_until

Read = Callable[[io.BytesIO], list[bytes]]
CALLS: dict[str, Read] = runpy.run_path(str(APPS / "read_views.py"))["CALLS"]
CONTENTS = {
    "nothing": b"",
    "in memory": b"one\ntwo three\n\nfour",
    "one line": b"no end",
    "in a file": b"a line of twenty.\r\n\n" * 26_000,
}
assert len(CONTENTS["in a file"]) > 500 * 1024


@pytest.fixture(scope="module")
def server(installed: Path) -> Iterator[Server]:
    with serving(installed, app="wsgi_app:app") as running:
        yield running


def post(path: str, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in ("Host: a", "Connection: close", *headers))
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode()


def unchunked(answer: bytes) -> bytes:
    whole, rest = b"", body(answer)
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        whole, rest = whole + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return whole


@pytest.mark.parametrize("how", CALLS)
@pytest.mark.parametrize("kind", CONTENTS)
def test_reads_as_a_file_does(server: Server, kind: str, how: str) -> None:
    content = CONTENTS[kind]
    expected = [piece.decode() for piece in CALLS[how](io.BytesIO(content))]
    length = post(f"/read/{how}", f"Content-Length: {len(content)}")
    chunked = post(f"/read/{how}", "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%b\r\n" % (len(content), content) if content else b""

    assert json.loads(unchunked(server.ask(length, content))) == expected
    assert json.loads(unchunked(server.ask(chunked, chunk, b"0\r\n\r\n"))) == expected


def test_body_is_empty_without_one(server: Server) -> None:
    answer = server.ask(b"GET /read/beyond HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert json.loads(unchunked(answer)) == ["", "", ""]


@pytest.mark.parametrize("sent", [10, 600_000])
def test_client_that_leaves_within_its_body_runs_nothing(
    installed: Path, tmp_path: Path, sent: int
) -> None:
    with serving(installed, app="wsgi_app:app", environment={"TMPDIR": str(tmp_path)}) as server:
        before = descriptors(server)
        with server.connect() as connection:
            connection.sendall(post("/never-asked", "Content-Length: 1000000") + b"x" * sent)
            wait_until_taken(connection)
            reset(connection)

        assert body(server.ask(post("/hello"))) == b"hello"
        wait_until(lambda: descriptors(server) == before, "its files are closed")
        assert "never_asked" not in server.log()


def descriptors(server: Server) -> int:
    server.ask(post("/hello"))
    (worker,) = server.workers()
    return len(list(Path(f"/proc/{worker}/fd").iterdir()))
