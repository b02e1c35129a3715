"""What was measured, and what follows from it."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.figures import Spread, ratios, spread
from benchmarks.serve.cases import Case
from benchmarks.serve.counts import Count
from benchmarks.serve.measure import Sample
from benchmarks.serve.servers import OURS, OURS_ALONE

TOO_MANY = 0.01
"""The share of failed requests from which on a server isn't compared with."""


@dataclass(frozen=True)
class Best:
    """The best of the other servers in a case, and ours to it."""

    server: str
    ours: Spread


@dataclass(frozen=True)
class CaseResult:
    """A case, with the samples of each server, one for each round."""

    case: Case
    samples: Mapping[str, Sequence[Sample]]

    def spread(self, server: str, figure: str) -> Spread | None:
        """Of one of Sample's figures; None where no round has it."""
        values = [value for value in self._values(server, figure) if value is not None]
        return spread(values) if values else None

    def latency(self, server: str, figure: str) -> Spread | None:
        """In seconds, infinite where so many requests weren't answered; None without any."""
        asked = [sample for sample in self.samples.get(server, ()) if sample.asked]
        values = [getattr(sample, figure) for sample in asked]
        found = [math.inf if value is None else value for value in values]
        return Spread(statistics.median_high(found), min(found), max(found)) if found else None

    def ratio(self, server: str, figure: str, to: str) -> Spread | None:
        """Of that server's figure to the other's, from the rounds in which both have one."""
        both = [
            (ours, theirs)
            for ours, theirs in zip(
                self._values(server, figure), self._values(to, figure), strict=False
            )
            if ours and theirs
        ]
        return ratios(*map(list, zip(*both, strict=True))) if both else None

    def best(self, server: str, figure: str) -> Best | None:
        """``server`` is one of ours. Of "rate" the greatest is best, of all others the least."""
        others = {
            other: found.median if figure == "rate" else -found.median
            for other in self.samples
            if other not in (OURS, OURS_ALONE)
            and self.failed_share(other) < TOO_MANY
            and (found := self.spread(other, figure))
        }
        if not others:
            return None
        name = max(others, key=others.__getitem__)
        found = self.ratio(server, figure, name)
        return Best(name, found) if found else None

    def failed_share(self, server: str) -> float:
        """1 where it never ran."""
        asked = sum(sample.asked for sample in self.samples[server])
        return self._failed(server) / asked if asked else 1

    def troubles(self, server: str) -> str:
        """Words for all that went wrong in all rounds; empty where nothing did."""
        return "; ".join(self._troubles(server))

    def _troubles(self, server: str) -> Iterator[str]:
        samples = self.samples.get(server, ())
        yield from dict.fromkeys(sample.problem for sample in samples if sample.problem)
        counts: dict[str, int] = {}
        for sample in samples:
            for kind, number in (sample.failures or {}).items():
                counts[kind] = counts.get(kind, 0) + number
        yield from (f"{number:,} {WORDS[kind]}" for kind, number in counts.items())
        if unanswered := sum(sample.unanswered for sample in samples):
            yield f"{unanswered:,} of {sum(sample.asked for sample in samples):,} unanswered"

    def _failed(self, server: str) -> int:
        return sum(sum((sample.failures or {}).values()) for sample in self.samples[server])

    def _values(self, server: str, figure: str) -> list[float | None]:
        return [
            getattr(sample, figure) if sample.asked else None
            for sample in self.samples.get(server, ())
        ]


WORDS = {
    "status": "answered with an error",
    "wrong": "answered wrongly",
    "reset": "reset",
    "closed": "closed without an answer",
    "refused": "refused",
}


@dataclass(frozen=True)
class Report:
    """A whole run. ``machine`` is ``{what: words}`` for people; servers by their keys."""

    date: str
    command: str
    commit: str
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    rounds: int
    seconds: float
    processes: int
    servers: tuple[str, ...]
    cases: tuple[CaseResult, ...]
    counts: tuple[Count, ...]

    def document(self) -> dict[str, Any]:
        """For JSON, each single measurement included."""
        return asdict(self)

    def of_app(self, app: str) -> tuple[CaseResult, ...]:
        return tuple(result for result in self.cases if result.case.app == app)
