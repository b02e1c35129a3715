"""Statistics of a noisy machine: medians, and the spread that they come from."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The median of some measurements, and the least and the greatest of them."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(statistics.median(values), min(values), max(values))


def ratios(ours: Sequence[float], others: Sequence[float]) -> Spread:
    """Of ours to theirs, round by round: what slows the machine down hits both of a round."""
    return spread([our / their for our, their in zip(ours, others, strict=True)])


def cell(spread: Spread | None) -> str:
    """Empty for None."""
    if spread is None:
        return ""
    if spread.low == spread.high:
        return figure(spread.median)
    return f"{figure(spread.median)} [{figure(spread.low)}, {figure(spread.high)}]"


def figure(value: float) -> str:
    """Three digits, as many as such a measurement is good for."""
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"
