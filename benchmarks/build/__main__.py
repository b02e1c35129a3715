"""scripts/bench build [--rounds N] [--short | --own-work] [--to FOLDER]"""

import argparse
import datetime
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.build import base, machine, own_work, plot, text
from benchmarks.build.apps import APPS
from benchmarks.build.made import Made, removed_at_the_end
from benchmarks.build.own_work import OwnWork
from benchmarks.build.results import Report
from benchmarks.build.rounds import Bench, measure
from scripts.toolchain import docker, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.setup import BUILDER, SUITE, Toolchain, set_up
from scripts.toolchain.site import Site

RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str]) -> None:
    asked = parse(arguments)
    tools = set_up()
    engine = docker.answering() or "unknown"
    facts = machine.facts(engine, tools.pack)
    made = Made()
    if asked.own_work:
        measure_own_work(tools, made, facts, asked)
        return
    say.line(f"What is made in the engine is called {made.name('…')}, and removed at the end.")
    with (
        removed_at_the_end(made),
        tempfile.TemporaryDirectory(dir=tools.site.cache, prefix="bench-") as place,
    ):
        ours = own_builder(tools.site, made, Path(place))
        slim = base.ready(tools.site, SUITE, made, tools.certificates)
        bench = Bench(tools, made, Path(place), ours, slim)
        results = tuple(measure(bench, app, asked.rounds) for app in asked.apps)
    report = Report(
        date=datetime.date.today().isoformat(),
        command="scripts/bench build " + ("--short" if asked.short else f"--rounds {asked.rounds}"),
        commit=machine.commit(tools.site.repository),
        machine=facts,
        rounds=asked.rounds,
        apps=results,
    )
    write(report, asked.to, report.date + ("-short" if asked.short else ""))


def parse(arguments: list[str]) -> argparse.Namespace:
    """``rounds``, ``apps``, ``short`` and ``to``."""
    parser = argparse.ArgumentParser(prog="scripts/bench build", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default: 5")
    parser.add_argument("--short", action="store_true", help="one round with the hello app")
    parser.add_argument(
        "--own-work",
        action="store_true",
        help="only what detect and build themselves take, without pack and the lifecycle",
    )
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    if asked.rounds < 1:
        parser.error(f"--rounds {asked.rounds}: at least one is needed")
    asked.apps = tuple(APPS)
    if asked.short and not asked.own_work:
        asked.rounds, asked.apps = 1, ("hello",)
    return asked


def own_builder(site: Site, made: Made, place: Path) -> str:
    """Our builder under a name of this run: setting up elsewhere can't replace it under way.

    The copies that pack makes of it inherit the label.
    """
    name = made.name("builder")
    (place / "Dockerfile").write_text(f"FROM {BUILDER}\nLABEL {made.label}\n", encoding="utf-8")
    shell.do(
        ["docker", "build", "--tag", name, place],
        log=site.log("bench-builder"),
        failure=f"Docker could not name {BUILDER} anew",
        remedy="Look at the engine's log",
        env={**site.env, "DOCKER_BUILDKIT": "0"},
    )
    return name


def write(report: Report, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(report.document(), indent=1) + "\n"
    (folder / f"{name}.json").write_text(document, encoding="utf-8")
    (folder / f"{name}.svg").write_text(plot.draw(report), encoding="utf-8")
    (folder / f"{name}.md").write_text(text.render(report, f"{name}.svg"), encoding="utf-8")
    say.line(f"{folder / name}.md, .json and .svg are written, after {say.elapsed()}.")


def measure_own_work(
    tools: Toolchain, made: Made, facts: dict[str, str], asked: argparse.Namespace
) -> None:
    with removed_at_the_end(made):
        samples = own_work.measure(tools, made, asked.rounds)
    report = OwnWork(
        date=datetime.date.today().isoformat(),
        command=f"scripts/bench build --own-work --rounds {asked.rounds}",
        commit=machine.commit(tools.site.repository),
        machine=facts,
        rounds=asked.rounds,
        samples=samples,
    )
    write_own_work(report, asked.to)


def write_own_work(report: OwnWork, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{report.date}-own-work"
    document = json.dumps(report.document(), indent=1) + "\n"
    (folder / f"{name}.json").write_text(document, encoding="utf-8")
    (folder / f"{name}.md").write_text(own_work.render(report), encoding="utf-8")
    say.line(f"{folder / name}.md and .json are written, after {say.elapsed()}.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as problem:
        sys.exit(f"Error: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
