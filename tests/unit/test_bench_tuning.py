"""The measurement behind the default of THREADS: what it concludes, and its report."""

from xml.dom import minidom

import pytest

from benchmarks.figures import Spread
from benchmarks.serve.cases import Case
from benchmarks.serve.measure import Sample
from benchmarks.tuning import plot, text
from benchmarks.tuning.__main__ import default, parse
from benchmarks.tuning.grid import CASES, SERVERS, THREADS
from benchmarks.tuning.preload import SERVERS as SHARING
from benchmarks.tuning.preload import Preload
from benchmarks.tuning.results import CaseResult, Report
from benchmarks.tuning.start import FILES, Start


def sampled(*rates: float) -> list[Sample]:
    return [Sample(rate=rate, memory=80.0, asked=100) for rate in rates]


def case(app: str = "hello", **rates: tuple[float, ...]) -> CaseResult:
    """Rates in each round by server; one that isn't named has 10 of each."""
    named = {name.replace("_", "-"): sampled(*each) for name, each in rates.items()}
    rounds = len(next(iter(rates.values())))
    others = {key: sampled(*[10] * rounds) for key in SERVERS}
    return CaseResult(Case(app, 64), {**others, **named})


def report(*cases: CaseResult) -> Report:
    one = Spread(1.0, 1.0, 1.0)
    return Report(
        date="2026-01-02",
        command="scripts/bench tuning",
        commit="abc1234",
        machine={"processor": "2 cores"},
        versions={"Python": "3.11.2"},
        rounds=2,
        seconds=3,
        processes=4,
        default="engine-32",
        cases=cases,
        starts={name: Start(Spread(20, 19, 22), Spread(200, 190, 210)) for name in FILES},
        preloads=(Preload("an app", {server.title: one for server in SHARING}),),
    )


def test_nearness_is_of_rates_within_each_round() -> None:
    found = case(engine_16=(100, 50), engine_32=(90, 50))
    assert found.best() == "engine-16"
    assert found.nearness("engine-32") == Spread(0.95, 0.9, 1.0)
    assert found.nearness("engine-16") == Spread(1.0, 1.0, 1.0)


def test_without_a_rate_there_is_no_nearness() -> None:
    found = CaseResult(Case("hello", 64), {"sync": sampled(0)})
    assert found.nearness("sync") is None


def test_what_failed_is_counted() -> None:
    samples = [Sample(asked=9, unanswered=2, failures={"reset": 1}), Sample(asked=9)]
    assert CaseResult(Case("hello", 64), {"sync": samples}).failed("sync") == 3


def test_as_few_threads_as_come_near_in_every_case() -> None:
    hello = case(engine_1=(100,), engine_4=(99,), engine_16=(95,), engine_32=(92,))
    wait = case("wait", engine_64=(100,), engine_32=(97,), engine_16=(91,), engine_4=(20,))
    assert report(hello, wait).suggested() == "engine-16"
    assert report(hello, wait).worst("engine-4") == 0.2


def test_where_none_comes_near_the_one_that_is_least_far() -> None:
    hello = case(engine_1=(100,), engine_32=(70,), engine_64=(60,))
    wait = case("wait", engine_64=(100,), engine_32=(80,))
    assert report(hello, wait).suggested() == "engine-32"


def test_what_an_image_runs_is_measured() -> None:
    assert default() in SERVERS


def test_the_report() -> None:
    made = report(case(engine_32=(100, 90), gthread_64=(50, 45)))
    said = text.render(made, "picture.svg")
    assert "| **engine, 32 threads** | 1.00 | 1.00 |" in said
    assert "| gthread, 64 threads | 0.50 | 0.50 |" in said
    assert "An image runs engine, 32 threads; these figures speak for engine, 32 threads." in said
    assert "| **engine, 32 threads** | 95.0 [90.0, 100] | 1.00 | 80.0 |  |" in said
    assert "| difference of the medians | 0.0 | 0.0 |" in said
    assert "| an app | 1.00 | 1.00 | 1.00 |" in said
    document = minidom.parseString(plot.draw(made))
    bars = [each for each in document.getElementsByTagName("rect") if each.getAttribute("width")]
    assert len(bars) == len(SERVERS) + len(plot.KINDS)


def test_the_default_is_among_the_servers() -> None:
    assert default() in SERVERS
    assert {f"{name}-{number}" for name in ("engine", "gthread") for number in THREADS} < {*SERVERS}
    assert {each.app for each in CASES} == {"hello", "wait", "work", "mixed"}


@pytest.mark.parametrize("options", [["--rounds", "0"], ["--seconds", "0"]])
def test_nothing_is_no_measurement(options: list[str]) -> None:
    with pytest.raises(SystemExit):
        parse(options)


def test_short() -> None:
    asked = parse(["--short"])
    assert (asked.rounds, asked.seconds) == (1, 0.5)
