"""What was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.build.rows import FLASKPACK, ROWS, Aim, Row
from benchmarks.figures import Spread, ratios, spread

Samples = Mapping[str, Mapping[str, Sequence[float]]]
"""``{row: {contender: one value for each round, sizes just one}}``."""


@dataclass(frozen=True)
class AppResult:
    """One app: its samples, and the packages that not all sides installed."""

    app: str
    samples: Samples
    packages: int
    only: Mapping[str, Sequence[str]]

    @property
    def rows(self) -> tuple[Row, ...]:
        return ROWS[self.app]

    def spread(self, row: Row, contender: str) -> Spread | None:
        """None where that contender doesn't take part."""
        values = self.samples.get(row.key, {}).get(contender)
        return spread(values) if values else None

    def ratio(self, row: Row, contender: str) -> Spread | None:
        """Ours to that contender's; None where one of them doesn't take part."""
        of_row = self.samples.get(row.key, {})
        ours, others = of_row.get(FLASKPACK), of_row.get(contender)
        return ratios(ours, others) if ours and others else None

    def reached(self, row: Row, aim: Aim) -> bool | None:
        """Whether it is, in the median of the rounds; None where one side takes no part."""
        ours = self.samples.get(row.key, {}).get(FLASKPACK)
        theirs = self.samples.get(aim.of or row.key, {}).get(aim.against)
        if not ours or not theirs:
            return None
        return ratios([value - aim.plus for value in ours], theirs).median <= aim.times


@dataclass(frozen=True)
class Report:
    """A whole run. ``machine`` is ``{what: words}`` for people."""

    date: str
    command: str
    commit: str
    machine: Mapping[str, str]
    rounds: int
    apps: tuple[AppResult, ...]

    def document(self) -> dict[str, Any]:
        """For JSON, each single measurement included."""
        return asdict(self)
