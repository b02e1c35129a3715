"""Requests for every view of tests/apps/engine_app: each way in which an application answers."""

from harness.case import chunked, get, post

_LARGE = b"b" * 600_000
_KINDS = {
    "header": (
        *("newline", "cr", "nul", "wide", "wide-name", "colon-name", "blank-name", "empty-name"),
        *("number", "bytes", "list", "triple", "latin", "twice", "close", "chunked", "keep"),
        "server",
    ),
    "bad-status": ("newline", "sign", "interim", "word", "empty", "wide", "bytes"),
}
_PATHS = (
    *("/hello", "/environ", "/missing", "/pid", "/stream?n=5", "/stream?n=500000"),
    *("/empty-pieces", "/breaks-off", "/raises", "/exits", "/no-start", "/returns-none"),
    *("/returns-text", "/too-long", "/too-short", "/no-content", "/not-modified", "/bad-length"),
    *("/length?is=5", "/length?is=abc", "/replaces", "/starts-twice", "/late-start", "/counted"),
    *("/counted-break", "/without-close", "/large?n=9000000", "/file?n=5", "/file?at=9"),
    *("/file?n=300000", "/shrinking-file", "/piped-file", "/memory-file", "/only-reads"),
    *("/compressed-file", "/same-port", "/interned", "/caller", "/keeps-environ"),
    *("/headers?n=300", "/unreadable-file"),
    *(f"/{view}?kind={kind}" for view, kinds in _KINDS.items() for kind in kinds),
)


def requests() -> list[bytes]:
    """Each of them ends with its connection, or leaves what is behind it unanswered."""
    asked = [_variants(path) for path in _PATHS]
    return [request for variants in asked for request in variants] + _uploads()


def _variants(path: str) -> list[bytes]:
    whole = get(path, "Connection: close")
    return [
        whole,
        whole.replace(b"GET ", b"HEAD ", 1),
        whole.replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", 1),
        get("/hello") + get(path) + get("/hello", "Connection: close"),
    ]


def _uploads() -> list[bytes]:
    bodies = [b"hello", _LARGE]
    return [
        made.replace(b"POST / ", b"POST %b " % path, 1)
        for path in (b"/echo", b"/count", b"/unread", b"/keeps-environ")
        for body in bodies
        for made in (
            post(f"Content-Length: {len(body)}", "Connection: close", body=body),
            chunked(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body), "Connection: close"),
        )
    ]
