"""Medians, spreads and ratios."""

from benchmarks.build.figures import Spread, ratios, spread


def test_the_median_is_no_mean() -> None:
    assert spread([3.0, 100.0, 2.0]) == Spread(3.0, 2.0, 100.0)


def test_between_two_values_it_is_their_mean() -> None:
    assert spread([4.0, 2.0]) == Spread(3.0, 2.0, 4.0)


def test_ratios_are_taken_round_by_round() -> None:
    # The second round ran on a slow machine; the ratio of the medians would be 6 / 4.
    assert ratios([1.0, 20.0, 6.0], [2.0, 40.0, 4.0]) == Spread(0.5, 0.5, 1.5)
