"""Pictures of bars with the spread of the rounds, as SVG that is readable on light and dark."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from benchmarks.figures import Spread, figure

WIDTH, LEFT, RIGHT = 760, 270, 60
BAR, GAP, HEAD = 14, 14, 34

STYLE = """\
  text { font: 12px sans-serif; fill: #24292f }
  .head { font-weight: bold; font-size: 14px }
  line { stroke: #24292f; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } line { stroke: #e6edf3 } }
"""


def document(title: str, body: Iterable[str], height: int, colours: Mapping[str, str]) -> str:
    """A whole SVG document; ``colours`` are those of the bars, by their class."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">'
    named = f"<title>{escape(title)}</title>"
    fills = "".join(f"  .{kind} {{ fill: {colour} }}\n" for kind, colour in colours.items())
    return "\n".join([head, named, f"<style>\n{STYLE}{fills}</style>", *body, "</svg>", ""])


def legend(titles: Mapping[str, str]) -> Iterator[str]:
    """A line that says which class of bars is what, in ``HEAD`` of height."""
    for number, (kind, title) in enumerate(titles.items()):
        left = number * WIDTH // len(titles)
        yield f'<rect class="{kind}" x="{left}" y="6" width="{BAR}" height="{BAR}"/>'
        yield words(left + BAR + 6, 6 + BAR - 3, title)


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
