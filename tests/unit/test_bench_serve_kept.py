"""An interrupted run goes on: what is kept, in which order servers take turns."""

from pathlib import Path

import pytest

from benchmarks.serve import rounds
from benchmarks.serve.cases import App, Case
from benchmarks.serve.counts import Count
from benchmarks.serve.kept import Kept
from benchmarks.serve.measure import Sample
from benchmarks.serve.peers import Tools
from benchmarks.serve.rounds import Plan, told, turned
from benchmarks.serve.servers import Server
from scripts.toolchain.site import Site

NOWHERE = Path("/nowhere")
TOOLS = Tools(Site(NOWHERE, NOWHERE, {}), *[NOWHERE] * 5)
PLAN = Plan(
    cases=(Case("plain", 1), Case("hello", 64)),
    servers=("sync", "bjoern", "granian"),
    counted=("plain",),
    rounds=2,
    seconds=1,
    processes=2,
)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The measurements in their order; none really takes place."""
    order: list[str] = []

    def measure(
        _tools: Tools, server: Server, app: App, _case: Case, _count: int, _time: float
    ) -> Sample:
        order.append(f"{app.key} {server.key}")
        return Sample(rate=len(order), asked=1, failures={})

    def count(_tools: Tools, server: Server, app: str) -> Count:
        order.append(f"count {app} {server.key}")
        return Count(app, server.key, 1000.5, None, "system calls: no strace")

    monkeypatch.setattr(rounds, "measure", measure)
    monkeypatch.setattr(rounds, "count", count)
    return order


def run(kept: Kept) -> None:
    rounds.count_all(TOOLS, PLAN, kept)
    for number in range(1, PLAN.rounds + 1):
        rounds.take_round(TOOLS, PLAN, kept, number)


def test_in_each_round_and_case_another_server_begins(tmp_path: Path, measured: list[str]) -> None:
    run(Kept(tmp_path))
    assert measured == [
        *("count plain sync", "count plain bjoern", "count plain granian"),
        *("plain bjoern", "plain granian", "plain sync"),
        *("hello granian", "hello sync", "hello bjoern"),
        *("plain granian", "plain sync", "plain bjoern"),
        *("hello sync", "hello bjoern", "hello granian"),
    ]
    assert len(measured) == PLAN.size


def test_what_was_measured_is_not_measured_again(tmp_path: Path, measured: list[str]) -> None:
    run(Kept(tmp_path))
    with (tmp_path / "round-2.jsonl").open("r+b") as stream:
        stream.seek(-10, 2)
        stream.truncate()
    (tmp_path / "counts.jsonl").unlink()
    measured.clear()

    kept = Kept(tmp_path)
    assert len(kept) == 11
    run(kept)
    assert measured == [
        *("count plain sync", "count plain bjoern", "count plain granian"),
        "hello granian",
    ]
    again = Kept(tmp_path)
    assert (again.samples, again.counts) == (kept.samples, kept.counts)
    assert again.samples[1]["plain 1 keep", "bjoern"] == Sample(rate=4, asked=1, failures={})


def test_a_run_that_is_done_is_forgotten(tmp_path: Path, measured: list[str]) -> None:
    kept = Kept(tmp_path / "run")
    run(kept)
    kept.forget()
    assert measured
    assert list(tmp_path.iterdir()) == []


def test_turns() -> None:
    assert [turned("abc", by) for by in range(4)] == [
        *(["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"])
    ]


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (Sample(rate=12345.6, asked=1, failures={}), "12,346"),
        (Sample(rate=5, asked=1, failures={"reset": 1}), "5!"),
        (Sample(problem="it ended with 1"), "failed"),
    ],
)
def test_words_for_whoever_waits(sample: Sample, words: str) -> None:
    assert told(sample) == words
