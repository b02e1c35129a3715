"""What a build says. stderr is merged into stdout by the lifecycle: one stream, flushed."""

import sys


def title(text: str) -> None:
    """The first line of a build."""
    _print(text)


def section(text: str) -> None:
    """A heading; the lines below belong to it."""
    _print(f"\n{text}")


def line(text: str) -> None:
    """One fact below a heading."""
    _print(f"  {text}")


def warning(text: str) -> None:
    """Something that works but shouldn't stay so."""
    first, *rest = text.splitlines()
    _print(f"  Warning: {first}")
    for more in rest:
        _print(f"    {more}")


def block(text: str) -> None:
    """A text of several lines, as it is."""
    _print(f"\n{text}".rstrip("\n"))


def as_format(text: str) -> str:
    """A text for detect, whose output the lifecycle uses as a printf format."""
    return text.replace("%", "%%")


def _print(text: str) -> None:
    sys.stdout.write(printable(text) + "\n")
    sys.stdout.flush()


def printable(text: str) -> str:
    """``text`` with everything escaped that could act on a terminal or isn't UTF-8."""
    return "".join(char if char == "\n" or char.isprintable() else escaped(char) for char in text)


def escaped(char: str) -> str:
    r"""A character that can't be printed, as ``\n`` or ``\x1b``; a byte of no UTF-8 as ``\xff``."""
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")
