"""What a worker must survive: clients that go at any byte, memory and disk that run out."""

import contextlib
import sys
from collections.abc import Callable, Iterator

from harness.case import chunked, get, post
from harness.failing_malloc import FailingMalloc
from harness.fuzzing import well
from harness.servers import Server
from harness.wire import read_all, reset, wait_until, wait_until_taken

REQUESTS = {
    "get": get("/", "X-A: b", "X-A: c", "Cookie: d=e", "Connection: close"),
    "upload": post("Content-Length: 5", "Connection: close", body=b"hello"),
    "chunked": chunked(b"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n", "Connection: close"),
    "continue": post("Content-Length: 5", "Expect: 100-continue", "Connection: close") + b"hello",
    "pipeline": get() + post("Content-Length: 5", body=b"hello") + get("/", "Connection: close"),
    "refused": b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "large": post("Content-Length: 600000", "Connection: close", body=b"b" * 600_000),
}
"""Every path of a request that allocates; "large" takes a temporary file."""

KEPT_BY_ENGINE = 1030
"""For more connections than that, the engine takes new memory."""

OPTIONS = ("--worker-connections", "4000")
"""For a server whose allocations are to fail."""

MOST_ALLOCATIONS = 3000
"""A path that allocates more often never ends."""


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


def fail_each_allocation(
    server: Server, malloc: FailingMalloc, request: bytes, *, on: bool = False
) -> Iterator[tuple[int, str]]:
    """Sends the request with its first allocation failing, then its second, … to the last.

    Gives ``(number, what happened)`` for each that killed or hung the worker; the request itself
    may be answered in any way. With ``on`` all later allocations fail too, until it is over.
    The server has just been started: what it still keeps would be taken before new memory is.
    """
    with contextlib.ExitStack() as held:
        _hold(server, held, KEPT_BY_ENGINE)
        yield from _fail_each(server, malloc, request, on, held)


def _fail_each(
    server: Server, malloc: FailingMalloc, request: bytes, on: bool, held: contextlib.ExitStack
) -> Iterator[tuple[int, str]]:
    for number in range(1, MOST_ALLOCATIONS):
        before = server.workers()
        _hold(server, held, 1)
        (worker,) = before
        malloc.arm(worker, number, on=on)
        answered = _ask(server, request)
        count = malloc.disarm()
        if not answered:
            yield number, "no answer and no end"
        if not well(server):
            yield number, "the next request is not answered"
        if server.workers() != before:
            yield number, "the worker died"
            wait_until(lambda: bool(server.workers()) and well(server), "another worker answers")
            held.close()
            _hold(server, held, KEPT_BY_ENGINE)
        if count < number:
            return
    raise AssertionError(f"{MOST_ALLOCATIONS} allocations in one request")


def _hold(server: Server, held: contextlib.ExitStack, count: int) -> None:
    """More connections that wait: what the engine kept for them goes to them."""
    for _ in range(count):
        waiting = held.enter_context(server.connect())
        waiting.sendall(b"GET")
    wait_until_taken(waiting)


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
