"""The licenses of what the compiled module is made of: upstream and what it took from others.

Each of them asks that its text comes along with the binary form.
"""

import re
from pathlib import Path

from .failure import EngineError

EXPRESSION = "BSD-3-Clause AND BSD-2-Clause AND MIT"
"""Upstream and picoev; nginx; http_parser."""

CARRIED = Path(__file__).resolve().parents[1] / "licenses"
"""Texts that upstream's release lacks."""

_SOURCES = {"http_parser.txt": "http_parser.c", "picoev.txt": "picoev.h"}
_COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)


def texts(tree: Path) -> dict[str, bytes]:
    """Each license by its file's name, from the source in ``tree`` and from what we carry.

    Raises EngineError where a source doesn't begin with its license any more.
    """
    found = {"LICENSE": (tree / "LICENSE").read_bytes()}
    for name, source in _SOURCES.items():
        path = tree / "meinheld" / "server" / source
        found[name] = at_the_head(path.read_text(encoding="utf-8"), source).encode()
    return found | {path.name: path.read_bytes() for path in CARRIED.glob("*.txt")}


def at_the_head(text: str, source: str) -> str:
    """The first comment of a C source, without its marks; EngineError unless it is a license."""
    comment = _COMMENT.match(text)
    if comment is None or "copyright" not in comment[1].lower():
        raise EngineError(f"{source} doesn't begin with its license")
    lines = [line.strip().removeprefix("*").strip() for line in comment[1].splitlines()]
    return "\n".join(lines).strip() + "\n"
