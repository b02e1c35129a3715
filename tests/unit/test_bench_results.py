"""Which aims are reached."""

import pytest

from benchmarks.build.results import AppResult
from benchmarks.build.rows import FLOOR, PIP, ROWS, UV, Aim, Row
from benchmarks.figures import Spread

FIRST, CODE = ROWS["hello"][:2]


def result(row: str, **samples: list[float]) -> AppResult:
    return AppResult("hello", {row: samples}, 9, {})


@pytest.mark.parametrize(
    ("ours", "reached"), [([1.0, 9.0, 1.0], True), ([1.1, 1.1, 0.1], False), ([1.0], True)]
)
def test_the_median_ratio_decides(ours: list[float], reached: bool) -> None:
    theirs = [2.0] * len(ours)
    half = Aim(PIP, 0.5)
    assert result("first", flaskpack=ours, pip=theirs).reached(FIRST, half) is reached


def test_an_aim_may_allow_some_seconds_more() -> None:
    more = Aim(FLOOR, plus=0.3)
    assert result("code", flaskpack=[1.79], floor=[1.5]).reached(CODE, more) is True
    assert result("code", flaskpack=[1.81], floor=[1.5]).reached(CODE, more) is False


def test_an_aim_may_be_against_another_row() -> None:
    changed = Row("changed", "One changed", "s")
    samples = {"changed": {"flaskpack": [3.4]}, "code": {"floor": [1.5], "flaskpack": [1.0]}}
    measured = AppResult("three-hundred", samples, 300, {})
    assert measured.reached(changed, Aim(FLOOR, plus=2, of="code")) is True
    assert measured.reached(changed, Aim(FLOOR, plus=1.8, of="code")) is False


def test_who_takes_no_part_has_no_figure_and_no_aim_is_against_it() -> None:
    first = result("first", flaskpack=[3.0], pip=[2.0])
    assert first.spread(FIRST, FLOOR) is None
    assert first.ratio(FIRST, FLOOR) is None
    assert first.reached(FIRST, Aim(UV)) is None
    assert first.reached(CODE, Aim(PIP)) is None
    assert first.spread(FIRST, "flaskpack") == Spread(3.0, 3.0, 3.0)
    assert first.ratio(FIRST, PIP) == Spread(1.5, 1.5, 1.5)


@pytest.mark.parametrize(
    ("aim", "words"),
    [
        (Aim(UV), "(c)"),
        (Aim(PIP, 0.5), "0.5 of (b)"),
        (Aim(FLOOR, plus=0.3), "(a) + 0.3 s"),
        (Aim(FLOOR, plus=2, of="code"), "(a)'s code-only rebuild + 2 s"),
    ],
)
def test_aims_in_words(aim: Aim, words: str) -> None:
    assert aim.words() == words
