"""What was measured, and how near each comes to the best."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.figures import Spread, ratios, spread
from benchmarks.serve.cases import Case
from benchmarks.serve.measure import Sample
from benchmarks.tuning.grid import APPS, CLASSES, THREADS
from benchmarks.tuning.preload import Preload
from benchmarks.tuning.start import Start

AIM = 0.9
"""A default is near enough to the best from there on."""


@dataclass(frozen=True)
class CaseResult:
    """A case, with the samples of each server, one for each round."""

    case: Case
    samples: Mapping[str, Sequence[Sample]]

    @property
    def title(self) -> str:
        return f"{APPS[self.case.app].title}; {self.case.connections} connections"

    def rate(self, server: str) -> Spread:
        """Requests in a second."""
        return spread([sample.rate for sample in self.samples[server]])

    def best(self) -> str:
        """The server with the greatest rate."""
        return max(self.samples, key=lambda server: self.rate(server).median)

    def nearness(self, server: str) -> Spread | None:
        """Its rate to that of the best, round by round; None where that one never answered."""
        theirs = [sample.rate for sample in self.samples[self.best()]]
        if not all(theirs):
            return None
        return ratios([sample.rate for sample in self.samples[server]], theirs)

    def memory(self, server: str) -> Spread | None:
        """MB of all processes after the load."""
        known = [sample.memory for sample in self.samples[server] if sample.memory]
        return spread(known) if known else None

    def failed(self, server: str) -> int:
        """Requests that weren't answered as they should."""
        counts = (sample.failures or {} for sample in self.samples[server])
        unanswered = sum(sample.unanswered for sample in self.samples[server])
        return unanswered + sum(sum(each.values()) for each in counts)


@dataclass(frozen=True)
class Report:
    """A whole run. ``machine`` is ``{what: words}`` for people; ``default`` is what an image runs
    without being told, one of the servers."""

    date: str
    command: str
    commit: str
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    rounds: int
    seconds: float
    processes: int
    default: str
    cases: tuple[CaseResult, ...]
    starts: Mapping[str, Start]
    preloads: tuple[Preload, ...]

    def document(self) -> dict[str, Any]:
        """For JSON, each single measurement included."""
        return asdict(self)

    def worst(self, server: str) -> float:
        """The nearness where it is furthest from the best; by it the default is chosen."""
        found = [result.nearness(server) for result in self.cases]
        return min((each.median for each in found if each), default=0.0)

    def suggested(self) -> str:
        """With as few threads as any of the engine's that comes within AIM in every case, else
        the one that is nearest where it is furthest."""
        engine, *_ = CLASSES
        ours = [name for name in (f"{engine}-{number}" for number in THREADS) if self._has(name)]
        near = [name for name in ours if self.worst(name) >= AIM]
        return near[0] if near else max(ours, key=self.worst)

    def _has(self, server: str) -> bool:
        return all(server in result.samples for result in self.cases)
