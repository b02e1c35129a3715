"""The report as pictures, one for each question."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.bars import BAR, GAP, HEAD, document, group, words
from benchmarks.figures import Spread, spread
from benchmarks.serve.cases import APPS, USUAL, Case
from benchmarks.serve.results import CaseResult, Report
from benchmarks.serve.servers import OURS, OURS_ALONE, SERVERS

COLOURS = {"ours": "#2f7ed8", "peer": "#8b949e"}

Bars = list[tuple[str, Spread]]
"""Servers and their figures."""


@dataclass(frozen=True)
class Picture:
    """``groups`` are titled bars; a picture without any isn't drawn."""

    key: str
    title: str
    groups: Callable[[Report], Sequence[tuple[str, Bars]]]


def draw(picture: Picture, report: Report) -> str:
    """An SVG document: in each group the longest bar is as long as there is room."""
    body: list[str] = [words(0, BAR, picture.title, "head")]
    at = HEAD
    for title, bars in picture.groups(report):
        body += _group(title, bars, at)
        at += HEAD + BAR * len(bars) + GAP
    return document(picture.title, body, at, COLOURS)


def _group(title: str, bars: Bars, top: int) -> Iterator[str]:
    yield words(0, top + BAR, title, "head")
    longest = max(found.high for _, found in bars)
    for number, (server, found) in enumerate(bars):
        kind = "ours" if server in (OURS, OURS_ALONE) else "peer"
        at = top + HEAD - GAP + number * BAR
        yield from group(SERVERS[server].title, [(kind, found)], at, longest)


def _cases(
    connections: int, find: Callable[[CaseResult, str], Spread | None]
) -> Callable[[Report], list[tuple[str, Bars]]]:
    """A group for each app, over so many kept connections."""

    def groups(report: Report) -> list[tuple[str, Bars]]:
        wanted = [
            result
            for app in APPS
            for result in report.of_app(app)
            if result.case == Case(app, connections)
        ]
        found = [
            (
                APPS[result.case.app].title,
                [(server, each) for server in report.servers if (each := find(result, server))],
            )
            for result in wanted
        ]
        return [(title, bars) for title, bars in found if bars]

    return groups


def _microseconds(result: CaseResult, server: str) -> Spread | None:
    """Seconds for 1,000 requests are milliseconds for one."""
    return _thousandfold(result.spread(server, "processor"))


def _milliseconds(result: CaseResult, server: str) -> Spread | None:
    """None where it isn't known how long it would have been."""
    found = result.latency(server, "p99")
    return None if found is None or math.isinf(found.high) else _thousandfold(found)


def _thousandfold(found: Spread | None) -> Spread | None:
    return found and Spread(found.median * 1000, found.low * 1000, found.high * 1000)


def _instructions(report: Report) -> list[tuple[str, Bars]]:
    found = [
        (
            APPS[app].title,
            [
                (each.server, spread([each.instructions / 1000]))
                for each in report.counts
                if each.app == app and each.instructions
            ],
        )
        for app in dict.fromkeys(each.app for each in report.counts)
    ]
    return [(title, bars) for title, bars in found if bars]


PICTURES = (
    Picture(
        "rate",
        f"Requests in a second, {USUAL} connections",
        _cases(USUAL, lambda result, server: result.spread(server, "rate")),
    ),
    Picture(
        "cpu",
        f"CPU microseconds of the server for a request, {USUAL} connections (less is better)",
        _cases(USUAL, _microseconds),
    ),
    Picture(
        "p99",
        "p99 in milliseconds, 1,000 connections (less is better; no bar: not answered)",
        _cases(1000, _milliseconds),
    ),
    Picture("counts", "Thousands of instructions for a request (less is better)", _instructions),
)
