"""From a file's bytes to its syntax tree, or to the error that says why there is none."""

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass, field

from buildpack.app_finder.answers import Origin
from buildpack.app_finder.shown import shown
from buildpack.errors import FlaskpackError
from buildpack.errors.app_source import (
    BrokenSyntax,
    NewerSyntax,
    NullBytes,
    TooComplex,
    TooLarge,
    WrongEncoding,
)

HEAVIEST = 50_000
"""What a file may weigh (see ``weight``); about 300 kB of usual code, at most 100 MB of memory."""

MOST_BLANKED = 20
"""Tries to read a file without what our grammar doesn't know; fewer for a heavy file."""
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff")
_WORDS = re.compile(rb"[\w\x80-\xff]+|\.\.\.|['\"]+|;")
_DYNAMIC = ("globals()", "vars()", "exec(", "setattr(", "sys.modules", "def __getattr__")
_PRINTABLE = bytes(range(0x20, 0x7F))


@dataclass(frozen=True, eq=False)
class Source:
    """A parsed file.

    ``unread`` are lines whose grammar is newer than our parser. ``walrus``: it may use ``:=``,
    ``globals``: it may use ``global``, ``dynamic``: it may set names that no statement tells.
    """

    path: str
    tree: ast.Module
    lines: list[str]
    weight: int
    unread: tuple[Origin, ...] = field(default=())
    walrus: bool = False
    globals: bool = False
    dynamic: bool = False

    def origin(self, node: ast.AST) -> Origin:
        """The line where the node begins."""
        return _origin(self.path, self.lines, getattr(node, "lineno", 1))


def parse(
    file: str, data: bytes, app_python: tuple[int, int], our_python: tuple[int, int]
) -> Source | FlaskpackError:
    """Parse a file's bytes the way Python would read them.

    A syntax error is final only where our grammar is at least as new as the app's; where it
    isn't, the blocks of code that we can't read are left out and named in ``unread``.
    """
    heavy = weight(data)
    if heavy > HEAVIEST:
        return TooLarge(shown(file), f"{len(data):,} bytes with more than {HEAVIEST:,} words")
    text = _decode(file, data)
    if isinstance(text, FlaskpackError):
        return text
    lines = text.split("\n")
    unread: list[Origin] = []
    while True:
        try:
            tree = _tree("\n".join(lines))
            dynamic = any(word in text for word in _DYNAMIC)
            flags = ":=" in text, "global " in text, dynamic
            return Source(file, tree, lines, heavy, tuple(unread), *flags)
        except SyntaxError as error:
            where = _origin(file, lines, error.lineno or 1)
            if our_python >= app_python:
                return BrokenSyntax(where, _reason(error, where), our_python)
            if len(unread) >= min(MOST_BLANKED, HEAVIEST // max(heavy, 1)):
                return NewerSyntax(unread[0], _reason(error, where), app_python, our_python)
            unread.append(where)
            lines = _without_block(lines, where.line)
        except (RecursionError, MemoryError):
            return TooComplex(shown(file))


def _reason(error: SyntaxError, where: Origin) -> str:
    if where.text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return "a merge conflict was left in it"
    return shown(error.msg)


def weight(data: bytes) -> int:
    """What parsing costs, in words, which takes at most 1.8 kB and 15 µs for each.

    Whatever makes a node of its own counts as a word, an opening bracket as two: an f-string
    with n of them takes n² in Python 3.11.
    """
    brackets = sum(data.count(bracket) for bracket in (b"(", b"[", b"{"))
    return sum(1 for _ in _WORDS.finditer(data)) + 2 * brackets


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes would be printed amid the log
        return ast.parse(text)


def _decode(file: str, data: bytes) -> str | FlaskpackError:
    """The text, by byte order mark or declaration (PEP 263), else UTF-8; line ends made "\n"."""
    if data.startswith(_UTF16_OR_32):
        return WrongEncoding(shown(file), 1, "it is UTF-16 or UTF-32, which Python never takes")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        return NullBytes(shown(file), line)
    try:
        text = data.decode(_declared(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{data[error.start]:02x} isn't {shown(error.encoding)} there"
        return WrongEncoding(shown(file), line, reason)
    except LookupError as error:
        return WrongEncoding(shown(file), 1, shown(str(error.args[0])))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(data: bytes) -> str:
    """The file's encoding. LookupError where code can't be in it: ASCII must mean ASCII."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        as_ascii = _PRINTABLE.decode(encoding) if encoding != "utf-8" else ""
    except SyntaxError as error:
        if str(error).startswith("invalid or missing"):
            return "utf-8-sig"  # the first lines aren't UTF-8: decoding says where
        raise LookupError(str(error)) from None
    except (LookupError, ValueError):
        as_ascii = "?"
    if as_ascii not in ("", _PRINTABLE.decode("ascii")):
        raise LookupError("the declared encoding is none for Python code")
    return encoding


def _without_block(lines: list[str], number: int) -> list[str]:
    """The lines with the top-level block around one line (from 1) made empty."""
    begins = min(number, len(lines)) - 1
    while begins > 0 and (not lines[begins] or not _begins_block(lines[begins])):
        begins -= 1
    ends = begins + 1
    while ends < len(lines) and not _begins_block(lines[ends]):
        ends += 1
    return [*lines[:begins], *[""] * (ends - begins), *lines[ends:]]


def _begins_block(line: str) -> bool:
    return bool(line) and line[0] not in " \t#)]}@"


def _origin(file: str, lines: list[str], line: int) -> Origin:
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Origin(shown(file), line, shown(text[:1000].strip()))
