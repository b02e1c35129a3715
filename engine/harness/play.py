"""Plays a case against a server, and says what came."""

import contextlib
import select
import socket
from dataclasses import dataclass

from harness.answers import ok
from harness.case import Case, Step
from harness.servers import Server
from harness.wire import SECONDS, wait_until_taken, without_date

PROBE = b"GET /probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
"""Asked at the end of each case: whether the connection is kept, and at a request's begin."""

PROBED = ok(path="/probe", host="probe", kept=False)


@dataclass(frozen=True)
class Received:
    """All that a server answered, without dates, and whether it closed the connection then."""

    answers: bytes
    closed: bool = True


def play(server: Server, case: Case, patience: float = SECONDS) -> Received:
    """What the server answers to the case and to the probe after it.

    ``patience`` is how many seconds it may be silent before that is taken for its answer.
    """
    closed = True
    with server.connect() as connection:
        connection.settimeout(patience)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = bytearray()
        for number, piece in enumerate(case.sent):
            match piece:
                case Step.AWAIT:
                    if _speaks(connection, patience):
                        received += connection.recv(1 << 16)
                case Step.CUT:
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_WR)
                case bytes():
                    if number:
                        wait_until_taken(connection)
                    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                        connection.sendall(piece)
        if Step.CUT not in case.sent:
            if not _speaks(connection, patience):
                return Received(without_date(bytes(received)), closed=False)
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                connection.sendall(PROBE)
        closed = _rest(connection, received)
    return Received(without_date(bytes(received)), closed)


def _rest(connection: socket.socket, received: bytearray) -> bool:
    """Adds what still comes; whether it came to an end."""
    try:
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(1 << 16):
                received += piece
    except TimeoutError:
        return False
    return True


def expected(case: Case) -> Received:
    """What our engine sends in answer to the case, and to the probe where it may come."""
    probed = bool(case.answers) and case.answers[-1].kept and Step.CUT not in case.sent
    answers = [*case.answers, *[PROBED] * probed]
    return Received(b"".join(answer.document() for answer in answers))


def _speaks(connection: socket.socket, patience: float) -> bool:
    """Whether anything comes in time, the end included."""
    ready, _, _ = select.select([connection], [], [], patience)
    return bool(ready)
