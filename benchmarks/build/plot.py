"""The report as a picture: bars with the spread of the rounds, readable on light and dark."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from benchmarks.build.figures import Spread
from benchmarks.build.results import AppResult, Report
from benchmarks.build.rows import TITLES, Row
from benchmarks.build.text import figure

WIDTH, LEFT, RIGHT = 760, 270, 60
BAR, GAP, HEAD = 14, 14, 34

STYLE = """\
  text { font: 12px sans-serif; fill: #24292f }
  .head { font-weight: bold; font-size: 14px }
  .flaskpack { fill: #2f7ed8 } .floor { fill: #8b949e }
  .pip { fill: #d9822b } .uv { fill: #8250df }
  line { stroke: #24292f; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } line { stroke: #e6edf3 } }
"""


def draw(report: Report) -> str:
    """Within a group of bars the longest is as long as there is room."""
    body: list[str] = list(_legend())
    at = 2 * HEAD
    for app in report.apps:
        body.append(words(0, at, app.app, "head"))
        at += GAP
        for row in app.rows:
            spreads = _spreads(app, row)
            body += group(f"{row.title}, {row.unit}", spreads, at)
            at += BAR * len(spreads) + GAP
        at += HEAD
    return document(f"Building and starting, {report.date}", body, at - HEAD)


def document(title: str, body: Iterable[str], height: int) -> str:
    """A whole SVG document."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">'
    named = f"<title>{escape(title)}</title>"
    return "\n".join([head, named, f"<style>\n{STYLE}</style>", *body, "</svg>", ""])


def _legend() -> Iterator[str]:
    for number, (contender, title) in enumerate(TITLES.items()):
        left = number * WIDTH // len(TITLES)
        yield f'<rect class="{contender}" x="{left}" y="6" width="{BAR}" height="{BAR}"/>'
        yield words(left + BAR + 6, 6 + BAR - 3, title)


def _spreads(app: AppResult, row: Row) -> list[tuple[str, Spread]]:
    return [(name, found) for name in TITLES if (found := app.spread(row, name))]


def group(
    title: str, spreads: Sequence[tuple[str, Spread]], top: int, longest: float = 0
) -> Iterator[str]:
    """Bars below each other, each of the class that stands with it."""
    longest = longest or max((found.high for _, found in spreads), default=1)
    scale = (WIDTH - LEFT - RIGHT) / longest
    yield words(0, top + BAR - 3, title)
    for number, (kind, found) in enumerate(spreads):
        yield from _bar(kind, found, top + number * BAR, scale)


def _bar(kind: str, found: Spread, top: int, scale: float) -> Iterator[str]:
    length, middle = found.median * scale, top + BAR / 2 - 1
    low, high = LEFT + found.low * scale, LEFT + found.high * scale
    box = f'x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR - 2}"'
    yield f'<rect class="{kind}" {box}/>'
    if found.low != found.high:
        yield f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
    yield words(round(high) + 6, top + BAR - 3, figure(found.median))


def words(left: int, base: int, said: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{left}" y="{base}">{escape(said)}</text>'
