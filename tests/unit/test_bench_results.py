"""Which aims are reached."""

import pytest

from benchmarks.build.figures import Spread
from benchmarks.build.results import ROWS, AppResult

FIRST, CODE, REQUIREMENT, _, SIZE, _ = ROWS


def result(row: str, **samples: list[float]) -> AppResult:
    return AppResult("hello", {row: samples}, 9, {})


@pytest.mark.parametrize(
    ("ours", "reached"), [([1.0, 9.0, 1.0], True), ([1.1, 1.1, 0.1], False), ([1.0], True)]
)
def test_the_median_ratio_decides(ours: list[float], reached: bool) -> None:
    theirs = [2.0] * len(ours)
    assert result("first", flaskpack=ours, dockerfile=theirs).reached(FIRST) is reached


def test_each_aim_is_against_its_own_contender() -> None:
    code = result("code", flaskpack=[1.2], floor=[1.0], dockerfile=[0.6])
    assert code.reached(CODE) is True
    assert code.ratio(CODE, "dockerfile") == Spread(2.0, 2.0, 2.0)
    assert result("size", flaskpack=[61.0], dockerfile=[100.0]).reached(SIZE) is False


def test_what_has_no_aim_is_not_reached_or_missed() -> None:
    one_more = result("requirement", flaskpack=[1.0], dockerfile=[2.0])
    assert one_more.reached(REQUIREMENT) is None
    assert one_more.reached(FIRST) is None


def test_who_takes_no_part_has_no_figure() -> None:
    first = result("first", flaskpack=[3.0], dockerfile=[2.0])
    assert first.spread(FIRST, "floor") is None
    assert first.ratio(FIRST, "floor") is None
    assert first.spread(FIRST, "flaskpack") == Spread(3.0, 3.0, 3.0)
