"""scripts/bench tuning [--rounds N] [--seconds N] [--short] [--anew] [--to FOLDER]"""

import argparse
import datetime
import json
import os
import sys
from pathlib import Path

from benchmarks import machine
from benchmarks.serve import peers
from benchmarks.serve.kept import Kept
from benchmarks.serve.measure import measure
from benchmarks.serve.peers import Tools
from benchmarks.serve.rounds import told, turned
from benchmarks.tuning import plot, text
from benchmarks.tuning.grid import APPS, CASES, PER_CORE, SERVERS
from benchmarks.tuning.preload import preloads
from benchmarks.tuning.results import CaseResult, Report
from benchmarks.tuning.start import starts
from scripts.toolchain import cache, program, say

RESULTS = Path(__file__).parent / "results"
MODULES = Path(__file__).parents[2] / "layers/web/launch/modules"

ROUNDS, SECONDS = 4, 3.0
"""About 25 minutes."""

STARTS = 5
"""In each round: they are short, and differ by little."""


def main(arguments: list[str]) -> None:
    asked = parse(arguments)
    tools = peers.ready()
    commit = machine.commit(tools.site.repository)
    facts = {**machine.computer(), "load before the first round": f"{os.getloadavg()[0]:.1f}"}
    processes = PER_CORE * len(os.sched_getaffinity(0))
    kept = kept_of(tools, commit, asked)
    run(tools, kept, asked, processes)
    report = Report(
        date=datetime.date.today().isoformat(),
        command=f"scripts/bench tuning --rounds {asked.rounds} --seconds {asked.seconds:g}",
        commit=commit,
        machine=facts,
        versions=peers.versions(tools),
        rounds=asked.rounds,
        seconds=asked.seconds,
        processes=processes,
        default=default(),
        cases=results(kept, asked.rounds),
        starts=starts(tools, STARTS * asked.rounds),
        preloads=preloads(tools, asked.rounds),
    )
    write(report, asked.to, report.date + ("-short" if asked.short else ""))
    kept.forget()


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option."""
    parser = argparse.ArgumentParser(prog="scripts/bench tuning", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="N", help="of each")
    parser.add_argument("--short", action="store_true", help="one round of 0.5 s")
    parser.add_argument("--anew", action="store_true", help="forget what an interrupted run left")
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    if asked.short:
        asked.rounds, asked.seconds = 1, 0.5
    if asked.rounds < 1 or asked.seconds <= 0:
        parser.error("at least one round, and more than 0 seconds")
    return asked


def default() -> str:
    """What an image runs without being told, one of SERVERS."""
    sys.path.insert(0, str(MODULES))
    from flaskpack_launch import threads

    return f"engine-{threads.DEFAULT}"


def kept_of(tools: Tools, commit: str, asked: argparse.Namespace) -> Kept:
    """What an interrupted run of the same length with the same engine left."""
    parts = (commit, str(asked.rounds), str(asked.seconds), str(tools.engine), str(tools.app))
    kept = Kept(tools.site.cache / "bench-tuning" / cache.key_of(*parts))
    if asked.anew:
        kept.forget()
        kept = Kept(kept.folder)
    if len(kept):
        say.line(f"Going on with an interrupted run: {len(kept)} measurements are made.")
    return kept


def run(tools: Tools, kept: Kept, asked: argparse.Namespace, processes: int) -> None:
    """In each round, for each case, every server in turn; what isn't kept yet."""
    for number in range(1, asked.rounds + 1):
        for place, case in enumerate(CASES):
            for server in turned(list(SERVERS), number + place):
                if (case.key, server) in kept.samples.get(number, {}):
                    continue
                sample = measure(
                    tools, SERVERS[server], APPS[case.app], case, processes, asked.seconds
                )
                kept.add(number, case.key, server, sample)
            found = kept.samples[number]
            rates = ", ".join(f"{server} {told(found[case.key, server])}" for server in SERVERS)
            say.line(f"round {number} of {asked.rounds}, {case.key}: {rates} ({say.elapsed()})")


def results(kept: Kept, rounds: int) -> tuple[CaseResult, ...]:
    """A case's samples by server, one for each round."""
    return tuple(
        CaseResult(
            case,
            {
                server: [kept.samples[number][case.key, server] for number in range(1, rounds + 1)]
                for server in SERVERS
            },
        )
        for case in CASES
    )


def write(report: Report, to: Path, name: str) -> None:
    """``{name}.md``, .json and .svg."""
    to.mkdir(parents=True, exist_ok=True)
    document = json.dumps(report.document(), indent=1) + "\n"
    (to / f"{name}.json").write_text(document, encoding="utf-8")
    (to / f"{name}.md").write_text(text.render(report, f"{name}.svg"), encoding="utf-8")
    (to / f"{name}.svg").write_text(plot.draw(report), encoding="utf-8")
    say.line(f"{to / name}.md, its .json and picture are written, after {say.elapsed()}.")


if __name__ == "__main__":
    program.run(main)
