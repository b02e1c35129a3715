"""Medians, spreads and ratios."""

from benchmarks.figures import Spread, figure, ratios, spread


def test_the_median_is_no_mean() -> None:
    assert spread([3.0, 100.0, 2.0]) == Spread(3.0, 2.0, 100.0)


def test_between_two_values_it_is_their_mean() -> None:
    assert spread([4.0, 2.0]) == Spread(3.0, 2.0, 4.0)


def test_ratios_are_taken_round_by_round() -> None:
    # The second round ran on a slow machine; the ratio of the medians would be 6 / 4.
    assert ratios([1.0, 20.0, 6.0], [2.0, 40.0, 4.0]) == Spread(0.5, 0.5, 1.5)


def test_three_digits() -> None:
    figures = (0.046, 9.994, 9.995, 99.94, 99.95, 428.4)
    assert [figure(value) for value in figures] == [
        "0.05",
        "9.99",
        "10.0",
        "99.9",
        "100",
        "428",
    ]
