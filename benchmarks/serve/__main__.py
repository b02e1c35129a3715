"""scripts/bench serve [--rounds N] [--seconds N] [--full | --short] [--server NAME] [--app NAME]
[--connections N] [--anew] [--to FOLDER]"""

import argparse
import datetime
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import machine
from benchmarks.serve import cases, peers, plot, text
from benchmarks.serve.cases import Case
from benchmarks.serve.kept import Kept
from benchmarks.serve.peers import Tools
from benchmarks.serve.plot import PICTURES
from benchmarks.serve.results import CaseResult, Report
from benchmarks.serve.rounds import Plan, count_all, take_round
from benchmarks.serve.servers import OURS, SERVERS, SYNC
from scripts.toolchain import cache, program, say
from scripts.toolchain.errors import SetupError

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Length:
    """What is measured where no option says otherwise; ``seconds`` of each measurement."""

    cases: Sequence[Case]
    servers: Sequence[str]
    counted: Sequence[str]
    rounds: int
    seconds: float


USUAL = Length(cases.usual(), list(SERVERS), cases.QUICK, 3, 2.0)
FULL = Length(cases.full(), list(SERVERS), cases.COUNTED, 5, 4.0)
SHORT = Length(cases.short(), [OURS, SYNC], [], 1, 0.3)


def main(arguments: list[str]) -> None:
    """The report is written after each round: an interrupt leaves those before it."""
    asked = parse(arguments)
    plan = plan_of(asked, len(os.sched_getaffinity(0)))
    tools = peers.ready()
    report = Report(
        date=datetime.date.today().isoformat(),
        command=command_of(asked),
        commit=machine.commit(tools.site.repository),
        machine=facts(),
        versions=peers.versions(tools),
        rounds=0,
        seconds=plan.seconds,
        processes=plan.processes,
        servers=plan.servers,
        cases=(),
        counts=(),
    )
    kept = kept_of(tools, plan, report.commit, asked.anew)
    count_all(tools, plan, kept)
    for number in range(1, plan.rounds + 1):
        take_round(tools, plan, kept, number)
        name = report.date + ("-part" if asked.partly else "")
        write(with_rounds(report, plan, kept, number), asked.to, name)
    kept.forget()


def facts() -> dict[str, str]:
    """In words for people."""
    return {**machine.computer(), "load before the first round": f"{os.getloadavg()[0]:.1f}"}


def command_of(asked: argparse.Namespace) -> str:
    """What makes such a report again, wherever it is written to."""
    words = [f"--{name}" for name in ("full", "short") if getattr(asked, name)]
    words += [
        f"--{option} {value}"
        for option in ("rounds", "seconds")
        if (value := getattr(asked, option)) is not None
    ]
    lists = {"server": asked.servers, "app": asked.apps, "connections": asked.connections}
    words += [f"--{option} {value}" for option, given in lists.items() for value in given or ()]
    return " ".join(["scripts/bench serve", *words])


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option; lists are None where nothing was asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench serve", description=__doc__)
    parser.add_argument("--rounds", type=int, metavar="N", help=f"default: {USUAL.rounds}")
    parser.add_argument(
        "--seconds", type=float, metavar="N", help=f"of each; default: {USUAL.seconds:g}"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--full",
        action="store_true",
        help=f"the whole grid; {FULL.rounds} rounds of {FULL.seconds:g} s; more is counted",
    )
    length.add_argument(
        "--short", action="store_true", help="two servers, two apps, one round; nothing is counted"
    )
    for option, choices, known in (
        ("--server", SERVERS, "servers"),
        ("--app", cases.APPS, "apps"),
    ):
        parser.add_argument(
            option, action="append", choices=choices, dest=known, help="only this; or several"
        )
    parser.add_argument("--connections", action="append", type=int, choices=cases.CONNECTIONS)
    parser.add_argument("--anew", action="store_true", help="forget what an interrupted run left")
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    least = ((asked.rounds, 1), (asked.seconds, 0.05))
    if any(given is not None and given < at_least for given, at_least in least):
        parser.error("at least one round, and 0.05 seconds")
    asked.partly = bool(asked.short or asked.servers or asked.apps or asked.connections)
    return asked


def plan_of(asked: argparse.Namespace, cores: int) -> Plan:
    """What the options ask for; raises SetupError where that is nothing."""
    length = FULL if asked.full else SHORT if asked.short else USUAL
    servers = asked.servers or length.servers
    apps, connections = asked.apps or cases.APPS, asked.connections or cases.CONNECTIONS
    wanted = tuple(
        case
        for case in length.cases
        if case.app in apps and case.connections in connections and (cores > 1 or not case.apart)
    )
    if not wanted:
        raise SetupError("No case is left to measure", "Ask for other --app or --connections")
    return Plan(
        cases=wanted,
        servers=tuple(server for server in SERVERS if server in servers),
        counted=tuple(app for app in length.counted if app in apps),
        rounds=asked.rounds or length.rounds,
        seconds=asked.seconds or length.seconds,
        processes=cores,
    )


def kept_of(tools: Tools, plan: Plan, commit: str, anew: bool) -> Kept:
    """What an interrupted run of the same plan with the same servers and engine left."""
    made_of = [repr(plan), commit, *map(str, (tools.python, tools.engine, tools.app, tools.client))]
    kept = Kept(tools.site.cache / "bench-serve" / cache.key_of(*made_of))
    if anew:
        kept.forget()
        kept = Kept(kept.folder)
    if len(kept):
        say.line(f"Going on with an interrupted run: {len(kept)} of {plan.size} are measured.")
    return kept


def with_rounds(report: Report, plan: Plan, kept: Kept, number: int) -> Report:
    """The report with the first rounds, sorted by the case, and by the server within it."""
    rounds = range(1, number + 1)
    return replace(
        report,
        rounds=number,
        cases=tuple(
            CaseResult(
                case,
                {
                    server: [kept.samples[each][case.key, server] for each in rounds]
                    for server in plan.servers
                },
            )
            for case in plan.cases
        ),
        counts=tuple(kept.counts[app, server] for app in plan.counted for server in plan.servers),
    )


def write(report: Report, to: Path, name: str) -> None:
    """``{name}.md``, its pictures and .json."""
    to.mkdir(parents=True, exist_ok=True)
    document = json.dumps(report.document(), indent=1) + "\n"
    (to / f"{name}.json").write_text(document, encoding="utf-8")
    (to / f"{name}.md").write_text(text.render(report, name), encoding="utf-8")
    for picture in PICTURES:
        if picture.groups(report):
            path = to / f"{name}-{picture.key}.svg"
            path.write_text(plot.draw(picture, report), encoding="utf-8")
    say.line(f"{to / name}.md, its .json and pictures are written, after {say.elapsed()}.")


if __name__ == "__main__":
    # The server that is measured at the moment ends with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    program.run(main)
