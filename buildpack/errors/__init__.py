"""Every failure a user can meet: its facts as a class, its words beside them.

One root exception with a class for each fact. Code raises facts; the text that a
person reads is written here and nowhere else, and printed by ``buildpack.cli`` alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """What a user reads: title, what happened, what was found, what to do.

    ``found`` are lines shown as they are (file and line first where there is one);
    ``remedies`` are numbered when there are several. A remedy may have several lines:
    the exact text to write, and the file to write it into.
    """

    title: str
    happened: str
    found: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()

    def render(self) -> str:
        """The whole text, ending in a newline."""
        blocks = [f"Error: {self.title}", self.happened]
        if self.found:
            blocks.append("Found:\n" + "\n".join(f"  {line}" for line in self.found))
        if self.remedies:
            blocks.append("What to do:\n" + "\n".join(_numbered(self.remedies)))
        return "\n\n".join(blocks) + "\n"


def _numbered(remedies: tuple[str, ...]) -> list[str]:
    lines = []
    for number, remedy in enumerate(remedies, start=1):
        mark = f"  {number}. " if len(remedies) > 1 else "  "
        first, *rest = remedy.splitlines()
        lines.append(mark + first)
        lines += [(" " * len(mark) + line).rstrip() for line in rest]
    return lines


class FlaskpackError(Exception):
    """The root of all our errors; a subclass takes the facts and says the words."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation.title)
        self.explanation = explanation
