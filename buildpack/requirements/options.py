"""A line of a requirements file that is made of options."""

import re
from dataclasses import dataclass

from buildpack.requirements.syntax import BadLineError, words_of

# Long name, and whether a value follows. What pip knows and uv can be told.
OPTIONS = {
    "--requirement": True,
    "--constraint": True,
    "--editable": True,
    "--index-url": True,
    "--extra-index-url": True,
    "--find-links": True,
    "--no-index": False,
    "--no-binary": True,
    "--only-binary": True,
    "--pre": False,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--trusted-host": True,
    "--use-feature": True,
}
_ALIASES = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "--pypi-url": "--index-url",
    "-f": "--find-links",
}


@dataclass(frozen=True)
class ParsedOption:
    """An option by its long name; ``value`` "" for a switch."""

    name: str
    value: str = ""


def parse_options(text: str) -> tuple[ParsedOption, ...]:
    """A line that begins with ``-``. Raises BadLineError."""
    editable = re.match(r"(?:-e|--editable)(?:\s*=\s*|\s+|(?=[./]))(.*)", text)
    if editable:
        return (ParsedOption("--editable", _unquoted(editable[1])),)
    words = words_of(text)
    found = []
    while words:
        word = words.popleft()
        name, value = _option_word(word)
        if OPTIONS[name] and value is None:
            if not words or words[0].startswith("-"):
                raise BadLineError(f"has nothing after {word}", f"Write the value after {word}.")
            value = words.popleft()
        found.append(ParsedOption(name, value or ""))
    return tuple(found)


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _option_word(word: str) -> tuple[str, str | None]:
    name, equals, value = word.partition("=")
    if not word.startswith("--") and len(word) > 2 and word[:2] in _ALIASES:
        name, equals, value = word[:2], "=", word[2:].removeprefix("=")
    name = _ALIASES.get(name, name)
    if name not in OPTIONS:
        raise BadLineError(*_unknown_option(name))
    if equals and not OPTIONS[name]:
        raise BadLineError(f"gives {name} a value, which it doesn't take", f"Write only {name}.")
    return name, value if equals else None


def _unknown_option(name: str) -> tuple[str, str]:
    if name == "--hash":
        problem = "has a --hash without a requirement before it"
        return problem, "End the line before it with a backslash, right at its end."
    if not name.startswith("-"):
        remedy = "Give each option and each requirement its line; quote a name with a space in it."
        return f"has {name!r} after an option", remedy
    known = ", ".join(OPTIONS)
    return f"has the option {name}, which can't be used here", f"Options that can be used: {known}."
