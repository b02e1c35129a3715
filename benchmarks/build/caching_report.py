"""The report on cached layers, as Markdown and as a picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks import bars
from benchmarks.build.caching import FORMS, Form
from benchmarks.build.plot import COLOURS
from benchmarks.build.rows import FLASKPACK
from benchmarks.figures import Spread, cell, spread

NOTES = """\
Medians, with the least and the greatest in brackets. A buildpack that does nothing else declares \
one cached layer; one line of the app's `main.py` differs. The lifecycle restores, archives and \
hashes the layer in each build. The files are of one size and hold random bytes: a cache volume \
isn't compressed. In each round every form has its turn.

That is why Flaskpack keeps only the wheels that it built from source (`layers/wheels.py`): \
downloaded ones are cheap to keep only while they are few, and quick to download then. uv's own \
cache has the same bytes in more files.
"""


@dataclass(frozen=True)
class Caching:
    """A whole run. ``samples`` are seconds for each round, by the form's key."""

    date: str
    command: str
    commit: str
    machine: Mapping[str, str]
    rounds: int
    samples: Mapping[str, Sequence[float]]

    def spread(self, form: Form) -> Spread:
        return spread(self.samples[form.key])

    def more(self, form: Form) -> Spread:
        """Than with nothing cached, round by round."""
        nothing = self.samples[FORMS[0].key]
        pairs = zip(self.samples[form.key], nothing, strict=True)
        return spread([taken - least for taken, least in pairs])

    def document(self) -> dict[str, Any]:
        """For JSON, each single measurement included."""
        return asdict(self)


def render(report: Caching, picture: str) -> str:
    """The report as Markdown; ``picture`` is the file name of the plot."""
    return "\n".join((*_head(report, picture), *_table(report), "", NOTES))


def _head(report: Caching, picture: str) -> Iterator[str]:
    rounds = f"{report.rounds} round" + "s" * (report.rounds != 1)
    yield f"# What a cached layer costs a code-only rebuild, {report.date}\n"
    yield f"Made by `{report.command}` at commit {report.commit}; {rounds}.\n"
    yield from (f"- {what}: {words}" for what, words in report.machine.items())
    yield f"\n![The table below as bars]({picture})\n"


def _table(report: Caching) -> Iterator[str]:
    yield "| what is cached | MB | files | code-only rebuild, s | more than with nothing, s |"
    yield "|---|--:|--:|--:|--:|"
    for form in FORMS:
        more = cell(report.more(form)) if form.files else ""
        size = f"{form.megabytes} | {form.files:,}"
        yield f"| {form.title} | {size} | {cell(report.spread(form))} | {more} |"


def draw(report: Caching) -> str:
    """An SVG document, all bars on one scale."""
    longest = max(report.spread(form).high for form in FORMS)
    body: list[str] = []
    at = bars.HEAD
    for form in FORMS:
        title = f"{form.title}, {form.megabytes} MB, {form.files:,} files, s"
        body += bars.group(title, [(FLASKPACK, report.spread(form))], at, longest)
        at += bars.BAR + bars.GAP
    return bars.document("What a cached layer costs a code-only rebuild", body, at, COLOURS)
