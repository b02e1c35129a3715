"""What is measured, and what was."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.build.figures import Spread, ratios, spread

FLASKPACK, FLOOR, DOCKERFILE = "flaskpack", "floor", "dockerfile"

TITLES = {
    FLASKPACK: "Flaskpack",
    FLOOR: "(a) layers declared again",
    DOCKERFILE: "(b) Dockerfile",
}
"""The contenders, in the order in which each round goes through them."""


@dataclass(frozen=True)
class Aim:
    """At most ``limit`` times what the contender ``against`` takes."""

    against: str
    limit: float


@dataclass(frozen=True)
class Row:
    """One thing that is measured, in seconds ("s") or in millions of bytes ("MB")."""

    key: str
    title: str
    unit: str
    aim: Aim | None = None


ROWS = (
    Row("first", "First build", "s", Aim(DOCKERFILE, 0.5)),
    Row("code", "Code-only rebuild", "s", Aim(FLOOR, 1.2)),
    Row("requirement", "Rebuild with one more requirement", "s"),
    Row("start", "Start to first answer", "s"),
    Row("size", "Image", "MB", Aim(DOCKERFILE, 0.6)),
    Row("own", "Image without its base, compressed", "MB"),
)

Samples = Mapping[str, Mapping[str, Sequence[float]]]
"""``{row: {contender: one value for each round, sizes just one}}``."""


@dataclass(frozen=True)
class AppResult:
    """One app: its samples, and the packages that only one side installed."""

    app: str
    samples: Samples
    packages: int
    only: Mapping[str, Sequence[str]]

    def spread(self, row: Row, contender: str) -> Spread | None:
        """None where that contender doesn't take part."""
        values = self.samples.get(row.key, {}).get(contender)
        return spread(values) if values else None

    def ratio(self, row: Row, contender: str) -> Spread | None:
        """Ours to that contender's; None where one of them doesn't take part."""
        of_row = self.samples.get(row.key, {})
        ours, others = of_row.get(FLASKPACK), of_row.get(contender)
        return ratios(ours, others) if ours and others else None

    def reached(self, row: Row) -> bool | None:
        """Whether the aim is; None where there is none."""
        ratio = self.ratio(row, row.aim.against) if row.aim else None
        return None if row.aim is None or ratio is None else ratio.median <= row.aim.limit


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
