"""What a soak found, as Markdown and for JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from harness.soaked import Row

READING = """\
## How to read it

- Each line is one part in one flavour: what was sent to one worker, and how often. "plain" is the \
wheel as it is shipped, "sanitized" the same sources with AddressSanitizer and \
UndefinedBehaviorSanitizer, "valgrind" the same sources with each access watched, and lost memory \
looked for when the worker ends. "libFuzzer" is the request parser alone with clang's sanitizers: \
inputs are counted, in one process. "series" counts patches: the tests of each fail without it, \
and pass with it.
- Found is what must not be: a worker that died, a request that nobody answered, another answer \
than the table's, a report of a sanitizer, lost memory, pieces that are read otherwise than the \
whole.
- Memory and descriptors are the worker's, after a tenth of the time or of the requests, and at \
the end: caches of names and buffers fill up before, and from then on more than 4 MiB of growth in \
the plain flavour is a finding. AddressSanitizer keeps up to 256 MiB of what was freed. The C \
library would keep some of what large answers took, for each thread, and is told not to: \
`MALLOC_TRIM_THRESHOLD_`.
- Signals are sent to a server with two workers, in an order that changes, while six clients ask \
on connections that are kept. A request that met a connection which its worker closed was sent \
again, on a new one; that it was run once, and answered, is counted.
"""


@dataclass(frozen=True)
class Run:
    """One command, at one commit, with one Python and gunicorn, and what came of it."""

    command: str
    commit: str
    tested: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Report:
    """All runs of a day. ``machine`` is ``{what: words}`` for people."""

    date: str
    machine: Mapping[str, str]
    runs: tuple[Run, ...]

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def read(document: Mapping[str, Any]) -> tuple[Run, ...]:
    """The runs in a report's JSON."""
    return tuple(
        Run(
            **{
                **run,
                "rows": tuple(
                    Row(**{**row, "faults": tuple(row["faults"])}) for row in run["rows"]
                ),
            }
        )
        for run in document["runs"]
    )


def joined(runs: tuple[Run, ...], new: Run) -> tuple[Run, ...]:
    """The same runs with a new one behind them, in the place of what the same command gave."""
    return (*(run for run in runs if run.command != new.command), new)


def render(report: Report) -> str:
    """The whole report."""
    lines = [
        f"# The engine's soak of {report.date}",
        "",
        *(f"- {what}: {words}" for what, words in report.machine.items()),
        "",
        *(line for run in report.runs for line in _table(run)),
        *_findings([row for run in report.runs for row in run.rows]),
        READING,
    ]
    return "\n".join(lines)


def _table(run: Run) -> list[str]:
    return [
        f"`{run.command}` at commit {run.commit}, with {run.tested}:",
        "",
        "| part | flavour | threads | requests | seconds | figures | found |",
        "|---|---|---|---|---|---|---|",
        *(_line(row) for row in run.rows),
        "",
    ]


def _line(row: Row) -> str:
    found = f"**{len(row.faults)}**" if row.faults else "nothing"
    return (
        f"| {row.what} | {row.flavour} | {row.threads} | {row.count:,} | {row.seconds:.0f} "
        f"| {row.figures} | {found} |"
    )


def _findings(rows: list[Row]) -> list[str]:
    told = [
        f"- {row.what}, {row.flavour}, threads {row.threads}: {fault}"
        for row in rows
        for fault in row.faults
    ]
    return ["## Found", "", *told, ""] if told else []
