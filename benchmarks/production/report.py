"""What a run found, as Markdown and for JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """``faults`` counts what must not be; ``found`` are lines about it, ``reading`` is prose."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: int
    found: tuple[str, ...]
    reading: str


@dataclass(frozen=True)
class Report:
    """A whole run. ``machine`` is ``{what: words}`` for people."""

    date: str
    command: str
    commit: str
    machine: Mapping[str, str]
    table: Table

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def render(report: Report) -> str:
    """The whole report."""
    table = report.table
    found = ["## Found", "", *(f"- {line}" for line in table.found), ""] if table.found else []
    return "\n".join(
        [
            f"# {table.title}, {report.date}",
            "",
            f"`{report.command}` at commit {report.commit}.",
            "",
            *(f"- {what}: {words}" for what, words in report.machine.items()),
            "",
            _line(table.heads),
            _line(tuple("---" for _ in table.heads)),
            *(_line(row) for row in table.rows),
            "",
            *found,
            table.reading,
        ]
    )


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
