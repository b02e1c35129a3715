"""Very many connections that send next to nothing, and what a normal client has of it."""

import contextlib
import resource
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from harness.servers import Server

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\nX: "
BODY = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
BATCH = 200
"""So many connect at a time: fewer than a listening socket keeps waiting."""


@dataclass(frozen=True)
class Latency:
    """Of requests on connections of their own, in milliseconds."""

    count: int
    median: float
    p99: float

    def __str__(self) -> str:
        return f"{self.count:,} requests, p50 {self.median:.1f} ms, p99 {self.p99:.1f} ms"


def allow_descriptors(count: int) -> None:
    """Raises the soft limit of this process, and of those that it starts, as far as it goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


@contextlib.contextmanager
def crowd(server: Server, count: int, begin: bytes, *, drip: bool) -> Iterator[list[socket.socket]]:
    """So many connections, each with the same bytes sent, and a byte more each second.

    Without ``drip`` they stay as they are. Who is closed by the server connects anew.
    """
    members = list[socket.socket]()
    stopped = threading.Event()
    dripping = threading.Thread(target=_drip, args=[server, members, begin, stopped], daemon=True)
    try:
        while len(members) < count:
            for _ in range(min(BATCH, count - len(members))):
                members.append(_member(server, begin))
            assert server.get("/hello") == b"hello"
        if drip:
            dripping.start()
        yield members
    finally:
        stopped.set()
        if drip:
            dripping.join()
        for each in members:
            each.close()


def latency(server: Server, seconds: float) -> Latency:
    """Asks as long as that, and after at least a hundred requests says how long they took."""
    taken = list[float]()
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(taken) < 100:
        begun = time.perf_counter()
        assert server.get("/hello") == b"hello"
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return Latency(len(taken), taken[len(taken) // 2], taken[len(taken) * 99 // 100])


def _member(server: Server, begin: bytes) -> socket.socket:
    made = server.connect()
    made.sendall(begin)
    return made


def _drip(
    server: Server, members: list[socket.socket], begin: bytes, stopped: threading.Event
) -> None:
    """One byte each second for each of them, spread over the second."""
    position = 0
    while not stopped.is_set():
        share = max(1, len(members) // 50)
        for i in range(position, position + share):
            _nudge(server, members, i % len(members), begin)
        position = (position + share) % len(members)
        stopped.wait(0.02)


def _nudge(server: Server, members: list[socket.socket], i: int, begin: bytes) -> None:
    with contextlib.suppress(OSError):
        members[i].send(b"x", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        if not _is_closed(members[i]):
            return
    members[i].close()
    with contextlib.suppress(OSError):
        members[i] = _member(server, begin)


def _is_closed(member: socket.socket) -> bool:
    with contextlib.suppress(BlockingIOError):
        member.recv(1 << 16, socket.MSG_DONTWAIT)
        return True
    return False
