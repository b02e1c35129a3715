"""Header lines (RFC 9112 5, RFC 9110 5)."""

from harness.answers import Answer, Seen, ok, refused
from harness.case import Case, case, get

LINES = "RFC 9112 5"
ENDS = "RFC 9112 2.2"
VALUES = "RFC 9110 5.5"
UNDERSCORES = "as gunicorn: header_map drop"


def raw(lines: bytes) -> bytes:
    """A GET of host a with these bytes after its Host line, and the end of the head."""
    return b"GET / HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n"


def line(name: str, lines: bytes, answer: Answer, rule: str = LINES) -> Case:
    return case(name, raw(lines), answer, rule=rule)


CASES = (
    line("field", b"X-A: b\r\n", ok(x_a="b")),
    line("field empty", b"X-A:\r\n", ok(x_a="")),
    line("field of blanks", b"X-A:  \t \r\n", ok(x_a="")),
    line("field without blank", b"X-A:b\r\n", ok(x_a="b")),
    line("field among blanks", b"X-A: \t b c \t \r\n", ok(x_a="b c")),
    line("field with eight bits", b"X-A: \xe9\xff\r\n", ok(x_a="\xe9\xff"), VALUES),
    line("field with colons", b"X-A: b: c\r\n", ok(x_a="b: c")),
    line("field with quotes", b'X-A: "b, c"\r\n', ok(x_a='"b, c"')),
    line("field with tab within", b"X-A: b\tc\r\n", ok(x_a="b\tc")),
    line("field twice", b"X-A: b\r\nX-A: c\r\n", ok(x_a="b, c"), "RFC 9110 5.3"),
    line("field twice, odd case", b"X-A: b\r\nx-a: c\r\n", ok(x_a="b, c"), "RFC 9110 5.3"),
    line("field twice the same", b"X-A: b\r\nX-A: b\r\n", ok(x_a="b, b"), "RFC 9110 5.3"),
    line("field empty twice", b"X-A:\r\nX-A:\r\n", ok(x_a=", "), "RFC 9110 5.3"),
    line("Content-Type twice", b"Content-Type: b\r\nContent-Type: c\r\n", refused()),
    line(
        "field twice, another between",
        b"X-A: b\r\nX-B: d\r\nX-A: c\r\n",
        ok(x_a="b, c", x_b="d"),
        "RFC 9110 5.3",
    ),
    case(
        "field with every sign of a name",
        get("/", "X!#$%&'*+.^`|~9: b"),
        Answer(seen=Seen(fields={"HTTP_X!#$%&'*+.^`|~9": "b"})),
        rule="RFC 9110 5.6.2",
    ),
    line("underscore in a name", b"X_A: b\r\n", ok(), UNDERSCORES),
    line("underscore beside a hyphen", b"X-A: b\r\nX_A: c\r\n", ok(x_a="b"), UNDERSCORES),
    line("underscore in Content-Length", b"Content_Length: 5\r\n", ok(), UNDERSCORES),
    line("underscore in Transfer-Encoding", b"Transfer_Encoding: chunked\r\n", ok(), UNDERSCORES),
    line("field ended by LF", b"X-A: b\n", refused(), ENDS),
    line("field empty, ended by LF", b"X-A:\n", refused(), ENDS),
    line("LF within", b"X-A: b\nX-B: c\r\n", refused(), ENDS),
    case("head ended by LF", b"GET / HTTP/1.1\r\nHost: a\r\n\n", refused(), rule=ENDS),
    line("CR within", b"X-A: b\rX-B: c\r\n", refused(), ENDS),
    line("CR before the end of a line", b"X-A: b\r\r\n", refused(), ENDS),
    line("CR within a name", b"X\r-A: b\r\n", refused(), ENDS),
    case("CR at the end of the head", b"GET / HTTP/1.1\r\nHost: a\r\n\rX", refused(), rule=ENDS),
    line("NUL within", b"X-A: b\0c\r\n", refused(), VALUES),
    line("NUL at the begin", b"X-A: \0b\r\n", refused(), VALUES),
    line("NUL at the end", b"X-A: b\0\r\n", refused(), VALUES),
    line("NUL within a name", b"X\0: b\r\n", refused()),
    line("control character within", b"X-A: b\x01c\r\n", refused(), VALUES),
    line("DEL within", b"X-A: b\x7fc\r\n", refused(), VALUES),
    line("line without colon", b"X-A\r\n", refused()),
    line("line without name", b": b\r\n", refused()),
    line("line of a colon", b":\r\n", refused()),
    line("blank before the colon", b"X-A : b\r\n", refused(), "RFC 9112 5.1"),
    line("tab before the colon", b"X-A\t: b\r\n", refused(), "RFC 9112 5.1"),
    line("blank within a name", b"X A: b\r\n", refused()),
    line("eight bits in a name", b"X-\xe9: b\r\n", refused()),
    line("brackets in a name", b"X(A): b\r\n", refused()),
    line("quotes in a name", b'"X": b\r\n', refused()),
    line("slash in a name", b"X/A: b\r\n", refused()),
    line("folded", b"X-A: b\r\n c\r\n", refused(), "RFC 9112 5.2"),
    line("folded by a tab", b"X-A: b\r\n\tc\r\n", refused(), "RFC 9112 5.2"),
    line("folded, nothing on the first line", b"X-A:\r\n b\r\n", refused(), "RFC 9112 5.2"),
    line("folded, nothing on the second line", b"X-A: b\r\n \r\n", refused(), "RFC 9112 5.2"),
    case(
        "blank before the first field",
        b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        refused(),
        rule="RFC 9112 2.2",
    ),
    case(
        "blank line before the first field",
        b"GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n",
        refused(),
        rule="RFC 9112 2.2",
    ),
)
