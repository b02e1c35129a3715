"""Plays a case against a server, and says what came."""

import contextlib
import select
import socket

from harness.answers import Answer, ok
from harness.case import Case, Step
from harness.servers import Server
from harness.wire import read_all, wait_until_taken, without_date

PROBE = b"GET /probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
"""Asked at the end of each case: whether the connection is kept, and at a request's begin."""

PROBED = ok(path="/probe", host="probe", kept=False)


def play(server: Server, case: Case, patience: float = 15) -> bytes:
    """All that the server answers to the case and to the probe after it, without dates.

    Waits ``patience`` seconds for the first byte; nothing at all is b"" (which a connection
    closed without a word is too).
    """
    with server.connect() as connection, contextlib.suppress(ConnectionResetError, BrokenPipeError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = bytearray()
        for number, piece in enumerate(case.sent):
            match piece:
                case Step.AWAIT:
                    received += _begin(connection, patience)
                case Step.CUT:
                    connection.shutdown(socket.SHUT_WR)
                case bytes():
                    if number:
                        wait_until_taken(connection)
                    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                        connection.sendall(piece)
        if Step.CUT not in case.sent:
            begun = _begin(connection, patience)
            received += begun
            if not begun:
                return without_date(bytes(received))
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                connection.sendall(PROBE)
        received += read_all(connection)
    return without_date(bytes(received))


def expected(case: Case, answers: tuple[Answer, ...]) -> bytes:
    """What our engine sends with these answers to the case, and the one to the probe."""
    probed = bool(answers) and answers[-1].kept and Step.CUT not in case.sent
    return b"".join(answer.document() for answer in [*answers, *[PROBED] * probed])


def _begin(connection: socket.socket, patience: float) -> bytes:
    """The first bytes of an answer; b"" for the end, or when nothing comes."""
    ready, _, _ = select.select([connection], [], [], patience)
    with contextlib.suppress(ConnectionResetError):
        return connection.recv(1 << 16) if ready else b""
    return b""
