"""The report as a picture: bars with the spread of the rounds, readable on light and dark."""

from collections.abc import Iterator
from html import escape

from benchmarks.build.figures import Spread
from benchmarks.build.results import ROWS, TITLES, AppResult, Report, Row
from benchmarks.build.text import figure

WIDTH, LEFT, RIGHT = 760, 250, 110
BAR, GAP, HEAD = 14, 14, 34

STYLE = """\
  text { font: 12px sans-serif; fill: #24292f }
  .head { font-weight: bold; font-size: 14px }
  .flaskpack { fill: #2f7ed8 } .floor { fill: #8b949e } .dockerfile { fill: #d9822b }
  line { stroke: #24292f; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } line { stroke: #e6edf3 } }
"""


def draw(report: Report) -> str:
    """An SVG document. Within a group of bars the longest is as long as there is room."""
    body: list[str] = list(_legend())
    at = 2 * HEAD
    for app in report.apps:
        body.append(_text(0, at, app.app, "head"))
        at += GAP
        for row in ROWS:
            group = list(_group(app, row, at))
            body += group
            at += BAR * _bars(app, row) + GAP
        at += HEAD
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {at - HEAD}">'
    title = f"<title>Building and starting, {report.date}</title>"
    return "\n".join([head, title, f"<style>\n{STYLE}</style>", *body, "</svg>", ""])


def _legend() -> Iterator[str]:
    for number, (contender, title) in enumerate(TITLES.items()):
        left = number * WIDTH // len(TITLES)
        yield f'<rect class="{contender}" x="{left}" y="6" width="{BAR}" height="{BAR}"/>'
        yield _text(left + BAR + 6, 6 + BAR - 3, title)


def _bars(app: AppResult, row: Row) -> int:
    return sum(app.spread(row, contender) is not None for contender in TITLES)


def _group(app: AppResult, row: Row, top: int) -> Iterator[str]:
    spreads = {name: found for name in TITLES if (found := app.spread(row, name))}
    longest = max((found.high for found in spreads.values()), default=1)
    scale = (WIDTH - LEFT - RIGHT) / longest
    yield _text(0, top + BAR - 3, f"{row.title}, {row.unit}")
    for number, (contender, found) in enumerate(spreads.items()):
        yield from _bar(contender, found, top + number * BAR, scale)


def _bar(contender: str, found: Spread, top: int, scale: float) -> Iterator[str]:
    length, middle = found.median * scale, top + BAR / 2 - 1
    low, high = LEFT + found.low * scale, LEFT + found.high * scale
    box = f'x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR - 2}"'
    yield f'<rect class="{contender}" {box}/>'
    if found.low != found.high:
        yield f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
    yield _text(round(high) + 6, top + BAR - 3, figure(found.median))


def _text(left: int, base: int, words: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{left}" y="{base}">{escape(words)}</text>'
