"""What is done once and not for each request, seen from the application."""

import json
import re
import socket
from pathlib import Path

import pytest
from harness.failing_malloc import failing_malloc
from harness.fuzzing import ready
from harness.vitals import open_files
from serving import Server, body, read_all, read_response, serving, status, wait_until

MIB = 1 << 20
ANY_ZONE_IN_SUMMER = "AAA0BBB-2,0/0,J365/25"
"""POSIX's notation for a time zone in which it is summer from January to December."""


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\n\r\n".encode()


def test_address_is_that_of_the_connection(server: Server) -> None:
    connections = []
    for host in ("127.0.0.1", "127.0.0.2"):
        made = socket.create_connection(server.address, timeout=15, source_address=(host, 0))
        connections.append((host, made))
    for _ in range(2):
        for host, connection in connections:
            connection.sendall(get("/environ"))
            environ = json.loads(body(read_response(connection)))
            assert environ["REMOTE_ADDR"] == host
            assert environ["SERVER_PORT"] == str(server.address[1])
    for _, connection in connections:
        connection.close()


def test_address_is_made_once_for_each_connection(server: Server) -> None:
    with server.connect() as connection:
        answers = []
        for _ in range(3):
            connection.sendall(get("/same-port"))
            answers.append(body(read_response(connection)))

    assert answers == [b"False", b"True", b"True"]


@pytest.mark.parametrize("name", ["SERVER_NAME", "HTTP_USER_AGENT"])
def test_names_in_environ_are_interned(server: Server, name: str) -> None:
    assert name in json.loads(server.get("/interned", "User-Agent: b"))


def test_nothing_stands_between_worker_and_application(server: Server) -> None:
    assert server.get("/caller") == b"run"


def test_start_response_ends_with_its_request(server: Server) -> None:
    server.get("/late-start")

    assert server.get("/late-start") == b"start_response called after the request"


@pytest.mark.parametrize("length", ["%2B5", "+5", "5+", "5,5"])
def test_length_of_a_response_is_digits(server: Server, length: str) -> None:
    assert status(server.ask(f"GET /length?is={length} HTTP/1.0\r\n\r\n".encode())) == 500


def test_headers_of_a_response_are_not_copied(installed: Path) -> None:
    with (
        failing_malloc() as malloc,
        serving(installed, app="all_app:app", environment=malloc.environment) as server,
    ):
        ready(server)
        (worker,) = server.workers()

        def allocations(path: str) -> int:
            server.get(path)
            malloc.arm(worker, 0)
            server.get(path)
            return malloc.disarm()

        assert allocations("/headers?n=90") == allocations("/headers?n=10") > 0


def test_any_number_of_headers_takes_one_system_call(server: Server) -> None:
    worker = int(server.get("/pid"))

    def calls(path: str) -> int:
        before = writing_calls(worker)
        server.get(path)
        return writing_calls(worker) - before

    assert calls("/headers?n=400") == calls("/headers?n=1") > 0


def writing_calls(worker: int) -> int:
    """How many the process has made so far."""
    return int(dict(map(str.split, Path(f"/proc/{worker}/io").read_text().splitlines()))["syscw:"])


def test_failing_lookup_of_close_is_logged(server: Server) -> None:
    assert server.get("/without-close") == b"whole"
    wait_until(lambda: "ValueError: no close" in server.log(), "it is in the log")


def test_descriptors_of_uploads_are_closed(server: Server) -> None:
    worker = int(server.get("/pid"))
    post = b"POST /count HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % MIB
    for _ in range(3):
        assert body(server.ask(post, b"x" * MIB)) == b"%d" % MIB

    wait_until(lambda: deleted_files(worker) == [], "the temporary files are closed")


def test_time_in_the_log_has_the_offset_of_summer(installed: Path) -> None:
    options = ("--access-logfile", "-", "--access-logformat", "at %(t)s")
    with serving(installed, *options, environment={"TZ": ANY_ZONE_IN_SUMMER}) as server:
        server.get("/hello")
        wait_until(lambda: "at [" in server.log(), "the request is in the log")

        assert re.findall(r"at \[.* ([+-]\d{4})\]", server.log()) == ["+0200"]


def test_chunked_body_goes_to_a_file_when_it_grows(server: Server) -> None:
    worker = int(server.get("/pid"))
    post = b"POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    with server.connect() as connection:
        connection.sendall(post + b"\r\n%x\r\n" % MIB + b"x" * MIB + b"\r\n")
        wait_until(lambda: len(deleted_files(worker)) == 1, "a temporary file is open")
        connection.sendall(b"0\r\n\r\n")
        assert body(read_all(connection)) == b"%d" % MIB


def deleted_files(worker: int) -> list[str]:
    """Temporary files of the process, but for gunicorn's own (the worker's signs of life)."""
    return [link for link in open_files(worker) if "deleted" in link and "wgunicorn" not in link]
