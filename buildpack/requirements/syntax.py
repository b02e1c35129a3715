"""One logical line of a requirements file, taken apart. No files are touched here."""

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from buildpack.requirements.versions import clauses

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
_ARCHIVES = (".whl", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar", ".zip")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EXTRAS = re.compile(r"\s*\[([^\[\]]*)\]\s*")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=//|[^\\])")
_TRAILING_OPTIONS = re.compile(r"\s(?=--?[A-Za-z])")
_HASH = re.compile(r"(sha256|sha384|sha512|md5|sha1|blake2b|sha224):[0-9a-fA-F]+")
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(\s|$)")


class BadLineError(ValueError):
    """A line that says nothing we can follow: ``problem`` completes "This line …"."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class ParsedOption:
    """An option by its long name; ``value`` "" for a switch."""

    name: str
    value: str = ""


@dataclass(frozen=True)
class ParsedRequirement:
    """A requirement. Exactly one of ``url``, ``path`` or neither is set.

    ``url`` has a scheme; ``path`` is as written, ``file:`` taken away and unquoted.
    """

    name: str | None
    extras: tuple[str, ...] = ()
    specifier: str = ""
    url: str = ""
    path: str | None = None
    marker: str = ""
    hashes: tuple[str, ...] = ()


def normalised(name: str) -> str:
    """A package name as indexes compare it: lower case, runs of ``-_.`` are one ``-``."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_conflict_marker(text: str) -> bool:
    """Whether a merge left this line behind."""
    return bool(_CONFLICT.match(text))


def is_remote(location: str) -> bool:
    """Whether a location needs the network (``file:`` does not)."""
    return "://" in location and not location.lower().startswith("file:")


def parse_options(text: str) -> tuple[ParsedOption, ...]:
    """A line that begins with ``-``. Raises BadLineError."""
    editable = re.match(r"(?:-e|--editable)(?:\s*=\s*|\s+|(?=[./]))(.*)", text)
    if editable:
        return (ParsedOption("--editable", _unquoted(editable[1])),)
    try:
        words = shlex.split(text)
    except ValueError:
        raise BadLineError(
            "has a quotation mark without its partner", "Close the quotation."
        ) from None
    found = []
    while words:
        word = words.pop(0)
        name, value = _option_word(word)
        if OPTIONS[name] and value is None:
            if not words or words[0].startswith("-"):
                raise BadLineError(f"has nothing after {word}", f"Write the value after {word}.")
            value = words.pop(0)
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
        return f"has {name!r} after an option", "Give each option and each requirement its line."
    known = ", ".join(OPTIONS)
    return f"has the option {name}, which can't be used here", f"Options that can be used: {known}."


def parse_requirement(text: str) -> ParsedRequirement:
    """A line that is a requirement, with its ``--hash`` options. Raises BadLineError."""
    body, *rest = _TRAILING_OPTIONS.split(text, maxsplit=1)
    hashes = _hashes(rest[0]) if rest else ()
    requirement, marker = _without_marker(body.strip())
    name = _NAME.match(requirement)
    if name and not _looks_local(requirement):
        parsed = _named(name[0], requirement[name.end() :], marker)
        if parsed:
            return ParsedRequirement(**{**vars(parsed), "hashes": hashes})
    return ParsedRequirement(**{**vars(parse_location(requirement, marker)), "hashes": hashes})


def parse_location(location: str, marker: str = "", name: str | None = None) -> ParsedRequirement:
    """An address or a path, with extras and egg name where it has them. Raises BadLineError."""
    if not location:
        raise BadLineError("names no package", "Write a name, a path or an address.")
    place, extras = _split_extras(location)
    if re.match(r"[A-Za-z]:[\\/]", place):
        raise BadLineError("is a path on Windows", "Write a path inside the app: ./folder")
    is_file = place.lower().startswith("file:")
    if _URL.match(place) and not is_file:
        egg = re.search(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?", location)
        if egg:
            extras = extras or _extra_names(egg[2] or "")
        found = name or (egg and egg[1]) or _archive_name(place.partition("#")[0])
        return ParsedRequirement(
            normalised(found) if found else None, extras, url=place, marker=marker
        )
    if is_file:
        path = unquote(re.sub(r"^file:(?://(?:localhost)?(?=/|\$))?", "", place, flags=re.I))
        path = path.partition("#")[0]
    elif _looks_local(place):
        path = place
    else:
        raise BadLineError(*_why_not_a_requirement(location))
    found = name or _archive_name(path)
    return ParsedRequirement(normalised(found) if found else None, extras, path=path, marker=marker)


def _named(name: str, rest: str, marker: str) -> ParsedRequirement | None:
    extras: tuple[str, ...] = ()
    if bracket := _EXTRAS.match(rest):
        extras, rest = _extra_names(bracket[1]), rest[bracket.end() :]
    rest = rest.strip()
    if rest.startswith("@"):
        at = parse_location(rest[1:].strip(), marker, name)
        return ParsedRequirement(**{**vars(at), "extras": extras or at.extras})
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1]
    if rest and rest[0] not in "<>=!~":
        return None
    found = clauses(rest)
    if found is None:
        raise BadLineError(*_bad_specifier(name, rest))
    specifier = ",".join(clause.operator + clause.version for clause in found)
    return ParsedRequirement(normalised(name), extras, specifier, marker=marker)


def _without_marker(body: str) -> tuple[str, str]:
    # In an address only a blank before the semicolon begins a marker.
    pattern = r"\s;" if "://" in body or body.lower().startswith("file:") else r"\s*;"
    parts = re.split(pattern, body, maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def _looks_local(text: str) -> bool:
    if _URL.match(text) and "://" in text.partition("@")[0]:
        return False
    place = _split_extras(text)[0]
    if re.search(r"\s*@\s*", place) and not place.startswith((".", "/")):
        return False
    return place.startswith((".", "/", "~")) or "/" in place or place.lower().endswith(_ARCHIVES)


def _split_extras(location: str) -> tuple[str, tuple[str, ...]]:
    found = re.fullmatch(r"([^\[]*[^\[\s])\s*\[([^\[\]]*)\]", location)
    return (found[1], _extra_names(found[2])) if found else (location, ())


def _extra_names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in names:
        if not _NAME.fullmatch(name):
            raise BadLineError(
                f"has an extra that isn't a name: {name}", "Write extras as [one,two]."
            )
    return names


def _archive_name(place: str) -> str | None:
    file = PurePosixPath(place).name
    if not file.lower().endswith(_ARCHIVES):
        return None
    found = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*?)-\d", file)
    return found[1] if found else None


def _hashes(text: str) -> tuple[str, ...]:
    try:
        words = shlex.split(text)
    except ValueError:
        raise BadLineError(
            "has a quotation mark without its partner", "Close the quotation."
        ) from None
    found = []
    while words:
        name, equals, value = words.pop(0).partition("=")
        if name != "--hash":
            raise BadLineError(
                f"has {name} after a requirement, where only --hash can be used",
                "Take it out, or give it a line of its own if it is meant for all packages.",
            )
        if not equals:
            value = words.pop(0) if words else ""
        if not _HASH.fullmatch(value):
            raise BadLineError(
                "has a --hash that isn't a kind and a number in hex",
                "Write it as --hash=sha256:… with 64 digits, or let a tool write it.",
            )
        found.append(value)
    return tuple(found)


def _bad_specifier(name: str, rest: str) -> tuple[str, str]:
    single = re.match(r"=\s*([^=].*)", rest)
    if single:
        return "has a single = sign", f"Write {name}=={single[1].strip()}"
    if re.match(r"~\s*[^=]", rest):
        return "has a ~ without =", f"Write {name}~={rest[1:].strip()}"
    return (
        f"has a version condition that isn't valid: {rest}",
        f"Write conditions like {name}>=1.2,<2 or {name}==1.2.3",
    )


def _why_not_a_requirement(text: str) -> tuple[str, str]:
    name = _NAME.match(text)
    if name and re.match(r"\s+[A-Za-z]", text[name.end() :]):
        return "holds more than one word", "Give each package a line of its own."
    if name and re.match(r"\s+\d", text[name.end() :]):
        version = text[name.end() :].strip()
        return "has a version without ==", f"Write {name[0]}=={version}"
    return "is no requirement", "Write a package's name and version, like flask==3.1.0"
