"""Keep-alive clients that never rest, and a tally of what became of each request."""

import contextlib
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.wire import SECONDS, body, reset, status

CLIENTS = 6
REQUESTS_PER_CONNECTION = 20
"""Then a client connects anew: connections of every age meet each signal."""

PLAIN = ("plain",)
MIXTURE = ("plain",) * 5 + ("sleep", "compute", "raise", "generate", "file", "abort")
"""Ways in which /mark answers; "abort" is a client that goes away as soon as it has asked."""


@dataclass
class Tally:
    """``answered`` requests have had their own answer; ``wrong`` says what others had.

    A request on a kept connection that was closed before a byte of its answer was sent again, as
    RFC 9110 section 9.2.2 lets clients do: ``repeated``. On a new connection that is a loss.
    """

    answered: int = 0
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)
    marks: list[bytes] = field(default_factory=list)
    aborted: list[bytes] = field(default_factory=list)


class Load:
    """Asks /mark of an address until ``finish``.

    ``ending`` says that the server goes away for good: who isn't answered then has no complaint.
    """

    def __init__(
        self,
        port: int,
        ways: Sequence[str] = PLAIN,
        clients: int = CLIENTS,
        host: str = "127.0.0.1",
    ) -> None:
        self.tally = Tally()
        self.ending = False
        self._address = (host, port)
        self._ways = ways
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._client, args=[number], daemon=True)
            for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def finish(self) -> Tally:
        """The tally, when the last answer is there."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(2 * SECONDS)
            assert not thread.is_alive(), "a client still waits"
        return self.tally

    def _client(self, number: int) -> None:
        count = 0
        chance = random.Random(number)
        kept: socket.socket | None = None
        while not self._stopped.is_set():
            mark = f"{number}-{count}".encode()
            way = chance.choice(self._ways)
            last = count % REQUESTS_PER_CONNECTION == 0
            try:
                if way == "abort":
                    self._abort(mark)
                else:
                    kept = self._ask(kept, mark, way, last=last)
            except OSError as problem:
                if not self.ending:
                    self._complain(f"{mark.decode()}: {problem}")
                return
            count += 1
        if kept:
            kept.close()

    def _abort(self, mark: bytes) -> None:
        with self._lock:
            self.tally.aborted.append(mark)
        with socket.create_connection(self._address, timeout=SECONDS) as connection:
            connection.sendall(_request(mark, "sleep", last=False))
            reset(connection)

    def _ask(
        self, kept: socket.socket | None, mark: bytes, way: str, *, last: bool
    ) -> socket.socket | None:
        """The connection for the next request. OSError where there is no answer to be had."""
        request = _request(mark, way, last=last)
        if kept:
            with contextlib.suppress(OSError):
                kept.sendall(request)
            answer = _answer(kept)
            if not answer:
                kept.close()
                kept = None
                with self._lock:
                    self.tally.repeated += 1
        if not kept:
            kept = socket.create_connection(self._address, timeout=SECONDS)
            kept.sendall(request)
            answer = _answer(kept)
        if not answer:
            raise ConnectionError("a new connection was closed without an answer")
        with self._lock:
            self.tally.marks.append(mark)
            if _is_right(answer, mark, way):
                self.tally.answered += 1
            else:
                self.tally.wrong.append(f"{mark.decode()}: {answer!r}")
        if b"\r\nconnection: close\r\n" in answer.lower():
            kept.close()
            return None
        return kept

    def _complain(self, words: str) -> None:
        with self._lock:
            self.tally.wrong.append(words)


def _request(mark: bytes, way: str, *, last: bool) -> bytes:
    wish = "Connection: close\r\n" if last else ""
    head = f"POST /mark?how={way} HTTP/1.1\r\nHost: a\r\n{wish}Content-Length: {len(mark)}\r\n\r\n"
    return head.encode() + mark


def _is_right(answer: bytes, mark: bytes, way: str) -> bool:
    if way == "raise":
        return status(answer) == 500
    return status(answer) == 200 and body(answer) == mark


def _answer(connection: socket.socket) -> bytes:
    """A whole answer, whatever came before the end, or nothing."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while not _whole(received) and (piece := connection.recv(1 << 16)):
            received += piece
    return received


def _whole(answer: bytes) -> bool:
    head, end, rest = answer.partition(b"\r\n\r\n")
    # Proxies write names in small letters.
    length = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
    return bool(end) and bool(length) and len(rest) >= int(length)


@contextlib.contextmanager
def load(
    port: int, ways: Sequence[str] = PLAIN, clients: int = CLIENTS, host: str = "127.0.0.1"
) -> Iterator[Load]:
    """Clients until the end of the block."""
    running = Load(port, ways, clients, host)
    try:
        yield running
    finally:
        running.finish()


def faults(tally: Tally, marks: Path) -> list[str]:
    """What must not be: wrong answers, and requests that were run twice or for nobody.

    ``marks`` is the file that the view wrote: a line for each request that was run.
    """
    run = Counter(marks.read_bytes().split())
    twice = [mark for mark, count in run.items() if count > 1]
    unheard = set(run) - set(tally.marks) - set(tally.aborted)
    return [
        *tally.wrong,
        *(f"{mark.decode()} was run twice" for mark in twice),
        *(f"{mark.decode()} was run, and nobody got the answer" for mark in sorted(unheard)),
    ]
