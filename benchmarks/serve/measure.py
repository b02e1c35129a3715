"""One measurement: a server fresh from its start, under one load."""

import os
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.serve import client
from benchmarks.serve.cases import App, Case
from benchmarks.serve.client import Answers, Load
from benchmarks.serve.peers import Tools
from benchmarks.serve.processes import Usage, usage
from benchmarks.serve.running import NotServingError, serving
from benchmarks.serve.servers import Server

WARM_UP = 0.3
"""Seconds over a few connections: each process has imported what it needs, caches are filled."""

GRACE = 1.0
"""Seconds that what is outstanding in the end has to be answered."""

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Sample:
    """What one round found of one server in one case; ``problem``: why it found nothing.

    ``rate``: answers in a second, until the last one. Latencies in seconds, None where so many
    weren't answered. ``processor`` and ``client``: seconds of the processors for 1,000 requests.
    ``memory``: MB after the load, ``rested``: before it, ``growth``: KB more for 1,000 requests.
    ``asked``: how many requests there were, whatever became of them.
    """

    rate: float = 0
    p50: float | None = None
    p99: float | None = None
    processor: float | None = None
    client: float | None = None
    memory: float | None = None
    rested: float | None = None
    growth: float | None = None
    asked: int = 0
    unanswered: int = 0
    failures: dict[str, int] | None = None
    problem: str = ""

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def measure(
    tools: Tools, server: Server, app: App, case: Case, processes: int, seconds: float
) -> Sample:
    """Starts the server, warms it up, puts the load on it, and ends it."""
    on_first, on_second = apart() if case.apart else ((), ())
    try:
        with serving(
            tools,
            server,
            app,
            keep=case.keep,
            processes=1 if case.apart else processes,
            prefix=on_first,
        ) as running:
            few = Load(min(8, case.connections), case.keep, WARM_UP, GRACE)
            client.ask(tools.client, running.port, app, few)
            before = usage(running.session)
            load = Load(case.connections, case.keep, seconds, GRACE)
            answers = client.ask(tools.client, running.port, app, load, on_second)
            after = usage(running.session)
    except NotServingError as problem:
        return Sample(problem=str(problem))
    return sample(answers, before, after)


def apart() -> tuple[tuple[str, ...], ...]:
    """Commands that keep the one behind them on a core of its own: the server's, the client's."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    return tuple(("taskset", "--cpu-list", str(core)) for core in cores)


def sample(answers: Answers, before: Usage, after: Usage) -> Sample:
    """The figures of a load, from what the server used before and after it."""
    served = answers.answered + answers.late
    return Sample(
        rate=served / answers.seconds,
        p50=answers.p50,
        p99=answers.p99,
        processor=_per_thousand(after.processor - before.processor, served),
        client=_per_thousand(answers.processor, served),
        memory=after.memory / MEGABYTE,
        rested=before.memory / MEGABYTE,
        growth=_per_thousand((after.memory - before.memory) / 1000, served),
        asked=served + answers.unanswered + sum(answers.failures.values()),
        unanswered=answers.unanswered,
        failures=answers.failures,
    )


def _per_thousand(amount: float, requests: int) -> float | None:
    return amount / requests * 1000 if requests else None
