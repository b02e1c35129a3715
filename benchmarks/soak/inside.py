"""scripts/soak engine [--minutes N] [--requests N] [--seed N] [--part NAME] [--flavour NAME]

Minutes are for each part in each flavour. Parts and flavours may be named more than once; without
any, all parts run in the plain and the sanitized flavour. The parser has one flavour, libFuzzer's,
and its minutes are the processor's; 120 are its full length.

Today's table keeps what other commands gave; the same command again replaces what it gave before.

The part "matrix" is run alone, and only when it is named: the engine's tests on each Python that
is here with each gunicorn, or with those that --python and --gunicorn name.
"""

import argparse
import contextlib
import datetime
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harness import environments, parser_fuzz, sanitizers, soak
from harness.soaked import Plan, Row

from benchmarks import machine
from benchmarks.soak import matrix
from benchmarks.soak.results import Report, Run, joined, read, render
from scripts.toolchain import program, say, setup

RESULTS = Path(__file__).parent / "results"
FLAVOURS = {
    "plain": sanitizers.plain,
    "sanitized": sanitizers.sanitized,
    "raced": sanitizers.raced,
    "valgrind": sanitizers.under_valgrind,
}


def main(arguments: list[str]) -> int:
    """1 where something was found."""
    asked = parse(arguments)
    if asked.part == [matrix.PART]:
        return matrix.run(asked.python, asked.gunicorn, asked.to)
    asked.python = asked.python or environments.tested_python()
    version = asked.gunicorn
    asked.gunicorn = f"gunicorn=={version}" if version else environments.tested_gunicorn()
    flavours = [FLAVOURS[name](asked.python, asked.gunicorn) for name in asked.flavour]
    run = Run(
        command=shown(arguments),
        commit=machine.commit(setup.REPOSITORY),
        tested=f"{environments.output([asked.python, '-V']).strip()} and {asked.gunicorn}",
        rows=(),
    )
    plan = Plan(asked.minutes * 60, asked.requests, asked.seed, asked.python)
    for row in soak.rows(asked.part, flavours, plan):
        run = replace(run, rows=(*run.rows, told(row)))
        write(run, asked.to)
    say.line(f"It is in {asked.to}, after {say.elapsed()}.")
    if asked.renew_corpus:
        parser_fuzz.renew(parser_fuzz.ready(asked.python))
    return int(any(row.faults for row in run.rows))


def shown(arguments: list[str]) -> str:
    """The command for people: where its table goes is seen where that is."""
    if "--to" in arguments:
        at = arguments.index("--to")
        arguments = arguments[:at] + arguments[at + 2 :]
    return " ".join(["scripts/soak", *arguments])


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option; ``gunicorn`` and ``python`` may be None."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("what", choices=["engine"])
    parser.add_argument("--minutes", type=float, default=10, metavar="N", help="default: 10")
    parser.add_argument("--requests", type=int, default=1_000_000, metavar="N", help="at most")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--part", action="append", choices=[*soak.PARTS, matrix.PART])
    parser.add_argument("--flavour", action="append", choices=list(FLAVOURS))
    parser.add_argument("--python", metavar="PROGRAM")
    parser.add_argument("--gunicorn", metavar="VERSION")
    parser.add_argument("--renew-corpus", action="store_true", help="of the parser, afterwards")
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    asked.part = asked.part or list(soak.PARTS)
    asked.flavour = asked.flavour or ["plain", "sanitized"]
    if matrix.PART in asked.part and len(asked.part) > 1:
        parser.error(f"{matrix.PART} is run alone")
    return asked


def told(row: Row) -> Row:
    """The same, when its line is printed."""
    found = "".join(f"\n  {fault}" for fault in row.faults)
    say.line(
        f"{row.what}, {row.flavour}, threads {row.threads}: {row.count:,} in {row.seconds:.0f} s; "
        f"{row.figures or 'no figures'}; {len(row.faults)} found{found}"
    )
    return row


def write(run: Run, folder: Path) -> None:
    """Puts the run into today's report; what other commands gave is kept."""
    date = datetime.date.today().isoformat()
    path = folder / f"{date}.json"
    with alone(folder):
        known = read(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else ()
        report = Report(date, machine.computer(), joined(known, run))
        path.write_text(json.dumps(report.document(), indent=1) + "\n", encoding="utf-8")
        path.with_suffix(".md").write_text(render(report), encoding="utf-8")


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other run writes there at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    program.run(main)
