"""scripts/soak rolling|proxies [--updates N] [--requests N] [--rounds N] [--to FOLDER]

rolling: so many updates (20) of each site under load, and on until so many requests (100,000)
are answered. proxies: each attack so many times (3) through each proxy, visitors behind each.
"""

import argparse
import datetime
import json
from pathlib import Path

from support.images import Images
from support.packing import Packer

from benchmarks import machine
from benchmarks.production import proxies, rolling
from benchmarks.production.report import Report, Table, render
from scripts.toolchain import program, say, setup

RESULTS = setup.REPOSITORY / "benchmarks" / "soak" / "results"


def main(arguments: list[str]) -> int:
    """1 where something was lost or went to who didn't ask for it."""
    asked = parse(arguments)
    packer = Packer()
    try:
        image = Images(packer).name("operated")
        table = measured(asked, image)
    finally:
        packer.remove()
    report = Report(
        datetime.date.today().isoformat(),
        " ".join(["scripts/soak", *arguments]),
        machine.commit(setup.REPOSITORY),
        machine.computer(),
        table,
    )
    write(report, asked.to, asked.what)
    return int(table.faults > 0)


def measured(asked: argparse.Namespace, image: str) -> Table:
    if asked.what == "rolling":
        return rolling.table(image, asked.updates, asked.requests)
    return proxies.table(image, asked.rounds)


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("what", choices=["rolling", "proxies"])
    parser.add_argument("--updates", type=int, default=20, metavar="N")
    parser.add_argument("--requests", type=int, default=100_000, metavar="N", help="at least")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    return parser.parse_args(arguments)


def write(report: Report, folder: Path, what: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.date}-{what}"
    document = json.dumps(report.document(), indent=1) + "\n"
    path.with_suffix(".json").write_text(document, encoding="utf-8")
    path.with_suffix(".md").write_text(render(report), encoding="utf-8")
    say.line(f"{path}.md and .json are written, after {say.elapsed()}.")


if __name__ == "__main__":
    program.run(main)
