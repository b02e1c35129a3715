"""What becomes of a connection, pipelining, Expect and Upgrade (RFC 9112 9, RFC 9110 10.1.1)."""

from harness.answers import CONTINUE, Answer, ok, refused
from harness.case import Case, Step, case, get, post, request

KEEPING = "RFC 9112 9.3"
CLOSING = "RFC 9112 9.6"
PIPELINES = "RFC 9112 9.3.2"
EXPECTS = "RFC 9110 10.1.1"
UPGRADES = "RFC 9110 7.8"
CUTS = "RFC 9112 8"
CLOSED = ok(kept=False)


def connection(name: str, *values: str, answer: Answer) -> Case:
    fields = [f"Connection: {value}" for value in values]
    return case(f"connection {name}", get("/", *fields), answer, rule=CLOSING)


def old(*fields: str) -> bytes:
    """A GET in HTTP/1.0."""
    return request("GET", "/", *fields, version="HTTP/1.0")


def old_ok(*, kept: bool) -> Answer:
    return ok(version="HTTP/1.0", kept=kept)


def upload(*fields: str) -> bytes:
    """The head of a POST with five bytes to come."""
    return post("Content-Length: 5", *fields)


def pipeline(name: str, *parts: tuple[bytes, Answer], more: bytes = b"") -> Case:
    sent = b"".join(sent for sent, _ in parts) + more
    return case(f"pipeline {name}", sent, *(answer for _, answer in parts), rule=PIPELINES)


BAD_HEAD = request("HEAD", "/", "Content-Length: b")
HELLO = upload() + b"hello", ok("POST", body="hello")

CASES = (
    connection("kept without a word", answer=ok()),
    connection("keep-alive", "keep-alive", answer=ok()),
    connection("close", "close", answer=CLOSED),
    connection("close in capitals", "CLOSE", answer=CLOSED),
    connection("close in a list", "x, close", answer=CLOSED),
    connection("close in a list of odd blanks", " ,x ,\tclose\t,", answer=CLOSED),
    connection("close in a second line", "x", "close", answer=CLOSED),
    connection("keep-alive and close", "keep-alive, close", answer=CLOSED),
    connection("close and keep-alive", "close, keep-alive", answer=CLOSED),
    connection("with another word", "closed", answer=ok()),
    connection("empty", "", answer=ok()),
    case("HTTP/1.0 closes", old(), old_ok(kept=False), rule=KEEPING),
    case("HTTP/1.0 kept", old("Connection: keep-alive"), old_ok(kept=True), rule=KEEPING),
    case("HTTP/1.0 kept, odd case", old("Connection: Keep-Alive"), old_ok(kept=True), rule=KEEPING),
    case("HTTP/1.0 kept in a list", old("Connection: x, keep-alive"), old_ok(kept=True)),
    case("HTTP/1.0 close", old("Connection: close, keep-alive"), old_ok(kept=False), rule=KEEPING),
    pipeline("of two", (get(), ok()), (get("/b"), ok(path="/b"))),
    pipeline("of posts", HELLO, HELLO, HELLO),
    pipeline("of any methods", (get(), ok()), HELLO, (request("DELETE", "/"), ok("DELETE"))),
    pipeline("with HEAD", (request("HEAD", "/"), ok("HEAD")), (get(), ok())),
    pipeline("of thirty", *[(get(f"/{i}"), ok(path=f"/{i}")) for i in range(30)]),
    pipeline("with empty lines", (get() + b"\r\n\r\n", ok()), (get(), ok())),
    pipeline("with 204", (get("/204"), Answer(204)), (get(), ok())),
    pipeline("with 304", (get("/304"), Answer(304)), (get(), ok())),
    pipeline("ended by close", (get("/", "Connection: close"), CLOSED), more=get("/b")),
    pipeline("ended by HTTP/1.0", (get(), ok()), (old(), old_ok(kept=False)), more=get("/b")),
    pipeline("ended by a bad request", (get(), ok()), (b"BAD\r\n\r\n", refused()), more=get()),
    pipeline("ended by a control character", (get(), ok()), (b"\0", refused()), more=get()),
    pipeline("of HEAD and a mistake", (request("HEAD", "/"), ok("HEAD")), (b"\0", refused())),
    pipeline("ended by a bad HEAD", (get(), ok()), (BAD_HEAD, refused(bare=True)), more=get()),
    pipeline("with a body beyond its length", HELLO, (b"x" + get(), refused(501))),
    case(
        "pipeline in single bytes",
        tuple(bytes([byte]) for byte in get() + post("Content-Length: 1", body=b"b")),
        ok(),
        ok("POST", body="b"),
        rule=PIPELINES,
    ),
    case(
        "pipeline of an answer and a body awaited",
        (get() + upload("Expect: 100-continue"), Step.AWAIT, b"hello"),
        ok(),
        CONTINUE,
        HELLO[1],
        rule=PIPELINES,
    ),
    case(
        "pipeline cut within the second body",
        (get() + upload() + b"he", Step.AWAIT, b"llo" + get("/b")[:5], Step.AWAIT, get("/b")[5:]),
        ok(),
        HELLO[1],
        ok(path="/b"),
        rule=PIPELINES,
    ),
    case(
        "pipeline cut within the second head",
        (get() + get("/b")[:20], get("/b")[20:]),
        ok(),
        ok(path="/b"),
        rule=PIPELINES,
    ),
    case(
        "continue",
        (upload("Expect: 100-continue"), Step.AWAIT, b"hello"),
        CONTINUE,
        HELLO[1],
        rule=EXPECTS,
    ),
    case(
        "continue in capitals",
        (upload("Expect: 100-Continue"), Step.AWAIT, b"hello"),
        CONTINUE,
        HELLO[1],
        rule=EXPECTS,
    ),
    case(
        "continue, chunked",
        (
            post("Transfer-Encoding: chunked", "Expect: 100-continue"),
            Step.AWAIT,
            b"5\r\nhello\r\n0\r\n\r\n",
        ),
        CONTINUE,
        HELLO[1],
        rule=EXPECTS,
    ),
    case(
        "continue without a body",
        get("/", "Expect: 100-continue"),
        ok(),
        rule=EXPECTS,
    ),
    case(
        "continue in HTTP/1.0",
        request("POST", "/", "Content-Length: 5", "Expect: 100-continue", version="HTTP/1.0")
        + b"hello",
        ok("POST", version="HTTP/1.0", body="hello", kept=False),
        rule=EXPECTS,
    ),
    case(
        "continue not awaited",
        upload("Expect: 100-continue") + b"hello",
        CONTINUE,
        HELLO[1],
        rule=EXPECTS,
    ),
    case("expectation unknown", upload("Expect: b") + b"hello", refused(417), rule=EXPECTS),
    case("expectation among others", upload("Expect: 100-continue, b") + b"hello", refused(417)),
    case(
        "upgrade to HTTP/2",
        get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAAA"),
        ok(),
        rule=UPGRADES,
    ),
    case(
        "upgrade to websocket",
        get("/", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        ok(),
        rule=UPGRADES,
    ),
    case(
        "upgrade with a body",
        upload("Connection: Upgrade", "Upgrade: h2c") + b"hello",
        HELLO[1],
        rule=UPGRADES,
    ),
    case(
        "upgrade in HTTP/1.0",
        old("Connection: Upgrade", "Upgrade: h2c"),
        old_ok(kept=False),
        rule=UPGRADES,
    ),
    case("cut without a byte", (Step.CUT,), rule=CUTS),
    case("cut within the request line", (b"GET / HT", Step.CUT), refused(), rule=CUTS),
    case("cut within the head", (get()[:-2], Step.CUT), refused(), rule=CUTS),
    case("cut within the body", (upload() + b"he", Step.CUT), refused(), rule=CUTS),
    case(
        "cut within a chunk",
        (post("Transfer-Encoding: chunked") + b"5\r\nhe", Step.CUT),
        refused(),
        rule=CUTS,
    ),
    case("cut after a request", (get(), Step.CUT), ok(), rule=CUTS),
    case("cut after an upload", (upload(), b"hello", Step.CUT), HELLO[1], rule=CUTS),
)
