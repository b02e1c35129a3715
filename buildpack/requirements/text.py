"""From a requirements file's bytes to logical lines.

Encodings as pip reads them (byte order mark, PEP 263 comment, else UTF-8), with two
differences: the locale is never asked, since it is the build image's and not the
author's, and bytes that aren't UTF-8 are accepted inside comments.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 first: its little-endian mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
# Text encodings only: Python also registers codecs for zlib, idna, escapes …
_TEXT_CODEC = re.compile(
    r"(utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*|shift_jis\w*|euc_\w+)"
)
_COMMENT = re.compile(r"(?:^|[ \t\f])#.*$")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_LINE = 50_000  # characters


class NotTextError(ValueError):
    """The bytes aren't text: the line number where that shows, and what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class LogicalLine:
    """A line without its comment, continuations joined; ``number`` of its first line, from 1."""

    number: int
    text: str


def decode(data: bytes) -> str:
    """The text of a requirements file. Raises NotTextError."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    for line in data.split(b"\n", 2)[:2]:
        if declared := _DECLARED.match(line):
            return _decoded(data, declared[1].decode("ascii", "replace"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _with_foreign_comments(data, error)


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """The lines that say something. Raises NotTextError for control characters."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        content = _COMMENT.sub("", line)
        _check(number, content)
        first = first or number
        parts.append(content.removesuffix("\\"))
        if not content.endswith("\\"):
            yield from _joined(first, parts)
            parts, first = [], 0
    yield from _joined(first, parts)


def _joined(first: int, parts: list[str]) -> Iterator[LogicalLine]:
    joined = "".join(parts).strip()
    if len(joined) > LONGEST_LINE:
        raise NotTextError(first, f"has a line of {len(joined)} characters")
    if joined:
        yield LogicalLine(first, joined)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    if not name.startswith(("utf-16", "utf-32")) and not _TEXT_CODEC.fullmatch(name):
        raise NotTextError(1, f"says that its encoding is {encoding!r}, which isn't known")
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotTextError(line, f"isn't valid {encoding}") from error


def _with_foreign_comments(data: bytes, error: UnicodeDecodeError) -> str:
    text = data.decode("latin-1")
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not _COMMENT.sub("", line).isascii():
            raise NotTextError(number, "isn't UTF-8") from error
    return text


def _check(number: int, content: str) -> None:
    if found := _UNPRINTABLE.search(content):
        what = "a null byte" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
        raise NotTextError(number, f"holds {what}")
