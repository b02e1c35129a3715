"""What a worker must survive: clients that go at any byte, memory and disk that run out."""

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.case import chunked, get, post
from harness.failing_malloc import FailingMalloc
from harness.fuzzing import well
from harness.servers import Server
from harness.wire import SECONDS, read_all, reset, wait_until, wait_until_taken

REQUESTS = {
    "get": get("/a/path?a=b", "X-A: b", "X-A: c", "Cookie: d=e", "Connection: close"),
    "upload": post("Content-Length: 5", "Connection: close", body=b"hello"),
    "chunked": chunked(b"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n", "Connection: close"),
    "continue": post("Content-Length: 5", "Expect: 100-continue", "Connection: close") + b"hello",
    "pipeline": get() + post("Content-Length: 5", body=b"hello") + get("/", "Connection: close"),
    "refused": b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "large": post("Content-Length: 600000", "Connection: close", body=b"b" * 600_000),
}
"""Every path of a request that allocates; "large" takes a temporary file."""

ANSWERS = {
    name: get(path, "Connection: close")
    for name, path in {
        # Their lengths are of two digits: Python keeps objects of one character.
        "pieces": "/stream?n=50",
        "broken off": "/breaks-off",
        "closed": "/counted",
        "empty": "/no-content",
        "file": "/file?n=5",
        "file that is read": "/memory-file",
        "more than a socket takes": "/large?n=9000000",
        "no start_response": "/no-start",
        "not what a header may be": "/header?kind=wide",
        "raised": "/raises",
        "replaced": "/replaces",
    }.items()
}
"""Every path of an answer that allocates."""

MOST_ALLOCATIONS = 3000
"""A path that allocates more often never ends."""

TRIES = 8
"""Memory that is held after each of them, more than after the one before, is lost.

There are more than threads, for Python keeps some for each of those at its first exception.
"""


def limited(limit: str, value: int) -> tuple[str, ...]:
    """A prefix for a server: what runs behind it has this limit (RLIMIT_NOFILE, …)."""
    code = "import os, resource as r, sys; r.setrlimit(getattr(r, sys.argv[1]), (int(sys.argv[2]),)"
    code += " * 2); os.execv(sys.argv[3], sys.argv[3:])"
    return sys.executable, "-c", code, limit, str(value)


def reset_at_each_byte(server: Server, request: bytes) -> None:
    """A client for each prefix of the request: sends it, sees it read, resets."""
    for length in range(len(request) + 1):
        connection = server.connect()
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(request[:length])
            if length % 2:
                wait_until_taken(connection)
        reset(connection)


def reset_in_each_answer(server: Server, request: bytes) -> None:
    """Clients that reset when they have read no byte of the answer, one, two, four, … to its end.

    They take in little at a time: of a large answer the server has most when they go.
    """
    wanted, whole = 0, False
    while not whole:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(SECONDS)
            connection.connect(server.address)
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                connection.sendall(request)
            whole = not _read(connection, wanted)
            reset(connection)
        wanted = max(1, 2 * wanted)


def _read(connection: socket.socket, wanted: int) -> bool:
    """Whether there are so many bytes to be read."""
    with contextlib.suppress(ConnectionResetError):
        while wanted:
            piece = connection.recv(min(wanted, 1 << 16))
            if not piece:
                return False
            wanted -= len(piece)
    return not wanted


def fail_each_allocation(
    server: Server, malloc: FailingMalloc, request: bytes, *, on: bool = False
) -> Iterator[tuple[int, str]]:
    """Sends the request with its first allocation failing, then its second, … to the last.

    Gives ``(number, what happened)`` for each that killed or hung the worker, or that costs it
    memory each time; the request itself may be answered in any way. With ``on`` all later
    allocations fail too, until it is over. The server serves all_app.
    """
    for number in range(1, MOST_ALLOCATIONS):
        before = server.workers()
        asked = _fail(server, malloc, request, number, on)
        if not asked.ended:
            yield number, "no answer and no end"
        if not well(server):
            yield number, "the next request is not answered"
        if server.workers() != before:
            yield number, "the worker died"
            wait_until(lambda: bool(server.workers()) and well(server), "another worker answers")
        elif lost := _lost(server, malloc, request, number, on):
            yield number, f"{lost} bytes more are held each time"
        if asked.allocations < number:
            return
    raise AssertionError(f"{MOST_ALLOCATIONS} allocations in one request")


def _lost(server: Server, malloc: FailingMalloc, request: bytes, number: int, on: bool) -> int:
    """What is lost by the request each time: at the first, some things are kept for good."""
    held = settled(server, malloc)
    for _ in range(TRIES):
        _fail(server, malloc, request, number, on)
        before, held = held, settled(server, malloc)
        if held <= before:
            return 0
    return held - before


def settled(server: Server, malloc: FailingMalloc) -> int:
    """What the worker holds when nothing is under way, and garbage is collected."""
    server.get("/settled")
    seen = [malloc.held()]

    def unchanged() -> bool:
        seen.append(malloc.held())
        return seen[-1] == seen[-2]

    time.sleep(0.003)
    wait_until(unchanged, "the worker takes and gives back no more memory")
    return seen[-1]


@dataclass(frozen=True)
class _Asked:
    ended: bool
    allocations: int


def _fail(server: Server, malloc: FailingMalloc, request: bytes, number: int, on: bool) -> _Asked:
    (worker,) = server.workers()
    malloc.arm(worker, number, on=on)
    ended = _ask(server, request)
    return _Asked(ended, malloc.disarm())


def in_time(ask: Callable[[], object]) -> bool:
    """Whether it comes to an end, well or not."""
    try:
        ask()
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def _ask(server: Server, request: bytes) -> bool:
    with server.connect() as connection:
        connection.settimeout(3)
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(request)
        return in_time(lambda: read_all(connection))
