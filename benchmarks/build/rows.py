"""What is measured: who takes part, which rows each app has, and what each is to reach."""

from collections.abc import Mapping
from dataclasses import dataclass

FLASKPACK, FLOOR, PIP, UV = "flaskpack", "floor", "pip", "uv"

TITLES = {
    FLASKPACK: "Flaskpack",
    FLOOR: "(a) pack's floor",
    PIP: "(b) Dockerfile, pip",
    UV: "(c) Dockerfile, uv",
}
"""The contenders, in the order in which each round goes through them."""


@dataclass(frozen=True)
class Aim:
    """At most ``times`` what the contender ``against`` takes, and ``plus`` so many units.

    What that contender takes is that of the same row, or that of the row ``of``.
    """

    against: str
    times: float = 1
    plus: float = 0
    of: str = ""

    def words(self) -> str:
        """As in "0.5 of (b)"."""
        letter = TITLES[self.against].partition(" ")[0]
        rebuild = f"{letter}'s code-only rebuild" if self.of else letter
        share = rebuild if self.times == 1 else f"{self.times:g} of {rebuild}"
        return f"{share} + {self.plus:g} s" if self.plus else share


@dataclass(frozen=True)
class Row:
    """One thing that is measured, in seconds ("s") or in millions of bytes ("MB")."""

    key: str
    title: str
    unit: str
    aims: tuple[Aim, ...] = ()


AHEAD = (Aim(PIP), Aim(UV))

FIRST, CODE = "first", "code"
CHANGED, ADDED, PYTHON = "changed", "added", "python"
START, SIZE, OWN = "start", "size", "own"


def _first(*aims: Aim) -> Row:
    return Row(FIRST, "First build", "s", aims)


def _code(aim: Aim) -> Row:
    return Row(CODE, "Code-only rebuild", "s", (aim,))


def _changed(*aims: Aim) -> Row:
    return Row(CHANGED, "Rebuild, one requirement in another version", "s", aims)


_OF_IMAGES = (
    Row(SIZE, "Image", "MB", (Aim(PIP, 0.6), Aim(UV))),
    Row(OWN, "Image without its base, compressed", "MB", AHEAD),
)
_USUAL = (
    _first(Aim(PIP, 0.5), Aim(PIP), Aim(UV)),
    _code(Aim(FLOOR, 1.2)),
    Row(START, "Start to first answer", "s", AHEAD),
    _changed(*AHEAD),
    Row(ADDED, "Rebuild, one requirement more", "s", AHEAD),
    Row(PYTHON, "Rebuild, another Python", "s", AHEAD),
    *_OF_IMAGES,
)

ROWS: Mapping[str, tuple[Row, ...]] = {
    "hello": _USUAL,
    "eleven": _USUAL,
    "locked": (_first(*AHEAD), _code(Aim(FLOOR, 1.2)), _changed(*AHEAD)),
    "three-hundred": (
        _first(*AHEAD),
        _code(Aim(FLOOR, plus=0.3)),
        _changed(*AHEAD, Aim(FLOOR, plus=2, of=CODE)),
        *_OF_IMAGES,
    ),
}
"""For each app, in the order in which a round goes through them; images are looked at before."""
