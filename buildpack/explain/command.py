"""bin/explain PATH [--cpus N] [--memory SIZE] [--env NAME=VALUE …] [--json]

What a build of the folder PATH would find, install, tune and start, and why. Nothing is built, and
nothing of the app is run. The exit code is 0 where detection passes, 100 where it fails, and 2 for
options that make no sense.
"""

import argparse
import json
import re
from pathlib import Path

from buildpack import log
from buildpack.explain.explained import Explained, explain
from buildpack.explain.wishes import Limits, Wishes

SIZES = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def main(arguments: list[str]) -> int:
    """Print the explanation; the exit code."""
    asked = parse(arguments)
    told = explain(Wishes(asked.path.absolute(), dict(asked.env), Limits(asked.cpus, asked.memory)))
    print(as_json(told) if asked.json else as_text(told), end="")
    return 0 if told.passes else 100


def parse(arguments: list[str]) -> argparse.Namespace:
    """An attribute for each option."""
    parser = argparse.ArgumentParser(
        prog="bin/explain",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", type=folder, metavar="PATH")
    parser.add_argument("--cpus", type=number, metavar="N", help="as docker run takes it: 0.5")
    parser.add_argument("--memory", type=size, metavar="SIZE", help="as docker run takes it: 512m")
    parser.add_argument(
        "--env",
        type=variable,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a variable of the build and of the container; may be given again",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args(arguments)


def folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return Path(text)


def number(text: str) -> float:
    """A positive number, as docker's --cpus takes it."""
    if not re.fullmatch(r"\d*\.?\d+", text) or not float(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of CPUs, like 0.5 or 2")
    return float(text)


def size(text: str) -> int:
    """Bytes, as docker's --memory takes them."""
    found = re.fullmatch(r"(\d+)([bkmg]?)b?", text.lower())
    if not found or not int(found.group(1)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size, like 512m or 1g")
    return int(found.group(1)) * SIZES[found.group(2)]


def variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def as_text(told: Explained) -> str:
    """As a build logs it."""
    blocks = [
        f"{section.title}\n" + "".join(f"  {line}\n" for line in section.lines)
        for section in told.sections
    ]
    return log.printable("\n".join([*blocks, *([told.problem] if told.problem else [])]))


def as_json(told: Explained) -> str:
    """One object: what is in it is written down in docs/tuning.md."""
    return json.dumps(told.document(), indent=1) + "\n"
