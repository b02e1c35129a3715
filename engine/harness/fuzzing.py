"""Sends mutated requests to a running server, and finds the ones that hurt it."""

import contextlib
import random
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from harness.case import get
from harness.servers import Server
from harness.vitals import Vitals, at_rest, vitals
from harness.wire import read_all, reset, wait_until

BATCH = 500
SPARE_DESCRIPTORS = 2
"""Between two looks a worker may open one for itself: a temporary file, a log."""

START = 120
"""Seconds that a server may take to answer for the first time."""

Start = Callable[[], AbstractContextManager[Server]]
Hurts = Callable[[Sequence[bytes]], bool]


class Hurt(AssertionError):
    """The server died or hung; the message holds the least bytes that do it."""


@dataclass(frozen=True)
class Round:
    """What a round of fuzzing was: vitals before and after it, and the seconds it took."""

    requests: int
    seconds: float
    before: Vitals
    after: Vitals


def fuzz(server: Server, made: Sequence[bytes], start: Start) -> Round:
    """Sends all that is ``made`` in batches, and looks after each.

    Raises Hurt, with what ``start`` gives a fresh server to find.
    """
    begun, before = time.monotonic(), ready(server)
    for first in range(0, len(made), BATCH):
        batch = made[first : first + BATCH]
        if hurt(server, batch, before.workers):
            raise Hurt(_report(batch, start))
    after = at_rest(server, before.descriptors + SPARE_DESCRIPTORS)
    return Round(len(made), time.monotonic() - begun, before, after)


def ready(server: Server) -> Vitals:
    """Its vitals as soon as it answers: under valgrind Python takes its time to start."""
    with contextlib.suppress(OSError), server.connect() as first:
        first.settimeout(START)
        first.sendall(get("/", "Connection: close"))
        read_all(first)
    wait_until(lambda: bool(server.workers()) and well(server), "the server answers")
    return vitals(server)


def hurt(server: Server, batch: Sequence[bytes], workers: frozenset[int]) -> bool:
    """Whether sending the batch made a worker die, or stop answering."""
    try:
        for request in batch:
            send(server, request)
    except TimeoutError:
        return True
    return not well(server) or server.workers() != workers


def send(server: Server, request: bytes) -> None:
    """One request, whole or in two pieces, then one of the ways in which clients end.

    What it does hangs on the request alone. Raises TimeoutError where the server neither
    answers nor closes the connection.
    """
    chance = random.Random(request)
    ended = (ConnectionResetError, BrokenPipeError)
    with server.connect() as connection, contextlib.suppress(*ended):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cut = chance.randrange(len(request) + 1) if chance.random() < 0.3 else 0
        for piece in (request[:cut], request[cut:]):
            connection.sendall(piece)
        if chance.random() < 0.1:
            reset(connection)
            return
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass


def well(server: Server) -> bool:
    """Whether a normal request is answered in time."""
    try:
        return server.get("/well").startswith(b"{")
    except OSError:
        return False


def least(batch: Sequence[bytes], hurts: Hurts) -> list[bytes]:
    """The fewest and shortest requests of the batch that still hurt."""
    kept = _fewer(list(batch), hurts)
    for number, request in enumerate(kept):

        def still(pieces: Sequence[bytes], number: int = number) -> bool:
            return hurts([*kept[:number], b"".join(pieces), *kept[number + 1 :]])

        kept[number] = b"".join(_fewer([bytes([byte]) for byte in request], still))
    return kept


def _fewer(kept: list[bytes], hurts: Hurts) -> list[bytes]:
    """Leaves out what can be left out: halves first, then quarters, … then single ones."""
    step = len(kept) // 2
    while step:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + step :]
            if fewer and hurts(fewer):
                kept = fewer
            else:
                at += step
        step //= 2
    return kept


def _report(batch: Sequence[bytes], start: Start) -> str:
    def hurts(some: Sequence[bytes]) -> bool:
        with start() as server:
            return hurt(server, some, ready(server).workers)

    if not hurts(batch):
        return f"The server was hurt by one of {len(batch)} requests, but not by them again."
    return "These hurt the server:\n" + "\n".join(map(repr, least(batch, hurts)))
