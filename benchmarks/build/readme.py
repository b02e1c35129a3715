"""The README's figures, from the newest whole run: nobody writes them by hand."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.build.results import AppResult, Report
from benchmarks.build.rows import (
    ADDED,
    CHANGED,
    CODE,
    FIRST,
    FLASKPACK,
    FLOOR,
    PIP,
    PYTHON,
    SIZE,
    START,
    UV,
    Row,
)
from benchmarks.figures import figure

BEGIN, END = "<!-- scripts/bench build: begin -->\n", "<!-- scripts/bench build: end -->\n"
APPS: Mapping[str, tuple[str, ...]] = {
    "hello": (PIP, UV),
    "eleven": (PIP, UV),
    "three-hundred": (UV,),
}
"""The columns, and beside whom."""

ROWS = {
    FIRST: "first build",
    CODE: "only the code changed",
    CHANGED: "one requirement in another version",
    ADDED: "one more requirement",
    PYTHON: "another Python",
    START: "start to first answer",
    SIZE: "image",
}
FLOORS = {FIRST: "a first build", CODE: "a rebuild where only the code changed"}
WHOLE = "????-??-??.json"


def newest(results: Path) -> Report:
    """The last run of all apps; a run of a part has more in its name."""
    return read(json.loads(max(results.glob(WHOLE)).read_text(encoding="utf-8")))


def read(document: Mapping[str, Any]) -> Report:
    """A report as it was written to JSON."""
    return Report(**{**document, "apps": tuple(AppResult(**app) for app in document["apps"])})


def into(readme: str, report: Report) -> str:
    """The README with this report's figures between the marks."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the README lacks {BEGIN.strip()} or {END.strip()}")
    return "".join((before, begin, *(f"{line}\n" for line in _lines(report)), end, after))


def _lines(report: Report) -> Iterator[str]:
    apps = {app.app: app for app in report.apps if app.app in APPS}
    rounds = f"{report.rounds} round" + "s" * (report.rounds != 1)
    yield f"Measured on {report.date} in {rounds}, on {report.machine['processor']}:\n"
    heads = (f"{name} | " + " | ".join(f"÷ {other}" for other in APPS[name]) for name in apps)
    yield f"| | {' | '.join(heads)} |"
    yield "|---|" + "--:|" * sum(1 + len(APPS[name]) for name in apps)
    for key, words in ROWS.items():
        cells = [cell for app in apps.values() for cell in _cells(app, key)]
        yield "| " + "".join(f"{cell} | " if cell else "| " for cell in (words, *cells)).rstrip()
    yield ""
    yield from _floors(apps)
    yield f"\n![Plot of the table](benchmarks/build/results/{report.date}.svg)\n"
    place = f"benchmarks/build/results/{report.date}.md"
    yield "How it was measured, the spread, and what it doesn't show:"
    yield f"[{place}]({place}), made by"
    yield f"`{report.command}`."


def _cells(app: AppResult, key: str) -> Iterator[str]:
    row = next((row for row in app.rows if row.key == key), None)
    for other in (FLASKPACK, *APPS[app.app]):
        yield _cell(app, row, other) if row else ""


def _cell(app: AppResult, row: Row, other: str) -> str:
    if other == FLASKPACK:
        found = app.spread(row, FLASKPACK)
        return f"{figure(found.median)} {row.unit}" if found else ""
    ratio = app.ratio(row, other)
    return figure(ratio.median) if ratio else ""


def _floors(apps: Mapping[str, AppResult]) -> Iterator[str]:
    """What pack itself takes, whatever a buildpack does."""
    yield "Of this is pack's own, as a buildpack shows that only hands over the same layers:\n"
    for key, words in FLOORS.items():
        found = []
        for app in apps.values():
            row = next(row for row in app.rows if row.key == key)
            if floor := app.spread(row, FLOOR):
                found.append(f"{figure(floor.median)} s ({app.app})")
        if found:
            yield f"- {words}: {', '.join(found)}"
