"""Answers as facts, and as the exact bytes that our engine sends."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus


@dataclass(frozen=True)
class Seen:
    """What the echo app was given: the environ's strings, and the body in Latin-1."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    version: str = "HTTP/1.1"
    host: str | None = "a"
    body: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> bytes:
        """The body of the echo app's answer."""
        return json.dumps(asdict(self), sort_keys=True).encode()


@dataclass(frozen=True)
class Answer:
    """``seen`` is None where the answer isn't the echo app's.

    ``bare`` says that no body follows, whatever the head says. A refusal closes.
    """

    status: int = 200
    seen: Seen | None = None
    kept: bool = True
    bare: bool = False

    def document(self) -> bytes:
        """The bytes that our engine sends, with the date's value left out."""
        if self.status == 100:
            return b"HTTP/1.1 100 Continue\r\n\r\n"
        if self.status >= 400:
            return _refusal(self.status, bare=self.bare)
        return self._head() + (b"" if self.bare or not self.seen else self.seen.document())

    def _head(self) -> bytes:
        version = self.seen.version if self.seen else "HTTP/1.1"
        lines = [f"{version} {self.status} {_phrase(self.status)}", "Server: meinheld/1.0.2"]
        lines.append("Date: *")
        if self.seen:
            lines += ["Content-Type: text/plain", f"Content-Length: {len(self.seen.document())}"]
        lines.append(f"Connection: {'Keep-Alive' if self.kept else 'close'}")
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


CONTINUE = Answer(100)


def ok(
    method: str = "GET",
    path: str = "/",
    *,
    query: str = "",
    version: str = "HTTP/1.1",
    host: str | None = "a",
    body: str = "",
    kept: bool = True,
    **fields: str,
) -> Answer:
    """The echo app's answer; other keywords are header fields: ``x_a`` is HTTP_X_A."""
    named = {f"HTTP_{name.upper()}": value for name, value in fields.items()}
    seen = Seen(method, path, query, version, host, body, named)
    return Answer(200, seen, kept, bare=method == "HEAD")


def refused(status: int = 400, *, bare: bool = False) -> Answer:
    """Our refusal, after which the connection is closed."""
    return Answer(status, kept=False, bare=bare)


def _refusal(status: int, *, bare: bool) -> bytes:
    phrase = _phrase(status)
    told = f"{phrase}: HTTP/1.0 and HTTP/1.1 are" if status == 505 else phrase
    page = f"<html><head><title>{phrase}</title></head><body><p>{told}.</p></body></html>"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nServer: meinheld/1.0.2\r\nDate: *\r\n"
        f"Content-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
    )
    return (head + ("" if bare else page)).encode()


def _phrase(status: int) -> str:
    # RFC 9110 has other names for these, which http.HTTPStatus took over in Python 3.13.
    return {413: "Content Too Large", 414: "URI Too Long"}.get(status, HTTPStatus(status).phrase)
