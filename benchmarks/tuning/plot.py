"""The report as a picture: how near each comes to the best."""

from collections.abc import Iterator

from benchmarks.bars import BAR, GAP, HEAD, document, group, legend, words
from benchmarks.tuning.grid import SERVERS
from benchmarks.tuning.results import CaseResult, Report

KINDS = {"default": "an image's default", "engine": "the engine", "other": "gunicorn's workers"}
COLOURS = {"default": "#1a7f37", "engine": "#2f7ed8", "other": "#8b949e"}


def draw(report: Report) -> str:
    """An SVG document; a bar as long as there is room is the best of its case."""
    body = list(legend(KINDS))
    at = 2 * HEAD
    for result in report.cases:
        body.append(words(0, at, result.title, "head"))
        at += GAP
        bars = list(_bars(report, result))
        for title, kind, server in bars:
            found = result.nearness(server)
            if found:
                body += group(title, [(kind, found)], at, longest=1.0)
            at += BAR
        at += HEAD
    return document(f"Rates to the best of each case, {report.date}", body, at - HEAD, COLOURS)


def _bars(report: Report, result: CaseResult) -> Iterator[tuple[str, str, str]]:
    """Title, kind and key of each server."""
    for server in result.samples:
        kind = "default" if server == report.default else server.partition("-")[0]
        yield SERVERS[server].title, kind if kind in KINDS else "other", server
