"""Bodies of requests: large, slow, chunked, refused."""

import os
from pathlib import Path

import pytest
from harness.vitals import open_files
from serving import Server, body, read_all, serving, status, wait_until

MIB = 1 << 20


def post(path: str, length: int, *headers: str) -> bytes:
    more = "".join(f"{header}\r\n" for header in headers)
    return (
        f"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def chunked(path: str, *chunks: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 500 * 1024, 500 * 1024 + 1, 20 * MIB])
def test_upload_arrives(server: Server, size: int) -> None:
    content = os.urandom(size)

    assert body(server.ask(post("/echo", size), content)) == content
    chunks = [content[i : i + MIB] for i in range(0, size, MIB)]
    assert body(server.ask(chunked("/echo", *chunks))) == content


def test_slow_upload_outlives_the_keep_alive_time(installed: Path) -> None:
    with serving(installed, "--keep-alive", "1") as server, server.connect() as connection:
        connection.sendall(post("/echo", 6))
        for i in range(6):
            assert server.get("/sleep?s=0.3") == b"slept"
            connection.sendall(b"%d" % i)

        assert body(read_all(connection)) == b"012345"


def temporary_files(server: Server) -> list[str]:
    (worker,) = server.workers()
    return [name for name in open_files(worker) if "/meinheld-" in name]


def test_temporary_files_are_gone_afterwards(installed: Path, tmp_path: Path) -> None:
    with serving(installed, environment={"TMPDIR": str(tmp_path)}) as server:
        assert server.ask(post("/count", MIB), b"x" * MIB).endswith(b"\r\n1048576")
        assert server.ask(post("/unread", MIB), b"x" * MIB).endswith(b"\r\nnot read")

        wait_until(lambda: temporary_files(server) == [], "the files are closed")
        assert list(tmp_path.glob("meinheld-*")) == []


@pytest.mark.parametrize("threads", ["1", "4"])
def test_file_of_an_upload_is_closed_with_its_request(installed: Path, threads: str) -> None:
    warned = {"PYTHONWARNINGS": "default::ResourceWarning"}
    with serving(installed, "--threads", threads, environment=warned) as server:
        assert body(server.ask(post("/keeps-environ", MIB), b"x" * MIB)) == b"kept"
        assert body(server.ask(post("/unread", MIB), b"x" * MIB)) == b"not read"

        wait_until(lambda: temporary_files(server) == [], "the files are closed")
        assert "unclosed file" not in server.log()


def test_upload_without_a_place_for_it_is_refused(installed: Path, tmp_path: Path) -> None:
    with serving(installed, environment={"TMPDIR": str(tmp_path / "missing")}) as server:
        assert status(server.ask(post("/count", MIB), b"x" * MIB)) == 503
        assert server.get("/hello") == b"hello"


def test_limit_is_a_setting(installed: Path) -> None:
    with serving(installed, environment={"MEINHELD_MAX_CONTENT_LENGTH": "1000"}) as server:
        assert body(server.ask(post("/count", 1000), b"x" * 1000)) == b"1000"
        assert status(server.ask(post("/count", 1001), b"x" * 1001)) == 413
        assert body(server.ask(chunked("/count", b"x" * 999, b"x"))) == b"1000"
        assert status(server.ask(chunked("/count", b"x" * 999, b"xx"))) == 413
        assert server.get("/hello") == b"hello"


def test_refused_client_reads_why_whatever_it_sends(installed: Path) -> None:
    with serving(installed, environment={"MEINHELD_MAX_CONTENT_LENGTH": "1000"}) as server:
        answer = server.ask(post("/count", 30 * MIB), b"x" * 30 * MIB)

    assert status(answer) == 413
    assert answer.endswith(b".</p></body></html>")


def test_limit_of_zero_is_none(installed: Path) -> None:
    with serving(installed, environment={"MEINHELD_MAX_CONTENT_LENGTH": "0"}) as server:
        refused = post("/count", 5 << 30, "Expect: 100-continue")
        with server.connect() as connection:
            connection.sendall(refused)
            assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_refused_client_sees_an_end_and_no_reset(installed: Path) -> None:
    with (
        serving(installed, environment={"MEINHELD_MAX_CONTENT_LENGTH": "1000"}) as server,
        server.connect() as connection,
    ):
        # More than the worker reads at once, less than is announced.
        connection.sendall(post("/count", 30 * MIB) + b"x" * 300_000)
        answer = b""
        while piece := connection.recv(1 << 16):
            answer += piece

    assert status(answer) == 413
