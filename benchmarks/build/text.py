"""The report as Markdown."""

from collections.abc import Iterator

from benchmarks.build.apps import ONE_MORE
from benchmarks.build.contenders import WORKERS
from benchmarks.build.figures import Spread
from benchmarks.build.results import (
    DOCKERFILE,
    FLASKPACK,
    FLOOR,
    ROWS,
    TITLES,
    AppResult,
    Report,
    Row,
)

APPS = {
    "hello": "`hello`: Flask alone",
    "eleven": "`eleven`: eleven usual dependencies, every version pinned",
}

READING = f"""\
## How to read it

- Each figure is the median of the rounds, with the least and the greatest in brackets. In each \
round every contender has its turn, so what slows the machine down for a while hits them all. A \
ratio is the median of the ratios within each round; below 1 Flaskpack is the quicker or smaller.
- **{TITLES[FLOOR]}**: a buildpack that does nothing but declare the layers that the build \
before left in the image, copies of ours to the byte. Pack and lifecycle cost that much, \
whatever a buildpack does. It has no app, so it takes part in the code-only rebuild alone.
- **{TITLES[DOCKERFILE]}**: `benchmarks/build/Dockerfile` on a Debian of the same release with \
Python and pip, without manuals and locales, made like our base images. Docker's classic builder \
builds it. The same gunicorn is installed.
- First build: no image, no cache volume, `--no-cache`; base images are there. Code-only rebuild: \
one line of `main.py` differs. One more requirement: `{ONE_MORE}`; the Dockerfile then installs \
everything again, and so does Flaskpack: it keeps only what was built from source.
- Start to first answer: from `docker run` to the first 200 from `/`, with {WORKERS} workers on \
both sides.
- Image: its whole uncompressed size, the base included, as `docker image inspect` gives it. \
Without its base and gzipped, it is about what a push sends when the registry has the base.

## What it doesn't show

- BuildKit: a Dockerfile with a cache mount for pip installs again more quickly than this one. \
Debian 12's Docker client can't build so.
- A slow network: all sides take packages from the same index over the same connection, and how \
far away it is decides much of a first build.
- Building from source: every package here has a wheel.
- Requests per second, memory, and other machines.
- To reach the index from inside a container, the machine's certificates are added to the \
Dockerfile's base image, and mounted into Flaskpack's builds. Nobody else needs that step; it \
costs no measured time, and 0.2 MB of the Dockerfile's image.
"""


def render(report: Report, plot: str) -> str:
    """The whole report; ``plot`` is the file name of the picture."""
    parts = [*_head(report, plot), *(_app(app) for app in report.apps), READING]
    return "\n".join(parts)


def _head(report: Report, plot: str) -> Iterator[str]:
    rounds = f"{report.rounds} round" + "s" * (report.rounds != 1)
    yield f"# Building and starting, {report.date}\n"
    yield f"Made by `{report.command}` at commit {report.commit}; {rounds}.\n"
    yield from (f"- {what}: {words}" for what, words in report.machine.items())
    yield f"\n![The tables below as bars]({plot})\n"


def _app(app: AppResult) -> str:
    titles = " | ".join(TITLES.values())
    lines = [
        f"## {APPS[app.app]}\n",
        f"| | {titles} | ours ÷ (a) | ours ÷ (b) | aim |",
        "|---|--:|--:|--:|--:|--:|---|",
        *(_line(app, row) for row in ROWS),
        "",
        _packages(app),
    ]
    return "\n".join(lines)


def _line(app: AppResult, row: Row) -> str:
    cells = [f"{row.title}, {row.unit}"]
    cells += [_cell(app.spread(row, contender)) for contender in TITLES]
    cells += [_cell(app.ratio(row, contender)) for contender in (FLOOR, DOCKERFILE)]
    return f"| {' | '.join(cells)} | {_verdict(app, row)} |"


def _cell(spread: Spread | None) -> str:
    if spread is None:
        return ""
    if spread.low == spread.high:
        return figure(spread.median)
    return f"{figure(spread.median)} [{figure(spread.low)}, {figure(spread.high)}]"


def _verdict(app: AppResult, row: Row) -> str:
    if row.aim is None:
        return ""
    against = "(a)" if row.aim.against == FLOOR else "(b)"
    reached = "reached" if app.reached(row) else "**missed**"
    return f"≤ {row.aim.limit} of {against}: {reached}"


def figure(value: float) -> str:
    """Three digits, as many as such a measurement is good for."""
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def _packages(app: AppResult) -> str:
    alike = f"Both sides installed the same {app.packages} packages in the same versions"
    ours, theirs = ", ".join(app.only[FLASKPACK]), ", ".join(app.only[DOCKERFILE])
    return (
        f"{alike}. Only in Flaskpack's image: {ours or 'none'}; in the other: {theirs or 'none'}.\n"
    )
