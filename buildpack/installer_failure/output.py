"""uv's words taken apart: its error, the chain of causes, what a build backend said, hints."""

import re
from dataclasses import dataclass

_HEADINGS = ("[stdout]", "[stderr]", "--- stdout", "--- stderr")


@dataclass(frozen=True)
class Output:
    """What uv printed when it failed.

    ``text`` is everything from the error on, ``said`` everything but foreign lines;
    ``causes`` the chain, outermost first, the error included, indentation taken away;
    ``foreign`` what a build backend or git wrote, stdout and stderr apart.
    """

    text: str
    said: str
    causes: tuple[str, ...]
    foreign: tuple[tuple[str, ...], ...]
    hints: tuple[str, ...]

    @property
    def backend(self) -> tuple[str, ...]:
        """All that a build backend or git wrote."""
        return tuple(line for stream in self.foreign for line in stream)

    @property
    def package(self) -> str:
        """The requirement that couldn't be built or downloaded, "" where it is none."""
        for cause in self.causes:
            found = re.match(r"Failed to (?:download and build|build|download) `([^`]+)`", cause)
            if found:
                return found[1]
        return ""


def read_output(words: str) -> Output:
    """uv's words (with credentials masked already) as an Output."""
    causes: list[list[str]] = []
    hints: list[list[str]] = []
    into: list[str] = []
    for line in words.splitlines():
        if line.startswith("error: "):
            into = [line.removeprefix("error: ")]
            causes.append(into)
        elif line.startswith("  cause: "):
            into = [line.removeprefix("  cause: ")]
            causes.append(into)
        elif line.startswith("hint: "):
            into = [line.removeprefix("hint: ")]
            hints.append(into)
        else:
            into.append(line.removeprefix(" " * 9))
    foreign: list[tuple[str, ...]] = []
    for cause in causes:
        foreign += _take_foreign(cause)
    said = ["\n".join(cause).strip() for cause in causes]
    told = ["\n".join(hint).strip() for hint in hints]
    return Output(words, "\n".join(said + told), tuple(said), tuple(foreign), tuple(told))


def _take_foreign(cause: list[str]) -> list[tuple[str, ...]]:
    """Takes the lines of a foreign program off a cause, and returns them."""
    streams: list[list[str]] = []
    own: list[str] = []
    into = own
    for line in cause:
        if line in _HEADINGS:
            into = []
            streams.append(into)
        else:
            into.append(line)
    cause[:] = own
    return [tuple("\n".join(stream).strip("\n").splitlines()) for stream in streams]
