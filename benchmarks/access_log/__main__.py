"""scripts/bench access_log [--to FOLDER]

Instructions of a worker for each request, by callgrind, without an access log and in each form.
"""

import argparse
import datetime
import os
from pathlib import Path

from scripts.toolchain import cache, devenv, program, say, setup

RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str]) -> None:
    """Sees to the tools, and hands over to the Python that has them."""
    parse(arguments)
    site = setup.site()
    with cache.locked(site.cache):
        python = devenv.ready(site)
        devenv.compiler(site)
        devenv.valgrind(site)
    say.line("Measuring: half a minute for each form of each app.")
    env = {**site.env, "PYTHONPATH": f"{setup.REPOSITORY}:{setup.REPOSITORY / 'engine'}"}
    command = [str(python), "-B", "-m", "benchmarks.access_log.inside", *arguments]
    os.execve(python, command, env)


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option."""
    parser = argparse.ArgumentParser(prog="scripts/bench access_log", description=__doc__)
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    return parser.parse_args(arguments)


def today() -> str:
    """The name of a result."""
    return datetime.date.today().isoformat()


if __name__ == "__main__":
    program.run(main)
