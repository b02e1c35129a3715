"""The app's Procfile: a line for each process, ``name: command``.

The format is Heroku's; names are the Buildpack API's process types ("launch.toml", ``type``:
letters, digits, dots, hyphens, underscores).
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from buildpack.errors.procfile import BadProcfile

NAME = "Procfile"
LARGEST = 64 * 1024
"""Bytes; no list of processes is longer."""

TAKEN = ("prestart", "dev", "healthcheck", "python", "python3", "gunicorn", "flask", "launcher")
"""Commands of every image, by which people and probes call them: only ``web`` may be another."""

_TYPE = re.compile(r"[A-Za-z0-9._-]+")
_ASSIGNMENTS = re.compile(r"(?:[A-Za-z_]\w*=[\w./:,@%+-]*\s+)+", re.ASCII)
_PROGRAM = re.compile(r"[\w./+-]+", re.ASCII)
_OPERATORS = frozenset({";", "&", "&&", "|", "||", "(", ")", ";;"})
_WORDS = """
. : alias bg break builtin case cd command continue declare dirs disown do enable eval exec exit
export fg for function getopts hash if jobs let local popd pushd read readonly return select set
shift shopt source time times trap type ulimit umask unalias unset until wait while
"""
_OF_THE_SHELL = frozenset(_WORDS.split())
"""Builtins without a program of the same name, and words that begin a compound command."""


@dataclass(frozen=True)
class Entry:
    """One line: ``command`` is for a shell, ``line`` counts from 1."""

    type: str
    command: str
    line: int

    @property
    def keeps_the_shell(self) -> bool:
        """Whether several commands follow each other, and no exec ends the shell for one.

        As the container's first process it would keep TERM from them.
        """
        words = self._words()
        return any(word in ("&&", ";", "||") for word in words) and "exec" not in words

    def script(self) -> str:
        """What the shell is given: a single program takes the shell's place.

        bash does that by itself only where nothing is redirected.
        """
        words = self._words()
        before = _ASSIGNMENTS.match(self.command)
        start = before.end() if before else 0
        first = self.command[start:].split(maxsplit=1)[:1]
        if set(words) & _OPERATORS or not first or not _PROGRAM.fullmatch(first[0]):
            return self.command
        if first[0] in _OF_THE_SHELL:
            return self.command
        return f"{self.command[:start]}exec {self.command[start:]}"

    def _words(self) -> list[str]:
        try:
            return list(shlex.shlex(self.command, posix=True, punctuation_chars=True))
        except ValueError:  # a quotation that doesn't end: the shell will say so
            return ["("]


def read_procfile(app_dir: Path) -> tuple[Entry, ...]:
    """The entries in their order, none without the file; raises BadProcfile with every problem."""
    path = app_dir / NAME
    if not path.is_file():
        return ()
    lines = list(_lines(_text(path)))
    entries, problems = [], []
    seen: dict[str, int] = {}
    for number, line in lines:
        name, colon, command = (part.strip() for part in line.partition(":"))
        if problem := _problem(name, colon, command, seen):
            problems.append(f"{NAME}:{number}: {line.strip()!r}: {problem}")
        else:
            entries.append(Entry(name, command, number))
        seen.setdefault(name, number)
    if problems:
        raise BadProcfile(problems)
    return tuple(entries)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadProcfile([f"{NAME}: {error.strerror}"]) from error
    if len(content) > LARGEST:
        raise BadProcfile([f"{NAME}: {len(content)} bytes, and {LARGEST} are read at most"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise BadProcfile([f"{NAME}:{number}: not UTF-8"]) from error


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines: a command may hold other characters that it takes for line ends.
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _problem(name: str, colon: str, command: str, seen: dict[str, int]) -> str:
    if not colon or len(name.split()) > 1:
        return "there is no colon behind the first word"
    if not _TYPE.fullmatch(name):
        return "a name is of letters, digits, dots, hyphens and underscores"
    if not command:
        return "there is no command behind the colon"
    if any(char < " " and char != "\t" for char in command):
        return "a control character in the command"
    if name in seen:
        return f"line {seen[name]} has this name already"
    if name in TAKEN:
        return "each image has a command of this name: take another"
    return ""
