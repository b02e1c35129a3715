"""The report as Markdown."""

import math
from collections.abc import Iterator

from benchmarks.figures import Spread, cell, figure
from benchmarks.serve import measure
from benchmarks.serve.cases import APPS
from benchmarks.serve.counts import COUNTED, WARM, Count
from benchmarks.serve.plot import PICTURES
from benchmarks.serve.results import Best, CaseResult, Report
from benchmarks.serve.servers import OURS, OURS_ALONE, SERVERS, SYNC

COLUMNS = (
    *("requests/s", "÷ sync", "p50, ms", "p99, ms", "CPU s for 1,000", "÷ sync"),
    *("memory, MB", "before the load", "failed"),
)

READING = f"""\
## How to read it

- Each figure is the median of the rounds, with the least and the greatest in brackets; a ratio is \
the median of the ratios within each round. In each round and case every server has its turn, each \
time another first, so what slows the machine down for a while hits them all. A server is started \
anew for each measurement and warmed up for {measure.WARM_UP:g} s.
- All run on the same Python with as many processes as there are cores, without an access log, \
each in the setting that its own documentation advises for the case (listed above).
- **Client and server share the cores.** What the client needs, the server doesn't get, and the \
quicker a server, the more that is. The processor's seconds for 1,000 requests are the server's \
own, of all its processes: the fairer figure, and the one to plan capacity with. The cases with \
"a core each" show one process on one core, with the client on the other.
- The client (`benchmarks/serve/client.c`) is a closed loop of one thread: each connection asks, \
waits for the whole answer, and asks again. It is our own because wrk drops requests that are \
never answered, doesn't count connections that are closed in their face, and corrects its \
percentiles silently. Here each request's fate is counted, the length of each body is checked, and \
what is outstanding when the time is over has {measure.GRACE:g} s more; a request that isn't \
answered by then takes part in the percentiles as longer than all others. So there is no \
coordinated omission among the connections, but each asks no sooner than it was answered: \
beyond its capacity a server here gets slower, where in the open it would get more and more \
requests. Latency is the time from the request's begin (on a new connection: from connecting) \
to the answer's last byte. Requests in a second are all that were answered, by the time until the \
last of them: who serves a crowd in turns isn't behind who serves some and forgets the others.
- Memory is the proportional set size of all processes, after the load and before it: what it \
grows by in so short a time are buffers of connections, stacks of threads and caches, hardly \
leaks. What that is for 1,000 requests stands in the JSON.
- Failed: an answer that isn't 2xx or has another body, a connection that is reset, closed or \
refused, and what wasn't answered in the end. A server that failed more than 1 % of the requests \
isn't compared with in the first table.
- Instructions: callgrind's, of {COUNTED["instructions"]} requests over one connection after \
{WARM}, one process. gunicorn's own workers are counted with a gunicorn_h1c that was built without \
SSE 4.2, which valgrind doesn't know all of. System calls: strace's, of {COUNTED["system_calls"]} \
requests. Both are of all threads and processes, the app's work included.

## What it doesn't show

- A network: everything is on the loopback interface, without TLS, without a proxy in front.
- Long runs: leaks, fragmentation, and what happens in the night; `scripts/soak` is for that.
- Many cores, other Pythons, other machines.
- Slow clients, which block some of these servers altogether (gunicorn's sync worker says so \
itself).
- Your app: the longer its views take, the less the server matters.
"""


def render(report: Report, name: str) -> str:
    """The whole report; ``name`` is what the pictures' file names begin with."""
    return "\n".join(
        [
            *_head(report),
            *_pictures(report, name),
            *_first_table(report),
            *_settings(report),
            *(line for app in APPS for line in _app(report, app)),
            *_counts(report),
            READING,
        ]
    )


def _head(report: Report) -> Iterator[str]:
    rounds = f"{report.rounds} round" + "s" * (report.rounds != 1)
    yield f"# Serving, {report.date}\n"
    yield f"Made by `{report.command}` at commit {report.commit}; {rounds} of {report.seconds:g} s"
    yield f"for each measurement, {report.processes} processes.\n"
    yield from (f"- {what}: {words}" for what, words in report.machine.items())
    versions = ", ".join(f"{what} {version}" for what, version in report.versions.items())
    yield f"- versions: {versions}\n"


def _pictures(report: Report, name: str) -> Iterator[str]:
    for picture in PICTURES:
        if picture.groups(report):
            yield f"![{picture.title}]({name}-{picture.key}.svg)\n"


def _first_table(report: Report) -> Iterator[str]:
    """Ours beside the best of the others, case by case."""
    ours = [server for server in (OURS, OURS_ALONE) if server in report.servers]
    titles = [SERVERS[server].title for server in ours]
    yield "## Ours beside the best of the others\n"
    yield "Requests in a second (above 1 ours is ahead), then the processor's seconds for 1,000"
    yield "requests (below 1 ours is ahead); bold where that holds in every round.\n"
    columns = [f"{title} ÷ best" for title in titles]
    yield f"| case | best rate | {' | '.join(columns)} | least CPU | {' | '.join(columns)} |"
    yield f"|---|---|{'--:|' * len(ours)}---|{'--:|' * len(ours)}"
    for result in report.cases:
        parts = [f"`{result.case.app}`, {result.case.title}"]
        for what in ("rate", "processor"):
            best = [result.best(server, what) for server in ours]
            named = next((SERVERS[each.server].title for each in best if each), "none")
            parts += [named, *(_beside(each, what) for each in best)]
        yield f"| {' | '.join(parts)} |"
    yield ""


def _beside(best: Best | None, what: str) -> str:
    if best is None:
        return ""
    ahead = best.ours.low > 1 if what == "rate" else best.ours.high < 1
    return f"**{cell(best.ours)}**" if ahead else cell(best.ours)


def _settings(report: Report) -> Iterator[str]:
    yield "## The servers and their settings\n"
    for server in report.servers:
        yield f"- **{SERVERS[server].title}**: {SERVERS[server].advice}."
    yield ""


def _app(report: Report, app: str) -> Iterator[str]:
    results = report.of_app(app)
    if results:
        yield f"## `{app}`: {APPS[app].title}\n"
    for result in results:
        yield f"### `{app}`, {result.case.title}\n"
        yield f"| | {' | '.join(COLUMNS)} |"
        yield f"|---|{'--:|' * (len(COLUMNS) - 1)}---|"
        yield from (_line(result, server) for server in report.servers)
        yield ""


def _line(result: CaseResult, server: str) -> str:
    cells = [
        SERVERS[server].title,
        cell(result.spread(server, "rate")),
        cell(result.ratio(server, "rate", SYNC)),
        milliseconds(result.latency(server, "p50")),
        milliseconds(result.latency(server, "p99")),
        small(result.spread(server, "processor")),
        cell(result.ratio(server, "processor", SYNC)),
        cell(result.spread(server, "memory")),
        cell(result.spread(server, "rested")),
        result.troubles(server),
    ]
    return f"| {' | '.join(cells)} |"


def milliseconds(latency: Spread | None) -> str:
    """Of seconds; infinite ones weren't answered."""
    if latency is None:
        return ""
    low, middle, high = (
        "unanswered" if math.isinf(value) else figure(value * 1000)
        for value in (latency.low, latency.median, latency.high)
    )
    return middle if low == high else f"{middle} [{low}, {high}]"


def small(found: Spread | None) -> str:
    """Three digits of what may be thousandths."""
    if found is None:
        return ""
    low, middle, high = (f"{value:.3g}" for value in (found.low, found.median, found.high))
    return middle if low == high else f"{middle} [{low}, {high}]"


def _counts(report: Report) -> Iterator[str]:
    apps = list(dict.fromkeys(each.app for each in report.counts))
    if not apps:
        return
    known = {(each.app, each.server): each for each in report.counts}
    titles = (f"`{app}`: instructions | ÷ sync | system calls" for app in apps)
    yield "## Instructions and system calls of a request\n"
    yield f"| | {' | '.join(titles)} |"
    yield f"|---|{'--:|--:|--:|' * len(apps)}"
    for server in report.servers:
        cells = (counted(known[app, server], known.get((app, SYNC))) for app in apps)
        yield f"| {SERVERS[server].title} | {' | '.join(cells)} |"
    yield ""
    problems = [each for each in report.counts if each.problem]
    for each in problems:
        yield f"- {SERVERS[each.server].title}, `{each.app}`: {each.problem}"
    yield from [""] if problems else []


def counted(count: Count, sync: Count | None) -> str:
    """Three cells: instructions, their ratio to those of sync, system calls."""
    instructions = beside = calls = ""
    if count.instructions:
        instructions = f"{count.instructions:,.0f}"
        beside = (
            figure(count.instructions / sync.instructions) if sync and sync.instructions else ""
        )
    if count.system_calls is not None:
        calls = f"{count.system_calls:.1f}"
    return f"{instructions} | {beside} | {calls}"
