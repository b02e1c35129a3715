"""Bytes to and from a server, and what an answer's parts are."""

import array
import contextlib
import fcntl
import re
import socket
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 15
"""How long anything may take before it counts as a failure."""

_DATE = re.compile(rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n")
_ESTABLISHED = "01"
_CLOSE = 7
"""States of a connection, in /proc/net/tcp and in TCP_INFO."""


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side closes or resets the connection."""
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 16):
            received += piece
    return bytes(received)


def read_response(connection: socket.socket) -> bytes:
    """One response with a Content-Length, with the date's value left out."""
    received = bytearray()
    while b"\r\n\r\n" not in received:
        received += _some(connection, 1)
    length = re.search(rb"\r\nContent-Length: (\d+)\r\n", received)
    for _ in range(int(length[1]) if length else 0):
        received += _some(connection, 1)
    return without_date(bytes(received))


def body(response: bytes) -> bytes:
    """What follows the head."""
    return response.partition(b"\r\n\r\n")[2]


def status(response: bytes) -> int:
    """The status code, and 0 where nothing came."""
    return int(response[9:12]) if response else 0


def without_date(response: bytes) -> bytes:
    """The same with "Date: *" for each date."""
    return _DATE.sub(b"Date: *\r\n", response)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Returns when the condition holds, and fails when it doesn't in time."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited {SECONDS} s in vain until {what}"
        time.sleep(0.02)


def wait_until_taken(connection: socket.socket) -> None:
    """Returns when the server has read, or will never read, all that was sent to it."""
    end = time.monotonic() + SECONDS
    while not _taken(connection):
        assert time.monotonic() < end, f"the server left bytes unread for {SECONDS} s"
        time.sleep(0.0002)


def reset(connection: socket.socket) -> None:
    """Closes the connection by a reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _taken(connection: socket.socket) -> bool:
    # What a reset left unacknowledged counts as on the way for ever.
    if connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _CLOSE:
        return True
    on_the_way = array.array("i", [0])
    fcntl.ioctl(connection, termios.TIOCOUTQ, on_the_way, True)
    if on_the_way[0]:
        return False
    ours, theirs = _hex(connection.getsockname()), _hex(connection.getpeername())
    # There may be ten thousands of others: clients that were here a minute ago.
    _, found, rest = Path("/proc/net/tcp").read_text().partition(f" {theirs} {ours} ")
    if not found:
        return True
    state, queues, *_ = rest.split(maxsplit=2)
    return state != _ESTABLISHED or int(queues.partition(":")[2], 16) == 0


def _hex(address: tuple[str, int]) -> str:
    """An IPv4 address as /proc/net/tcp writes it."""
    (number,) = struct.unpack("<I", socket.inet_aton(address[0]))
    return f"{number:08X}:{address[1]:04X}"


def _some(connection: socket.socket, limit: int) -> bytes:
    piece = connection.recv(limit)
    assert piece, "the connection was closed within a response"
    return piece
