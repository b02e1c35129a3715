"""What follows from samples: spreads, ratios, the best of the others, troubles."""

import math
from dataclasses import replace

import pytest

from benchmarks.figures import Spread
from benchmarks.serve.cases import Case
from benchmarks.serve.client import Answers, parse
from benchmarks.serve.measure import Sample, sample
from benchmarks.serve.processes import Usage
from benchmarks.serve.results import Best, CaseResult
from benchmarks.serve.servers import OURS, OURS_ALONE, SYNC

ONE = Sample(rate=100, p50=0.01, p99=0.02, processor=0.5, asked=200, failures={})


def result(**samples: list[Sample]) -> CaseResult:
    names = {"ours": OURS, "alone": OURS_ALONE, "sync": SYNC}
    return CaseResult(Case("hello", 64), {names.get(key, key): of for key, of in samples.items()})


def rates(*values: float) -> list[Sample]:
    return [replace(ONE, rate=value) for value in values]


FAILED = Sample(problem="it ended with 1: no such module")


def test_a_ratio_is_taken_round_by_round_where_both_have_one() -> None:
    both = result(ours=[*rates(20, 60), FAILED], sync=rates(10, 20, 30))
    assert both.ratio(OURS, "rate", SYNC) == Spread(2.5, 2, 3)
    assert result(ours=[FAILED], sync=rates(10)).ratio(OURS, "rate", SYNC) is None
    assert result(ours=rates(1)).ratio(OURS, "rate", SYNC) is None


def test_what_was_not_answered_is_longer_than_all_else() -> None:
    slow = result(ours=[ONE, replace(ONE, p99=None), replace(ONE, p99=None)])
    assert slow.latency(OURS, "p50") == Spread(0.01, 0.01, 0.01)
    assert slow.latency(OURS, "p99") == Spread(math.inf, 0.02, math.inf)
    assert result(ours=[FAILED]).latency(OURS, "p99") is None


def test_of_two_rounds_one_of_which_was_not_answered_the_median_was_not() -> None:
    assert result(ours=[ONE, replace(ONE, p50=None)]).latency(OURS, "p50") == Spread(
        math.inf, 0.01, math.inf
    )


def test_the_best_is_the_greatest_rate_and_the_least_of_the_rest() -> None:
    cheap = [replace(ONE, rate=10, processor=0.1)]
    found = result(ours=rates(200), alone=rates(900), bjoern=rates(100), gevent=cheap)
    assert found.best(OURS, "rate") == Best("bjoern", Spread(2, 2, 2))
    assert found.best(OURS, "processor") == Best("gevent", Spread(5, 5, 5))


def test_who_fails_is_not_compared_with() -> None:
    failing = [replace(ONE, rate=500, failures={"closed": 3})]
    bearable = [replace(ONE, rate=400, failures={"closed": 1})]
    found = result(ours=rates(200), uwsgi=failing, bjoern=bearable, gevent=[FAILED])
    assert found.best(OURS, "rate") == Best("bjoern", Spread(0.5, 0.5, 0.5))
    assert result(ours=rates(1), uwsgi=failing).best(OURS, "rate") is None
    assert result(ours=[FAILED], bjoern=rates(1)).best(OURS, "rate") is None


def test_troubles_of_all_rounds_are_told_together() -> None:
    samples = [
        FAILED,
        replace(ONE, failures={"closed": 2, "status": 1}, unanswered=3),
        replace(ONE, failures={"closed": 1}),
        FAILED,
    ]
    assert result(ours=samples).troubles(OURS) == (
        "it ended with 1: no such module; 3 closed without an answer; 1 answered with an error; "
        "3 of 400 unanswered"
    )
    assert result(ours=[ONE]).troubles(OURS) == ""


ANSWERS = b"""{"seconds": 2.0, "p50": 0.001, "p99": null, "longest": null, "answered": 400,
"late": 100, "unanswered": 5, "status": 0, "wrong": 2, "reset": 0, "closed": 0, "refused": 1,
"processor": 0.25}"""


def test_a_sample_is_made_of_answers_and_of_what_the_server_used_meanwhile() -> None:
    answers = parse(ANSWERS)
    assert answers == Answers(2.0, 400, 100, 5, {"wrong": 2, "refused": 1}, 0.001, None, None, 0.25)
    assert sample(answers, Usage(1.5, 10_000_000), Usage(2.5, 12_000_000)) == Sample(
        rate=250,
        p50=0.001,
        p99=None,
        processor=2.0,
        client=0.5,
        memory=12,
        rested=10,
        growth=4000,
        asked=508,
        unanswered=5,
        failures={"wrong": 2, "refused": 1},
    )


@pytest.mark.parametrize("figure", ["processor", "client", "growth"])
def test_nothing_is_divided_by_no_answers(figure: str) -> None:
    nothing = replace(parse(ANSWERS), answered=0, late=0)
    assert getattr(sample(nothing, Usage(1, 1), Usage(2, 2)), figure) is None
