"""A line of a requirements file that is a requirement, taken apart. No file is touched here."""

import re
import shlex
from collections import deque
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from buildpack.requirements.versions import clauses

_ARCHIVES = (".whl", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar", ".zip")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EXTRAS = re.compile(r"\s*\[([^\[\]]*)\]\s*")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NO_HOST = re.compile(r"(?:git\+)?https?://(?:[/?#]|$)", re.IGNORECASE)
_NOT_GIT = re.compile(r"(hg|svn|bzr)\+", re.IGNORECASE)
_LIKE_SCP = re.compile(r"(?:git\+)?(git@[\w.-]+):(?!/)(\S+)")
_TRAILING_OPTIONS = re.compile(r"\s(?=--?[A-Za-z])")
_HASH = re.compile(r"(sha256|sha384|sha512|md5|sha1|blake2b|sha224):[0-9a-fA-F]+")
_SHELL = re.compile(r"['\"\\]")
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(\s|$)")


class BadLineError(ValueError):
    """A line that says nothing we can follow: ``problem`` completes "This line …"."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class ParsedRequirement:
    """A requirement. At most one of ``url`` and ``path`` is set.

    ``named`` is False where the name was guessed from a file's. ``url`` has a scheme;
    ``path`` is as written, ``file:`` taken away and unquoted.
    """

    name: str | None
    named: bool
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


def is_archive(place: str) -> bool:
    """Whether a path or an address has the name of a wheel or a source archive."""
    return place.lower().endswith(_ARCHIVES)


def is_remote(location: str) -> bool:
    """Whether a location needs the network (``file:`` does not)."""
    return "://" in location and not location.lower().startswith("file:")


def path_of(location: str) -> str:
    """The path of a ``file:`` address; anything else is a path already."""
    if not location.lower().startswith("file:"):
        return location
    path = re.sub(r"^file:(?://(?:localhost)?(?=/|\$))?", "", location, flags=re.IGNORECASE)
    return unquote(path.partition("#")[0])


def words_of(text: str) -> deque[str]:
    """Words as a shell splits them. Raises BadLineError."""
    if not _SHELL.search(text):  # the thousands of hashes of a locked file
        return deque(text.split())
    try:
        return deque(shlex.split(text))
    except ValueError:
        problem = "has a quotation mark, or a backslash, without its partner"
        raise BadLineError(problem, "Close the quotation, or take it out.") from None


def parse_requirement(text: str) -> ParsedRequirement:
    """A line that is a requirement, with its ``--hash`` options. Raises BadLineError."""
    body, *rest = _TRAILING_OPTIONS.split(text, maxsplit=1)
    hashes = _hashes(rest[0]) if rest else ()
    requirement, marker = _without_marker(body.strip())
    _check_repository(requirement)
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
    _check_repository(location)
    place, extras = _split_extras(location)
    if re.match(r"[A-Za-z]:[\\/]", place):
        raise BadLineError("is a path on Windows", "Write a path inside the app: ./folder")
    is_file = place.lower().startswith("file:")
    if _URL.match(place) and not is_file:
        if _NO_HOST.match(place):
            raise BadLineError("has an address without a host", "Write the whole address.")
        written = name or _egg(place)
        found = written or _archive_name(place.partition("#")[0])
        return ParsedRequirement(_or_none(found), bool(written), extras, url=place, marker=marker)
    if is_file:
        path = path_of(place)
    elif _looks_local(place):
        path = place
    else:
        raise BadLineError(*_why_not_a_requirement(location))
    found = _or_none(name or _archive_name(path))
    return ParsedRequirement(found, bool(name), extras, path=path, marker=marker)


def _egg(url: str) -> str | None:
    """The name that an address gives in its fragment: ``#egg=name``, the way of old."""
    for part in url.partition("#")[2].split("&"):
        found = _NAME.match(part.removeprefix("egg="))
        if part.startswith("egg=") and found:
            return found[0]
    return None


def _or_none(name: str | None) -> str | None:
    return normalised(name) if name else None


def parse_editable(value: str) -> ParsedRequirement:
    """What follows ``-e``: a folder, its bare name too, or a repository. Raises BadLineError."""
    place, _, marker = value.partition(";")
    folder, extras = _split_extras(place.strip())
    if _NAME.fullmatch(folder):
        return ParsedRequirement(None, False, extras, path=folder, marker=marker.strip())
    return parse_location(place.strip(), marker.strip())


def _check_repository(location: str) -> None:
    if scp := _LIKE_SCP.match(location):
        remedy = f"Write git+ssh://{scp[1]}/{scp[2]}, or better its https address."
        raise BadLineError("is an address that only git itself understands", remedy)
    if _NOT_GIT.match(location):
        problem = "is a repository of a kind that can't be used here"
        raise BadLineError(problem, "Of repositories only git+https:// and git+ssh:// can be used.")


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
    return ParsedRequirement(normalised(name), True, extras, specifier, marker=marker)


def _without_marker(body: str) -> tuple[str, str]:
    # In an address only a blank before the semicolon begins a marker.
    address = "://" in body or body.lower().startswith("file:")
    parts = re.split(r"\s;" if address else ";", body, maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def _looks_local(text: str) -> bool:
    if _URL.match(text):
        return False
    place = _split_extras(text)[0]
    if "@" in place and not place.startswith((".", "/")):
        return False
    return place.startswith((".", "/", "~")) or "/" in place or is_archive(place)


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
    if not is_archive(file):
        return None
    # name-version-tags.whl has no - in its name, name-version.tar.gz none in its version.
    name = file.partition("-")[0] if file.lower().endswith(".whl") else file.rpartition("-")[0]
    return name if _NAME.fullmatch(name) else None


def _hashes(text: str) -> tuple[str, ...]:
    words = words_of(text)
    found = []
    while words:
        name, equals, value = words.popleft().partition("=")
        if name != "--hash":
            raise BadLineError(
                f"has {name} after a requirement, where only --hash can be used",
                "Take it out, or give it a line of its own if it is meant for all packages.",
            )
        if not equals:
            value = words.popleft() if words else ""
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
    command = re.match(r"(?:uv\s+)?pip[\d.]*\s+install\s+(\S.*)", text)
    if command:
        return "is a command", f"Write only what is to be installed: {command[1]}"
    if re.match(r"Package\s+Version\b", text):
        return "begins a table", "Write the list in its own form: pip freeze > requirements.txt"
    name = _NAME.match(text)
    if name and re.match(r"\s+[A-Za-z]", text[name.end() :]):
        return "holds more than one word", "Give each package a line of its own."
    if name and re.match(r"\s+\d", text[name.end() :]):
        version = text[name.end() :].strip()
        return "has a version without ==", f"Write {name[0]}=={version}"
    return "is no requirement", "Write a package's name and version, like flask==3.1.0"
