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
