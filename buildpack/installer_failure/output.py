"""uv's words taken apart: its error, the chain of causes, what a build backend said, hints."""

import re
from dataclasses import dataclass

_BACKEND = re.compile(r"\[(?:stdout|stderr)\]")


@dataclass(frozen=True)
class Output:
    """What uv printed when it failed.

    ``text`` is everything, ``said`` everything but the backend's lines, in one string;
    ``causes`` the chain, outermost first, its error included, indentation taken away;
    ``backend`` the lines of a build backend or of git, without the ``[stdout]`` headings.
    """

    text: str
    said: str
    causes: tuple[str, ...]
    backend: tuple[str, ...]
    hints: tuple[str, ...]

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
    backend: list[str] = []
    for cause in causes:
        backend += _without_backend(cause)
    said = ["\n".join(cause).strip() for cause in causes]
    told = ["\n".join(hint).strip() for hint in hints]
    return Output(words, "\n".join(said + told), tuple(said), tuple(backend), tuple(told))


def _without_backend(cause: list[str]) -> list[str]:
    """Takes the lines of a foreign program off a cause, and returns them."""
    marks = (n for n, line in enumerate(cause) if _BACKEND.fullmatch(line) or line == "--- stderr")
    start = next(marks, None)
    if start is None:
        return []
    taken = [line for line in cause[start:] if not _BACKEND.fullmatch(line)]
    del cause[start:]
    return [line for line in taken if line != "--- stderr"]
