"""What a patch says about itself, above its diff, and the file name that follows from it.

    Do something

    What was wrong: ...

    How a user saw it: ...

    What changes: ...

    Test: engine/tests/test_engine_requests.py::test_something

A patch has at least one line of the last kind, and each names a test as pytest does: one
that fails without the patch, and passes with it.
"""

import re
from dataclasses import dataclass

from .failure import EngineError

PARTS = ("What was wrong: ", "How a user saw it: ", "What changes: ", "Test: ")
"""What paragraphs begin with, in their order; the last stands at the head of each line."""

_WORDS_IN_NAME = 7


@dataclass(frozen=True)
class Heading:
    """``subject`` is the first line, ``tests`` are names of tests as pytest takes them."""

    subject: str
    tests: tuple[str, ...]

    def file_name(self, number: int) -> str:
        """The patch's file in the series: its number and its first seven words."""
        plain = re.sub(r"[^a-z0-9 -]", "", self.subject.lower().replace("_", " "))
        return f"{number:04}-{'-'.join(plain.split()[:_WORDS_IN_NAME])}.patch"


def parse(text: str) -> Heading:
    """The heading in ``text``. Raises EngineError where one of its parts is missing."""
    subject, *paragraphs = text.strip().split("\n\n")
    found = [part for part in PARTS if any(each.startswith(part) for each in paragraphs)]
    if "\n" in subject or found != list(PARTS):
        missing = [part.strip(": ") for part in PARTS if part not in found]
        raise EngineError(
            f"{subject.splitlines()[0]!r}: a patch begins with one line, an empty one, and "
            f"paragraphs for {', '.join(part.strip(': ') for part in PARTS)}; "
            f"missing: {', '.join(missing) or 'the empty line'}"
        )
    lines = paragraphs[-1].splitlines()
    if strange := [line for line in lines if not line.startswith(PARTS[-1])]:
        raise EngineError(f"{subject!r}: the last paragraph names tests only, not {strange[0]!r}")
    return Heading(subject, tuple(line.removeprefix(PARTS[-1]) for line in lines))


def of_patch(content: bytes) -> str:
    """The heading's text: everything above the diff, without the empty line between them."""
    head, mark, _ = content.partition(b"\n\ndiff --git ")
    if not mark:
        raise EngineError("no heading, or no change below it")
    return head.decode()
