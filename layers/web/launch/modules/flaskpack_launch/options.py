"""What gunicorn was told by options: on its command line and in GUNICORN_CMD_ARGS."""

import re
import shlex
from typing import Mapping, Optional, Sequence


def words(argv: Sequence[str], environ: Mapping[str, str]) -> "list[str]":
    """All words, the weakest first: for gunicorn the command line beats the variable."""
    try:
        given = shlex.split(environ.get("GUNICORN_CMD_ARGS", ""))
    except ValueError:  # a quotation that doesn't end: gunicorn says so itself
        given = []
    return [*given, *argv[1:]]


def last(options: Sequence[str], short: str, long: str) -> Optional[str]:
    """The value of an option; of several the last, as for gunicorn; None where it isn't given.

    `long` is as little of the long name as argparse takes for it.
    """
    value = None
    for number, word in enumerate(options):
        name, equals, rest = word.partition("=")
        if re.match(re.escape(long) + r"[a-z-]*$", name):
            value = rest if equals else _at(options, number + 1)
        elif word.startswith(short) and not word.startswith("--"):
            value = word[len(short) :] or _at(options, number + 1)
    return value


def _at(options: Sequence[str], number: int) -> str:
    return options[number] if number < len(options) else ""
