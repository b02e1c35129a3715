"""The client of scripts/bench serve before servers of every kind: each request's fate is counted.

It is compiled with sanitizers here: what a server sends may be anything.
"""

import contextlib
import json
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.serve import client
from benchmarks.serve.cases import App
from benchmarks.serve.client import Answers, Load
from benchmarks.serve.peers import CLIENT, COMPILER

GET = App("get", "", "", "/", 5)
POST = App("post", "", "", "/", 5, b"x" * 900_000)

Answer = Callable[[socket.socket], bool]
"""What a server does when it has read a request; whether it goes on with the connection."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("client") / "client"
    sanitized = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"]
    subprocess.run([*COMPILER, *sanitized, "-o", to, CLIENT], check=True)
    return to


@contextlib.contextmanager
def server(answer: Answer, reads: bool = True) -> Iterator[int]:
    """A port of 127.0.0.1; without ``reads`` it answers before it has read anything."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.settimeout(0.05)

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            while (not reads or _read_request(connection)) and answer(connection):
                pass

    def accept() -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=[connection], daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        thread.join()
        listener.close()


def _read_request(connection: socket.socket) -> bool:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (piece := connection.recv(1 << 16)):
            return False
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0] or 0)
    while len(body) < length:
        body += connection.recv(1 << 16)
    return True


def sends(answer: bytes, goes_on: bool = True) -> Answer:
    def send(connection: socket.socket) -> bool:
        connection.sendall(answer)
        return goes_on

    return send


def ask(
    program: Path,
    port: int,
    app: App = GET,
    connections: int = 3,
    keep: bool = True,
    grace: float = 0.2,
) -> Answers:
    return client.ask(program, port, app, Load(connections, keep, 0.3, grace))


HEAD = b"HTTP/1.1 200 OK\r\nServer: a\r\ncontent-length: 5\r\n"
RIGHT = HEAD + b"\r\nhello"


def in_single_bytes(connection: socket.socket) -> bool:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in RIGHT:
        connection.sendall(bytes([byte]))
    return True


RIGHT_ANSWERS = {
    "on a kept connection": sends(RIGHT),
    "byte by byte": in_single_bytes,
    "with the connection's end announced": sends(HEAD + b"Connection: close\r\n\r\nhello", False),
    "of HTTP/1.0": sends(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", False),
    "that ends with its connection": sends(b"HTTP/1.1 200 OK\r\n\r\nhello", False),
    "with another status of success": sends(RIGHT.replace(b"200 OK", b"201 Made")),
}


@pytest.mark.parametrize("answer", RIGHT_ANSWERS.values(), ids=list(RIGHT_ANSWERS))
@pytest.mark.parametrize("keep", [True, False], ids=["keep", "close"])
def test_right_answers_are_counted_with_their_latencies(
    program: Path, answer: Answer, keep: bool
) -> None:
    with server(answer) as port:
        told = ask(program, port, keep=keep, grace=30)
    assert (told.failures, told.unanswered) == ({}, 0)
    assert told.answered > 3
    assert told.late <= 3
    assert told.p50
    assert told.p99
    assert told.longest
    assert 0 < told.p50 <= told.p99 <= told.longest


def resets(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


FAILURES = {
    "an error": ("status", sends(b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno")),
    "a redirect": ("status", sends(b"HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n")),
    "another length": ("wrong", sends(HEAD.replace(b"5", b"4") + b"\r\nhell")),
    "more than announced": ("wrong", sends(RIGHT + b"!")),
    "no end that can be told": ("wrong", sends(b"HTTP/1.1 200 OK\r\n\r\nhell", False)),
    "chunks": ("wrong", sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\nhello")),
    "a length that is no number": ("wrong", sends(HEAD.replace(b"5", b"5x") + b"\r\nhello")),
    "no length at all": ("wrong", sends(HEAD.replace(b"5", b"") + b"\r\nhello")),
    "another protocol": ("wrong", sends(b"SSH-2.0-x\r\n\r\n")),
    "zeros": ("wrong", sends(bytes(9000))),
    "a head without an end": ("wrong", sends(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 9000)),
    "half a head": ("closed", sends(b"HTTP/1.1 200 OK\r\n", False)),
    "half a body": ("closed", sends(HEAD + b"\r\nhel", False)),
    "nothing": ("closed", sends(b"", False)),
    "a reset": ("reset", resets),
}


@pytest.mark.parametrize(("kind", "answer"), FAILURES.values(), ids=list(FAILURES))
def test_failures_are_counted_by_kind(program: Path, kind: str, answer: Answer) -> None:
    with server(answer) as port:
        told = ask(program, port)
    assert list(told.failures) == [kind]
    assert told.failures[kind] > 3
    assert (told.answered, told.late, told.p50) == (0, 0, None)


def test_what_is_never_answered_is_longer_than_all_else(program: Path) -> None:
    hung = threading.Event()

    def only_the_first(connection: socket.socket) -> bool:
        if hung.is_set():
            return True
        hung.set()
        return sends(RIGHT)(connection)

    with server(only_the_first) as port:
        told = ask(program, port, connections=4)
    assert (told.answered, told.unanswered, told.failures) == (1, 4, {})
    assert 0.5 <= told.seconds < 5
    assert (told.p50, told.p99, told.longest) == (None, None, None)


def test_a_port_without_a_server_refuses(program: Path) -> None:
    with server(sends(RIGHT)) as port:
        pass
    told = ask(program, port)
    assert list(told.failures) == ["refused"]
    assert (told.answered, told.unanswered) == (0, 0)


def test_a_long_request_goes_out_whole(program: Path) -> None:
    with server(sends(RIGHT)) as port:
        told = ask(program, port, POST, grace=30)
    assert (told.failures, told.unanswered) == ({}, 0)
    assert told.answered > 3


def test_an_answer_that_comes_before_the_whole_request_is_taken(program: Path) -> None:
    with server(sends(HEAD + b"Connection: close\r\n\r\nhello", False), reads=False) as port:
        told = ask(program, port, POST)
    # The server's end meets data that it hasn't read: some connections are reset first.
    assert set(told.failures) <= {"reset"}
    assert told.answered + sum(told.failures.values()) > 3


def test_the_crowd_is_served_whole(program: Path) -> None:
    with server(sends(RIGHT)) as port:
        told = ask(program, port, connections=200, grace=30)
    assert (told.failures, told.unanswered) == ({}, 0)
    assert told.answered + told.late >= 200


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (b"", "a request of 1 byte to 1 MiB is expected on standard input"),
        (b"x" * (1 << 20), "a request of 1 byte to 1 MiB is expected on standard input"),
    ],
    ids=["nothing", "too much"],
)
def test_a_request_that_makes_no_sense_ends_it(program: Path, request_: bytes, said: str) -> None:
    done = subprocess.run(
        [program, "1", "1", "keep", "1", "1", "1"],
        input=request_,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr.decode().strip()) == (2, said)


def test_other_arguments_end_it(program: Path) -> None:
    done = subprocess.run([program, "80"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: client PORT CONNECTIONS keep|close SECONDS GRACE LENGTH")


def test_it_prints_one_json_object(program: Path) -> None:
    with server(sends(RIGHT)) as port:
        done = subprocess.run(
            [program, str(port), "1", "keep", "0.05", "0.2", "5"],
            input=GET.request(True),
            stdout=subprocess.PIPE,
            check=True,
        )
    assert set(json.loads(done.stdout)) == {
        *("seconds", "p50", "p99", "longest", "answered", "late", "unanswered", "processor"),
        *client.FAILURES,
    }
