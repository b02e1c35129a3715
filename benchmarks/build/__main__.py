"""scripts/bench build [--rounds N] [--to FOLDER] [--app NAME | --short | --own-work | --caching]

A run of all apps writes the README's figures too; --readme only writes those of the last one again.
"""

import argparse
import datetime
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from benchmarks import machine
from benchmarks.build import (
    base,
    builders,
    caching,
    caching_report,
    machine_facts,
    own_work,
    plot,
    readme,
    text,
)
from benchmarks.build.apps import APPS
from benchmarks.build.caching_report import Caching
from benchmarks.build.contest import Bases
from benchmarks.build.made import Made, removed_at_the_end
from benchmarks.build.own_work import OwnWork
from benchmarks.build.results import Report
from benchmarks.build.rounds import measure
from benchmarks.build.rows import PIP, UV
from benchmarks.build.steps import Bench
from scripts.toolchain import docker, images, program, say
from scripts.toolchain.images import Suite, run_base
from scripts.toolchain.setup import SUITE, set_up

RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parents[2] / "README.md"

(OTHER,) = (suite for suite in images.OTHERS if suite.name == "forky")
"""With the other Python, 3.14."""


class Result(Protocol):
    """What every subject ends with."""

    @property
    def date(self) -> str: ...

    def document(self) -> dict[str, Any]: ...


def main(arguments: list[str]) -> None:
    asked = parse(arguments)
    if asked.readme:
        write_readme()
        return
    tools = set_up(builders=True)
    engine = docker.answering() or "unknown"
    facts = machine_facts.of_builds(engine, tools.pack)
    made = Made()
    say.line(f"What is made in the engine is called {made.name('…')}, and removed at the end.")
    with (
        removed_at_the_end(made),
        tempfile.TemporaryDirectory(dir=tools.site.cache, prefix="bench-") as place,
    ):
        asked.measure(Bench(tools, made, Path(place)), facts, asked)


def parse(arguments: list[str]) -> argparse.Namespace:
    """``measure`` is what to do; the others are as they are called."""
    parser = argparse.ArgumentParser(prog="scripts/bench build", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default: 5")
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    parser.add_argument(
        "--app",
        action="append",
        choices=APPS,
        dest="apps",
        help="only this one; may be given again",
    )
    subject = parser.add_mutually_exclusive_group()
    subject.add_argument("--short", action="store_true", help="one round with the hello app")
    subject.add_argument(
        "--own-work",
        action="store_const",
        const=measure_own_work,
        dest="measure",
        help="only what detect and build themselves take, without pack and the lifecycle",
    )
    subject.add_argument(
        "--caching",
        action="store_const",
        const=measure_caching,
        dest="measure",
        help="only what a cached layer costs a code-only rebuild, by its size and its files",
    )
    subject.add_argument(
        "--readme",
        action="store_true",
        help="only write the figures of the last whole run into the README",
    )
    parser.set_defaults(measure=measure_builds)
    asked = parser.parse_args(arguments)
    if asked.rounds < 1:
        parser.error(f"--rounds {asked.rounds}: at least one is needed")
    asked.partly = asked.short or bool(asked.apps)
    if asked.short:
        asked.rounds, asked.apps = 1, ["hello"]
    return asked


def measure_builds(bench: Bench, facts: dict[str, str], asked: argparse.Namespace) -> None:
    """The report is written after each app: what an interrupt leaves is whole but for the rest."""
    bases = make_bases(bench)
    only = "".join(f" --app {app}" for app in asked.apps or ())
    suffix = "-part" if asked.partly else ""
    report = Report(
        date=datetime.date.today().isoformat(),
        command="scripts/bench build "
        + ("--short" if asked.short else f"--rounds {asked.rounds}{only}"),
        commit=machine.commit(bench.tools.site.repository),
        machine=facts,
        rounds=asked.rounds,
        apps=(),
    )
    for app in asked.apps or APPS:
        result = measure(bench, bases, app, asked.rounds)
        report = replace(report, apps=(*report.apps, result))
        rendered = text.render(report, f"{report.date}{suffix}.svg")
        write(report, asked.to, suffix, rendered, plot.draw(report))
    if not asked.partly and asked.to == RESULTS:
        write_readme()


def write_readme() -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(readme.into(text, readme.newest(RESULTS)), encoding="utf-8")
    say.line(f"The figures in {README} are written.")


def make_bases(bench: Bench) -> Bases:
    def each(what: str, make: Callable[[Suite, Path], str]) -> tuple[str, str]:
        one, other = (make(suite, bench.place / f"{what}-{suite.name}") for suite in (SUITE, OTHER))
        return one, other

    tools, made = bench.tools, bench.made
    return Bases(
        other_python=OTHER.python or "",
        builders=each("builder", lambda suite, at: builders.ours(tools, suite, made, at)),
        run=run_base(SUITE).name,
        pip=each("pip", lambda suite, at: base.ready(tools, suite, PIP, made, at)),
        uv=each("uv", lambda suite, at: base.ready(tools, suite, UV, made, at)),
    )


def write(result: Result, to: Path, suffix: str, rendered: str, picture: str = "") -> None:
    """``{date}{suffix}.md``, .json, and .svg where there is a picture."""
    to.mkdir(parents=True, exist_ok=True)
    name = result.date + suffix
    document = json.dumps(result.document(), indent=1) + "\n"
    (to / f"{name}.json").write_text(document, encoding="utf-8")
    (to / f"{name}.md").write_text(rendered, encoding="utf-8")
    if picture:
        (to / f"{name}.svg").write_text(picture, encoding="utf-8")
    say.line(f"{to / name}.md, its .json and its picture are written, after {say.elapsed()}.")


def measure_own_work(bench: Bench, facts: dict[str, str], asked: argparse.Namespace) -> None:
    report = OwnWork(
        date=datetime.date.today().isoformat(),
        command=f"scripts/bench build --own-work --rounds {asked.rounds}",
        commit=machine.commit(bench.tools.site.repository),
        machine=facts,
        rounds=asked.rounds,
        samples=own_work.measure(bench.tools, bench.made, asked.rounds),
    )
    write(report, asked.to, "-own-work", own_work.render(report))


def measure_caching(bench: Bench, facts: dict[str, str], asked: argparse.Namespace) -> None:
    report = Caching(
        date=datetime.date.today().isoformat(),
        command=f"scripts/bench build --caching --rounds {asked.rounds}",
        commit=machine.commit(bench.tools.site.repository),
        machine=facts,
        rounds=asked.rounds,
        samples=caching.measure(bench, asked.rounds),
    )
    rendered = caching_report.render(report, f"{report.date}-caching.svg")
    write(report, asked.to, "-caching", rendered, caching_report.draw(report))


if __name__ == "__main__":
    program.run(main)
