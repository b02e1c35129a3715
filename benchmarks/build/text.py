"""The report as Markdown."""

from collections.abc import Iterator

from benchmarks.build.apps import APPS, GUNICORN, ONE_MORE
from benchmarks.build.base import PIP_VERSION
from benchmarks.build.contenders import WORKERS
from benchmarks.build.results import AppResult, Report
from benchmarks.build.rows import FLASKPACK, FLOOR, PIP, TITLES, UV, Row
from benchmarks.figures import cell

CHANGES = "; ".join(
    dict.fromkeys(
        f"`{before}` becomes `{after}`" for before, after in (app.change for app in APPS.values())
    )
)

READING = f"""\
## How to read it

- Each figure is the median of the rounds, with the least and the greatest in brackets. In each \
round every contender has its turn, so what slows the machine down for a while hits them all; what \
the build before wrote is on the disk when the next one begins. A ratio is the median of the \
ratios within each round; below 1 Flaskpack is the quicker or smaller.
- **{TITLES[FLOOR]}**: a buildpack that does nothing but unpack the same layers, copies of ours \
and an empty file more, in a first build, and declare them in the next ones. Pack and lifecycle \
cost that much, whatever a buildpack does: to archive, compress, keep and load what is new, and to \
remove it. It has no app and no packages that change, so it takes part in the first build and the \
code-only rebuild; a rebuild that installs costs pack as much as that one, and for the layers that \
are new or behind such a one as much as a first build.
- **{TITLES[PIP]}** and **{TITLES[UV]}**: `benchmarks/build/dockerfiles/`, on Flaskpack's own run \
image to which pip {PIP_VERSION}, or the uv that Flaskpack itself installs with, was added before. \
Docker's classic builder builds them. They too install {GUNICORN} and compile bytecode.
- First build: no image, no cache volume, `--no-cache`; base images are there. Code-only rebuild: \
one line of `main.py` differs. Another version: {CHANGES}. One more: `{ONE_MORE}`. The \
Dockerfiles then install everything again; Flaskpack installs that one, and what shares a layer \
with it. \
Another Python: a builder, or a base image, with 3.14 in the place of 3.13.
- `three-hundred` is without pip, which was the slowest in a trial and would take a quarter of the \
whole run.
- From a lock file: Flaskpack and uv read `uv.lock` (`uv sync --frozen`), pip its export with \
hashes.
- Start to first answer: from `docker run` to the first 200 from `/`, with {WORKERS} workers on \
all sides.
- Image: its whole uncompressed size, the base included, as `docker image inspect` gives it; those \
of the Dockerfiles hold the installer. Without its base and gzipped, it is about what a push sends \
when the registry has the base.

## What it doesn't show

- BuildKit: a Dockerfile with a cache mount for pip or uv installs again more quickly than these. \
Debian 12's Docker client can't build so.
- A slow network: all sides take packages from the same index over the same connection, and how \
far away it is decides much of a first build.
- Building from source: every package here has a wheel.
- Requests per second, memory, and other machines.
- To reach the index from inside a container, the machine's certificates are added to the \
Dockerfiles' base images, and mounted into Flaskpack's builds. Nobody else needs that step; it \
costs no measured time, and 0.2 MB of the Dockerfiles' images.
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
    others = [name for name in TITLES if name != FLASKPACK]
    ratios = " | ".join(f"ours ÷ {TITLES[name].partition(' ')[0]}" for name in others)
    lines = [
        f"## {APPS[app.app].title}\n",
        f"| | {titles} | {ratios} | aims |",
        f"|---|{'--:|' * (len(TITLES) + len(others))}---|",
        *(_line(app, row, others) for row in app.rows),
        "",
        _packages(app),
    ]
    return "\n".join(lines)


def _line(app: AppResult, row: Row, others: list[str]) -> str:
    cells = [f"{row.title}, {row.unit}"]
    cells += [cell(app.spread(row, contender)) for contender in TITLES]
    cells += [cell(app.ratio(row, contender)) for contender in others]
    return f"| {' | '.join(cells)} | {_verdicts(app, row)} |"


def _verdicts(app: AppResult, row: Row) -> str:
    verdicts = ((aim, app.reached(row, aim)) for aim in row.aims)
    return "; ".join(
        f"≤ {aim.words()}: {'reached' if reached else '**missed**'}"
        for aim, reached in verdicts
        if reached is not None
    )


def _packages(app: AppResult) -> str:
    alike = f"All sides installed the same {app.packages} packages in the same versions"
    beside = (f"{TITLES[name]}: {', '.join(only)}" for name, only in app.only.items() if only)
    return f"{alike}. Beside them: {'; '.join(beside) or 'none'}.\n"
