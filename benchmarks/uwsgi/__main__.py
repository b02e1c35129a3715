"""scripts/bench uwsgi [--rounds N] [--seconds N] [--connections N] [--to FOLDER]

Requests per second of the image beside Debian's nginx and uWSGI with the same app, in turns.
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.toolchain import building, cache, peers, program, say, setup, shell

sys.path.append(str(setup.REPOSITORY / "tests"))

from benchmarks import machine
from benchmarks.figures import Spread, ratios, spread
from benchmarks.serve.rounds import turned
from benchmarks.uwsgi import servers

APP = Path(__file__).parent / "app"
RESULTS = Path(__file__).parent / "results"
PATHS = ("/", "/json", "/wait")
IMAGE = "flaskpack-bench-uwsgi"

Rates = dict[str, dict[str, list[float]]]
"""``{path: {contender: a rate for each round}}``."""

READING = """\
## How to read it

- Medians of requests per second, in brackets least and most; the last column is the median of the \
ratios within each round.
- One after another in each round, in one container each, in an order that turns; wrk with one \
thread asks from another container on the same cores, on kept connections.
- The app is Flask 3.1.3 on Python 3.13 for all: a page of 7 bytes, some JSON, and a view that \
waits for 20 ms, as for a database.
- Ours has no proxy in front; nginx talks to uWSGI by a unix socket. 4 processes is what ours \
takes on two cores. "16, cheaper 2" are the settings of tiangolo/uwsgi-nginx-flask, whose page the \
retired image's claim of "about 400 %" refers to.
"""


def main(arguments: list[str]) -> None:
    asked = parse(arguments)
    tools = setup.set_up()
    with cache.locked(tools.site.cache):
        peers.ready(tools.site)
    with tempfile.TemporaryDirectory(dir=tools.site.cache) as packages:
        contenders = made(tools, Path(packages))
        rates = measured(contenders, asked)
    write(asked, arguments, [each.name for each in contenders], rates)


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option."""
    parser = argparse.ArgumentParser(prog="scripts/bench uwsgi", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--seconds", type=int, default=5, metavar="N")
    parser.add_argument("--connections", type=int, default=64, metavar="N")
    parser.add_argument("--to", type=Path, default=RESULTS, metavar="FOLDER")
    return parser.parse_args(arguments)


def made(tools: setup.Toolchain, packages: Path) -> list[servers.Contender]:
    """All contenders, ours first; its app is built, the packages of the others installed."""
    command = building.command(
        tools.pack, IMAGE, APP, setup.BUILDER, tools.certificates, tools.site.env
    )
    shell.do(
        command,
        log=tools.site.log("bench-uwsgi"),
        failure="pack build failed",
        remedy="Look at its output",
        env=tools.site.env,
    )
    install: list[str | Path] = [
        tools.python.with_name("uv"),
        "pip",
        "install",
        "--quiet",
        "--target",
        packages,
    ]
    install += ["--python-version", "3.13", "--only-binary", ":all:"]
    env = {**tools.site.env, "UV_NO_CONFIG": "1"}
    subprocess.run([*install, "-r", APP / "requirements.txt"], check=True, env=env)
    packages.chmod(0o755)
    four = servers.nginx_uwsgi("nginx, uWSGI 4", "--processes 4", APP, packages)
    theirs = "--processes 16 --cheaper 2 --cheaper-initial 2"
    sixteen = servers.nginx_uwsgi("nginx, uWSGI 16, cheaper 2", theirs, APP, packages)
    return [servers.ours(IMAGE, "Flaskpack"), four, sixteen]


def measured(contenders: list[servers.Contender], asked: argparse.Namespace) -> Rates:
    rates: Rates = {path: {each.name: [] for each in contenders} for path in PATHS}
    for number in range(asked.rounds):
        for contender in turned(contenders, number):
            with servers.serving(contender) as address:
                for path in PATHS:
                    servers.asked(address, path, 1, asked.connections)
                    rate = servers.asked(address, path, asked.seconds, asked.connections)
                    rates[path][contender.name].append(rate)
                    say.line(f"round {number + 1}, {contender.name}, {path}: {rate:,.0f}/s")
    return rates


def write(asked: argparse.Namespace, arguments: list[str], names: list[str], rates: Rates) -> None:
    date = datetime.date.today().isoformat()
    facts = {"commit": machine.commit(setup.REPOSITORY), **machine.computer()}
    command = " ".join(["scripts/bench uwsgi", *arguments])
    asked.to.mkdir(parents=True, exist_ok=True)
    path = asked.to / date
    document = {"date": date, "command": command, "facts": facts, "rates": rates}
    path.with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(render(date, command, facts, names, rates), encoding="utf-8")
    say.line(f"{path}.md and .json are written, after {say.elapsed()}.")


def render(date: str, command: str, facts: dict[str, str], names: list[str], rates: Rates) -> str:
    """The whole report, in Markdown."""
    first = names[0]
    rows = []
    for path, of_path in rates.items():
        for name in names:
            told, ratio = cell(spread(of_path[name])), ratio_of(of_path[first], of_path[name])
            rows.append(f"| `{path}` | {name} | {told} | {ratio} |")
    return "\n".join(
        [
            f"# Beside nginx and uWSGI, {date}",
            "",
            f"`{command}`",
            "",
            *(f"- {what}: {words}" for what, words in facts.items()),
            "",
            f"| page | server | requests per second | {first} ÷ it |",
            "|---|---|--:|--:|",
            *rows,
            "",
            READING,
        ]
    )


def cell(rates: Spread) -> str:
    """In whole requests: a rate of some thousands is read better so."""
    return f"{rates.median:,.0f} [{rates.low:,.0f}, {rates.high:,.0f}]"


def ratio_of(ours: list[float], theirs: list[float]) -> str:
    """The median of the rounds' own ratios; a dash where a round of theirs had errors."""
    return f"{ratios(ours, theirs).median:.2f}" if all(theirs) else "-"


if __name__ == "__main__":
    program.run(main)
