"""Runs client.c, and says what became of the requests."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serve.cases import App

FAILURES = ("status", "wrong", "reset", "closed", "refused")
"""What the client counts: an answer that isn't 2xx, one with another body or that can't be read, a
connection that is reset or closed before the whole answer, or not to be had."""


@dataclass(frozen=True)
class Load:
    """A closed loop of so many connections: ``seconds`` of asking, ``grace`` of waiting."""

    connections: int
    keep: bool
    seconds: float
    grace: float


@dataclass(frozen=True)
class Answers:
    """Latencies in seconds, None where the request was still unanswered in the end.

    ``seconds`` went by until the last answer, or until the grace was over.
    ``answered`` are those in time, ``late`` those in the grace; ``failures`` has only counts that
    aren't 0; ``processor`` are the client's own seconds.
    """

    seconds: float
    answered: int
    late: int
    unanswered: int
    failures: dict[str, int]
    p50: float | None
    p99: float | None
    longest: float | None
    processor: float


def ask(client: Path, port: int, app: App, load: Load, prefix: Sequence[str] = ()) -> Answers:
    """Puts the load on a server; ``prefix`` is a command that execs the client."""
    loop = [str(load.connections), "keep" if load.keep else "close"]
    limits = [str(load.seconds), str(load.grace), str(app.length)]
    done = subprocess.run(
        [*prefix, client, str(port), *loop, *limits],
        input=app.request(load.keep),
        stdout=subprocess.PIPE,
        check=True,
    )
    return parse(done.stdout)


def parse(printed: bytes) -> Answers:
    """What the client prints."""
    told = json.loads(printed)
    failures = {name: told.pop(name) for name in FAILURES}
    return Answers(**told, failures={name: count for name, count in failures.items() if count})
