"""The report as a picture."""

from benchmarks.bars import BAR, GAP, HEAD, document, group, legend, words
from benchmarks.build.results import AppResult, Report
from benchmarks.build.rows import FLASKPACK, FLOOR, PIP, TITLES, UV, Row
from benchmarks.figures import Spread

COLOURS = {FLASKPACK: "#2f7ed8", FLOOR: "#8b949e", PIP: "#d9822b", UV: "#8250df"}


def draw(report: Report) -> str:
    """Within a group of bars the longest is as long as there is room."""
    body: list[str] = list(legend(TITLES))
    at = 2 * HEAD
    for app in report.apps:
        body.append(words(0, at, app.app, "head"))
        at += GAP
        for row in app.rows:
            spreads = _spreads(app, row)
            body += group(f"{row.title}, {row.unit}", spreads, at)
            at += BAR * len(spreads) + GAP
        at += HEAD
    return document(f"Building and starting, {report.date}", body, at - HEAD, COLOURS)


def _spreads(app: AppResult, row: Row) -> list[tuple[str, Spread]]:
    return [(name, found) for name in TITLES if (found := app.spread(row, name))]
