"""scripts/soak containers [--minutes N] [--to FOLDER]

The hardest of the containers with limits (tests/support/limits.py), and those whose app leaks, all
of them under load at the same time for so many minutes.
"""

import argparse
import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from support.images import Images
from support.limited import Case, Outcome, outcome
from support.limits import HARDEST, LEAKS
from support.packing import Packer

from benchmarks import machine
from scripts.toolchain import program, say, setup

READING = """\
## How to read it

- The app is Flask with so many MiB of ballast (`BALLAST`), besides the 26 MiB that Flask and the \
server take, or one that keeps so many KiB of each request (`LEAK`: 10 is 1 MB in 100 requests). \
Six clients ask on kept connections, a new one for every twentieth request.
- Wrong is what must not be: a process killed for want of memory, a worker that died or was too \
slow, another answer than the right one, a request that nobody answered.
- Renewed are workers that ended in order because of what they took. A request that met a \
connection which its worker closed was not run, and was sent again, on a new one.
"""


@dataclass(frozen=True)
class Row:
    """What became of a container."""

    name: str
    outcome: Outcome


def main(arguments: list[str]) -> int:
    """1 where something was wrong."""
    asked = parse(arguments)
    packer = Packer()
    cases = [*HARDEST, *LEAKS]
    try:
        image = Images(packer).name("hungry")
        with ThreadPoolExecutor(len(cases)) as pool:
            seconds = asked.minutes * 60
            rows = list(pool.map(lambda case: row(image, case, seconds), cases))
    finally:
        packer.remove()
    write(rows, " ".join(["scripts/soak containers", *arguments]), asked.to)
    return int(any(each.outcome.wrong for each in rows))


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option."""
    parser = argparse.ArgumentParser(prog="scripts/soak containers", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, metavar="N", help="default: 5")
    results = Path(__file__).parent / "results"
    parser.add_argument("--to", type=Path, default=results, metavar="FOLDER")
    return parser.parse_args(arguments)


def row(image: str, case: Case, seconds: float) -> Row:
    found = outcome(image, case, seconds)
    wrong = ", ".join(found.wrong) or "nothing"
    say.line(
        f"{case.name}: {found.workers} workers, {found.answered:,} answered in "
        f"{found.seconds:.0f} s, {found.renewed} renewed; wrong: {wrong}"
    )
    return Row(case.name, found)


def write(rows: list[Row], command: str, folder: Path) -> None:
    """``{date}-containers.md`` and .json."""
    folder.mkdir(parents=True, exist_ok=True)
    date = datetime.date.today().isoformat()
    facts = {"commit": machine.commit(setup.REPOSITORY), **machine.computer()}
    document = {"date": date, "command": command, "facts": facts, "rows": [*map(asdict, rows)]}
    path = folder / f"{date}-containers.json"
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    text = render(date, command, facts, rows)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    say.line(f"{path} and .md are written, after {say.elapsed()}.")


def render(date: str, command: str, facts: dict[str, str], rows: list[Row]) -> str:
    """The whole report, in Markdown."""
    return "\n".join(
        [
            f"# Containers with limits under load, {date}",
            "",
            f"`{command}`",
            "",
            *(f"- {what}: {words}" for what, words in facts.items()),
            "",
            "| limits | workers | seconds | answered | sent again | renewed | wrong |",
            "|---|--:|--:|--:|--:|--:|---|",
            *map(_line, rows),
            "",
            "What their logs said:",
            "",
            *(f"- `{each.name}`: {line}" for each in rows for line in each.outcome.says),
            "",
            READING,
        ]
    )


def _line(each: Row) -> str:
    found = each.outcome
    counts = f"{found.workers} | {found.seconds:.0f} | {found.answered:,} | {found.repeated}"
    wrong = f"**{'; '.join(found.wrong)}**" if found.wrong else "nothing"
    return f"| `{each.name}` | {counts} | {found.renewed} | {wrong} |"


if __name__ == "__main__":
    program.run(main)
