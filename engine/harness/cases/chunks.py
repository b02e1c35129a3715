"""Bodies in chunks (RFC 9112 7.1)."""

from harness.answers import Answer, ok, refused
from harness.case import Case, case, chunked, get, post

RULE = "RFC 9112 7.1"
EXTENSIONS = "RFC 9112 7.1.1"
TRAILERS = "RFC 9112 7.1.2"
HELLO = ok("POST", body="hello")
END = b"0\r\n\r\n"
LONG = b"1;" + b"a" * 4000 + b"\r\nb\r\n"


def chunk(name: str, body: bytes, answer: Answer, rule: str = RULE) -> Case:
    return case(f"chunk {name}", chunked(body), answer, rule=rule)


CASES = (
    chunk("", b"5\r\nhello\r\n" + END, HELLO),
    chunk("by chunk", b"2\r\nhe\r\n3\r\nllo\r\n" + END, HELLO),
    chunk("of one byte each", b"1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n" + END, HELLO),
    chunk("that is empty", END, ok("POST")),
    chunk("size in hex", b"a\r\n0123456789\r\n" + END, ok("POST", body="0123456789")),
    chunk("size in capital hex", b"A\r\n0123456789\r\n" + END, ok("POST", body="0123456789")),
    chunk("size with zeros", b"0005\r\nhello\r\n000\r\n\r\n", HELLO),
    chunk("size of many zeros", b"0" * 30 + b"5\r\nhello\r\n" + END, HELLO),
    chunk("holding CRLF", b"7\r\nhe\r\nllo\r\n" + END, ok("POST", body="he\r\nllo")),
    chunk("holding an end", b"5\r\n0\r\n\r\n\r\n" + END, ok("POST", body="0\r\n\r\n")),
    chunk("size missing", b"\r\nhello\r\n" + END, refused()),
    chunk("size not hex", b"g\r\nhello\r\n" + END, refused()),
    chunk("size with sign", b"+5\r\nhello\r\n" + END, refused()),
    chunk("size with minus", b"-5\r\nhello\r\n" + END, refused()),
    chunk("size with 0x", b"0x5\r\nhello\r\n" + END, refused()),
    chunk("size with underscore", b"0_5\r\nhello\r\n" + END, refused()),
    chunk("size after a blank", b" 5\r\nhello\r\n" + END, refused()),
    chunk("size before a blank", b"5 \r\nhello\r\n" + END, refused()),
    chunk("size before a tab", b"5\t\r\nhello\r\n" + END, refused()),
    chunk("size with NUL", b"5\0\r\nhello\r\n" + END, refused()),
    chunk("size of 64 bits", b"ffffffffffffffff\r\nhello\r\n" + END, refused()),
    chunk("size beyond 64 bits", b"10000000000000005\r\nhello\r\n" + END, refused()),
    chunk("size ended by LF", b"5\nhello\r\n" + END, refused()),
    chunk("size ended by CR", b"5\rhello\r\n" + END, refused()),
    chunk("ended by LF", b"5\r\nhello\n" + END, refused()),
    chunk("ended by CR", b"5\r\nhello\r" + END, refused()),
    chunk("longer than its size", b"4\r\nhello\r\n" + END, refused()),
    chunk("much longer than its size", b"4\r\nhelloworld\r\n" + END, refused()),
    chunk("of zero ended by LF", b"5\r\nhello\r\n0\n\n", refused()),
    chunk("of zero, LF at the end", b"5\r\nhello\r\n0\r\n\n", refused()),
    chunk("of zero, CR and another", b"5\r\nhello\r\n0\r\n\rX", refused()),
    chunk("extension", b"5;a=b\r\nhello\r\n" + END, HELLO, EXTENSIONS),
    chunk("extension without value", b"5;a\r\nhello\r\n" + END, HELLO, EXTENSIONS),
    chunk("extension in quotes", b'5;a="b;c"\r\nhello\r\n' + END, HELLO, EXTENSIONS),
    chunk("extension of the last", b"5\r\nhello\r\n0;a=b\r\n\r\n", HELLO, EXTENSIONS),
    chunk("extension after a blank", b"5 ;a=b\r\nhello\r\n" + END, HELLO, EXTENSIONS),
    chunk("extension after a tab", b"5\t;a=b\r\nhello\r\n" + END, HELLO, EXTENSIONS),
    chunk("extension with LF", b"5;a\nb\r\nhello\r\n" + END, refused(), EXTENSIONS),
    chunk("extension with CR", b"5;a\rb\r\nhello\r\n" + END, refused(), EXTENSIONS),
    chunk("extension with NUL", b"5;a\0\r\nhello\r\n" + END, refused(), EXTENSIONS),
    chunk("extension too long", b"5;" + b"a" * 20000 + b"\r\nhello\r\n" + END, refused()),
    chunk("extensions too long together", LONG * 5 + END, refused(), EXTENSIONS),
    chunk("trailer", b"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n", HELLO, TRAILERS),
    chunk("trailers", b"5\r\nhello\r\n0\r\nX-A: b\r\nX-B: c\r\n\r\n", HELLO, TRAILERS),
    chunk("trailer Content-Length", b"0\r\nContent-Length: 9\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailer Host", b"0\r\nHost: b\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailer Transfer-Encoding", b"0\r\nTransfer-Encoding: x\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailer chunked", b"0\r\nTransfer-Encoding: chunked\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailer Connection", b"0\r\nConnection: close\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailer Upgrade", b"0\r\nUpgrade: h2c\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailer Expect", b"0\r\nExpect: b\r\n\r\n", ok("POST"), TRAILERS),
    chunk("trailers, 101", b"0\r\n" + b"Y: b\r\n" * 101 + b"\r\n", refused(431), TRAILERS),
    chunk("trailer without colon", b"0\r\nX-A\r\n\r\n", refused(), TRAILERS),
    chunk("trailer ended by LF", b"0\r\nX-A: b\n\r\n", refused(), TRAILERS),
    chunk("trailer folded", b"0\r\nX-A: b\r\n c\r\n\r\n", refused(), TRAILERS),
    chunk("trailer with NUL", b"0\r\nX-A: \0\r\n\r\n", refused(), TRAILERS),
    chunk("trailer too long", b"0\r\nX-A: " + b"b" * 20000 + b"\r\n\r\n", refused(431)),
    case(
        "chunk before a pipelined request",
        chunked(b"5\r\nhello\r\n" + END) + get("/next"),
        HELLO,
        ok(path="/next"),
        rule=RULE,
    ),
    case(
        "chunk, its trailer not the next request's",
        chunked(b"0\r\nX-A: b\r\n\r\n") + get("/next"),
        ok("POST"),
        ok(path="/next"),
        rule=TRAILERS,
    ),
    case(
        "chunk in single bytes",
        tuple(bytes([byte]) for byte in post("Transfer-Encoding: chunked"))
        + tuple(bytes([byte]) for byte in b"5;a\r\nhello\r\n0\r\nX: a\r\n\r\n"),
        HELLO,
        rule=RULE,
    ),
)
