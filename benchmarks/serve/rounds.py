"""The measurement itself: in each round, for each case, every server in turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.serve.cases import APPS, Case
from benchmarks.serve.counts import count
from benchmarks.serve.kept import Kept
from benchmarks.serve.measure import Sample, measure
from benchmarks.serve.peers import Tools
from benchmarks.serve.servers import SERVERS
from scripts.toolchain import say

Each = TypeVar("Each")


@dataclass(frozen=True)
class Plan:
    """What is to be measured: ``servers`` by key, ``counted`` the apps whose requests are
    counted; ``seconds`` for each measurement, ``processes`` of each server."""

    cases: tuple[Case, ...]
    servers: tuple[str, ...]
    counted: tuple[str, ...]
    rounds: int
    seconds: float
    processes: int

    @property
    def size(self) -> int:
        """How many measurements that are."""
        return len(self.servers) * (len(self.cases) * self.rounds + len(self.counted))


def count_all(tools: Tools, plan: Plan, kept: Kept) -> None:
    """Counts what isn't kept yet."""
    for app in plan.counted:
        for server in plan.servers:
            if (app, server) not in kept.counts:
                kept.add_count(count(tools, SERVERS[server], app))
        say.line(f"{app}: instructions and system calls are counted ({say.elapsed()})")


def take_round(tools: Tools, plan: Plan, kept: Kept, number: int) -> None:
    """Measures what isn't kept yet."""
    for place, case in enumerate(plan.cases):
        take_turns(tools, plan, kept, number, case, turned(plan.servers, number + place))


def take_turns(
    tools: Tools, plan: Plan, kept: Kept, number: int, case: Case, servers: Sequence[str]
) -> None:
    of_round = kept.samples.get(number, {})
    missing = [server for server in servers if (case.key, server) not in of_round]
    for server in missing:
        app = APPS[case.app]
        sample = measure(tools, SERVERS[server], app, case, plan.processes, plan.seconds)
        kept.add(number, case.key, server, sample)
    if missing:
        found = kept.samples[number]
        rates = ", ".join(
            f"{server} {told(found[case.key, server])}"
            for server in plan.servers
            if (case.key, server) in found
        )
        say.line(f"round {number} of {plan.rounds}, {case.key}: {rates} ({say.elapsed()})")


def told(sample: Sample) -> str:
    """The rate, for whoever waits; a mark where something went wrong."""
    if sample.problem:
        return "failed"
    return f"{sample.rate:,.0f}" + "!" * bool(sample.failures)


def turned(those: Sequence[Each], by: int) -> list[Each]:
    """The same, beginning elsewhere: nobody is always first."""
    by %= len(those)
    return [*those[by:], *those[:by]]
