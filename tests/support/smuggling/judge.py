"""Sends an attack to a proxy, then visitors who have done nothing; what became of each request.

Each request asks for a page of its own, and the app answers with its name: whose answer came to
whom can be told. The app also writes down what it ran.
"""

import contextlib
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import count

from support.proxies import Proxy
from support.smuggling import h2
from support.smuggling.corpus import MARK, Attack

SILENCE = 0.15
"""Seconds after which a reader who says nothing is taken to wait for more.

On a busy machine an answer may be later than that. It is read all the same: the app has one worker,
which answers the visitors after it, and the attacker is listened to again when they have theirs.
"""

VISITORS = 2
_HEAD = re.compile(rb"HTTP/1\.[01] (?=[0-9]{3})")
_RAN = re.compile(rb"^ran (m[0-9]{%d})$" % (MARK - 1), re.MULTILINE)


class Outcome(Enum):
    """What a proxy and the app made of an attack, together."""

    REFUSED = "nothing of it was run"
    ONE = "one request, run and answered"
    TWO = "two requests, as pipelined, each answered or refused, in order"
    WRONG = "somebody had an answer that wasn't theirs, or something was run for nobody"


@dataclass(frozen=True)
class Verdict:
    """``found`` says what was wrong, in words."""

    family: str
    name: str
    outcome: Outcome
    found: str = ""


@dataclass(frozen=True)
class Sent:
    """What was seen of one attack: the marks in its answers, and in each visitor's.

    An answer that isn't the app's own, a refusal, is the empty mark.
    """

    family: str
    name: str
    outer: str
    inner: str
    answered: tuple[str, ...]
    visitors: tuple[tuple[str, tuple[str, ...]], ...]


def http_1(proxy: Proxy, attacks: Iterable[Attack], marks: Iterator[str]) -> Iterator[Sent]:
    """Each attack on a connection of its own, and visitors behind it."""
    for attack in attacks:
        outer, inner = next(marks), next(marks)
        with proxy.connect() as connection:
            received = _exchange(connection, attack.with_marks(outer, inner))
            visits = _visits(proxy, marks)
            received += _exchange(connection, b"")
        yield Sent(attack.family, attack.name, outer, inner, _answers(received), visits)


def http_2(proxy: Proxy, shapes: Iterable[h2.Shape], marks: Iterator[str]) -> Iterator[Sent]:
    """The same for HTTP/2."""
    for shape in shapes:
        outer, inner = next(marks), next(marks)
        with proxy.connect(proxy.h2_port) as connection:
            connection.settimeout(SILENCE)
            received = b""
            with contextlib.suppress(OSError):
                received = h2.answers(connection, shape.frames(outer, inner))
            visits = _visits(proxy, marks)
            received += _exchange(connection, b"")
        answered = tuple(each.decode() for each in _RAN.findall(received))
        yield Sent("HTTP/2", shape.name, outer, inner, answered, visits)


def all_marks() -> Iterator[str]:
    """Names of pages, each once."""
    return (f"m{number:0{MARK - 1}}" for number in count())


def judge(sent: Sent, was_run: Callable[[str], int]) -> Verdict:
    """``was_run`` says how often the app ran the request with a mark."""
    wrong = [
        f"a visitor who asked for {own} got {', '.join(got) or 'nothing'}"
        for own, got in sent.visitors
        if got != (own,)
    ]
    first = sent.answered[:1]
    rest = tuple(each for each in sent.answered[1:] if each)
    if first not in ((), ("",), (sent.outer,)) or rest not in ((), (sent.inner,)):
        wrong.append(f"the attacker got {', '.join(each or 'a refusal' for each in sent.answered)}")
    for what, mark in (("outer", sent.outer), ("inner", sent.inner)):
        if was_run(mark) > sent.answered.count(mark) and what == "inner":
            wrong.append("the inner request was run, and nobody got its answer")
        if was_run(mark) > 1:
            wrong.append(f"the {what} request was run twice")
    if wrong:
        return Verdict(sent.family, sent.name, Outcome.WRONG, "; ".join(wrong))
    one = Outcome.ONE if first == (sent.outer,) else Outcome.REFUSED
    return Verdict(sent.family, sent.name, Outcome.TWO if rest else one)


def _visits(proxy: Proxy, marks: Iterator[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    visits = []
    for _ in range(VISITORS):
        own = next(marks)
        request = f"GET /mark/{own} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        with proxy.connect() as connection:
            visits.append((own, _answers(_exchange(connection, request.encode(), patience=10))))
    return tuple(visits)


def _exchange(connection: socket.socket, sent: bytes, patience: float = SILENCE) -> bytes:
    """All that comes until the end, or until nobody says anything any more."""
    received = b""
    connection.settimeout(patience)
    with contextlib.suppress(TimeoutError, ConnectionError):
        connection.sendall(sent)
        while piece := connection.recv(1 << 16):
            received += piece
    return received


def _answers(received: bytes) -> tuple[str, ...]:
    """For each final response its mark, the name that stands alone in a line, else nothing."""
    found = []
    for part in _HEAD.split(received)[1:]:
        status, body = part[:3], part[3:]
        if not status.startswith(b"1"):
            mark = _RAN.search(body)
            found.append(mark[1].decode() if mark else "")
    return tuple(found)
