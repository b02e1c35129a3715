"""The report as Markdown."""

from collections.abc import Iterator

from benchmarks.figures import cell
from benchmarks.serve.measure import WARM_UP
from benchmarks.tuning.grid import SERVERS
from benchmarks.tuning.preload import SERVERS as SHARING
from benchmarks.tuning.preload import WORKERS
from benchmarks.tuning.results import AIM, CaseResult, Report
from benchmarks.tuning.start import FILES

READING = f"""\
## How to read it

- "÷ best" is the median of the ratios within each round to the quickest of that case, with the \
least and the greatest in brackets: 1 is the best, 0.5 half of it. In each round and case every \
server has its turn, each time another first.
- Each is gunicorn with so many workers of the class, started anew for each measurement and warmed \
up for {WARM_UP:g} s. Connections are kept; the client (`benchmarks/serve/client.c`) shares the \
cores with the server.
- gunicorn's own workers have gunicorn_h1c, which reads requests in C. sync has no threads, and \
closes every connection. gevent patches the standard library: its views wait without threads, \
those of a library in C don't.
- Memory is the proportional set size of all processes after the load.
- The default is to come within {1 - AIM:.0%} of the best everywhere, with as few threads as do.
"""


def render(report: Report, picture: str) -> str:
    """The whole report; ``picture`` is a file beside it."""
    return "\n".join(
        [
            f"# Threads and workers, {report.date}",
            "",
            f"`{report.command}` at commit {report.commit}: {report.rounds} rounds of "
            f"{report.seconds:g} s, {report.processes} workers.",
            "",
            *(f"- {what}: {words}" for what, words in report.machine.items()),
            f"- versions: {', '.join(f'{name} {at}' for name, at in report.versions.items())}",
            "",
            f"![How near each comes to the best]({picture})",
            "",
            *_verdict(report),
            *(line for result in report.cases for line in _case(report, result)),
            *_starts(report),
            *_preloads(report),
            READING,
        ]
    )


def _verdict(report: Report) -> Iterator[str]:
    yield "## Which default"
    yield ""
    yield "| | " + " | ".join(_column(result) for result in report.cases) + " | least |"
    yield "|---|" + "--:|" * (len(report.cases) + 1)
    for server in SERVERS:
        cells = [cell(result.nearness(server)) for result in report.cases]
        yield f"| {_name(report, server)} | {' | '.join(cells)} | {report.worst(server):.2f} |"
    yield ""
    yield (
        f"An image runs {SERVERS[report.default].title}; "
        f"these figures speak for {SERVERS[report.suggested()].title}."
    )
    yield ""


def _case(report: Report, result: CaseResult) -> Iterator[str]:
    yield f"## {result.title}"
    yield ""
    yield "| | requests/s | ÷ best | memory, MB | failed |"
    yield "|---|--:|--:|--:|--:|"
    for server in result.samples:
        figures = (result.rate(server), result.nearness(server), result.memory(server))
        cells = " | ".join(cell(each) for each in figures)
        yield f"| {_name(report, server)} | {cells} | {result.failed(server) or ''} |"
    yield ""


def _starts(report: Report) -> Iterator[str]:
    yield "## What the included configuration costs at the start"
    yield ""
    yield "| gunicorn with | CPU for reading it, ms | start to first answer, ms |"
    yield "|---|--:|--:|"
    for name, start in report.starts.items():
        yield f"| {name} | {cell(start.processor)} | {cell(start.answer)} |"
    empty, ours = (report.starts[name] for name in FILES)
    processor = ours.processor.median - empty.processor.median
    answer = ours.answer.median - empty.answer.median
    yield f"| difference of the medians | {processor:.1f} | {answer:.1f} |"
    yield ""


def _preloads(report: Report) -> Iterator[str]:
    yield f"## What memory PRELOAD spares, {WORKERS} workers"
    yield ""
    yield "| MB of all processes | " + " | ".join(server.title for server in SHARING) + " |"
    yield "|---|" + "--:|" * len(SHARING)
    for result in report.preloads:
        cells = (cell(result.memory[server.title]) for server in SHARING)
        yield f"| {result.app} | {' | '.join(cells)} |"
    yield ""


def _column(result: CaseResult) -> str:
    return f"{result.case.app}, {result.case.connections}"


def _name(report: Report, server: str) -> str:
    title = SERVERS[server].title
    return f"**{title}**" if server == report.default else title
