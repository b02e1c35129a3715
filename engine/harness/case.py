"""What one raw-socket case is."""

from dataclasses import dataclass
from enum import Enum

from harness.answers import Answer


class Step(Enum):
    """What a client does besides sending."""

    AWAIT = "waits for an answer to begin"
    CUT = "sends no more, and says so"


@dataclass(frozen=True)
class Case:
    """One connection: the pieces that are sent, each read before the next, and the answers.

    ``rule`` names what asks for these answers. The last answer says whether the connection is
    kept; none at all means that it is closed without a word.
    """

    name: str
    sent: tuple[bytes | Step, ...]
    answers: tuple[Answer, ...]
    rule: str = ""


def case(
    name: str,
    sent: bytes | tuple[bytes | Step, ...],
    *answers: Answer,
    rule: str = "",
) -> Case:
    """A case, with a single piece spelled as such."""
    return Case(name, sent if isinstance(sent, tuple) else (sent,), answers, rule)


def get(target: str = "/", *fields: str) -> bytes:
    """A GET of host a."""
    return request("GET", target, *fields)


def post(*fields: str, body: bytes = b"") -> bytes:
    """A POST to / of host a; nothing says how long the body is but ``fields``."""
    return request("POST", "/", *fields) + body


def request(method: str, target: str, *fields: str, version: str = "HTTP/1.1") -> bytes:
    """The head of a request of host a."""
    lines = [f"{method} {target} {version}", "Host: a", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def chunked(body: bytes, *fields: str) -> bytes:
    """A chunked POST to / of host a, with its body as it is sent."""
    return post("Transfer-Encoding: chunked", *fields, body=body)
