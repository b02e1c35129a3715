"""Makes names and source text fit to be shown: one line, no control characters, not long."""

from buildpack import log

LONGEST = 90


def shown(text: str, longest: int = LONGEST) -> str:
    r"""The text on one line: what can't be printed is escaped, what is too long is cut.

    Bytes of file names that aren't UTF-8 (surrogates, as ``os.fsdecode`` gives them) become
    ``\xNN``. Only the part that is shown is looked at, so a line of 1 MB costs nothing.
    """
    escaped = "".join(_escape(char) for char in text[: longest + 1])
    return escaped if len(escaped) <= longest else escaped[: longest - 1] + "…"


def _escape(char: str) -> str:
    if char.isprintable():
        return char
    return " " if char == "\t" else log.escaped(char)
