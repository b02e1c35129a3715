"""TOML and JSON files of the app, read with the kinds of their values checked.

Whoever reads a lock asks for a text, a list, a table: a value of another kind is an error
that names its place, never a traceback.
"""

import bisect
import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from buildpack.errors.sources import MalformedError, UnusableFileError
from buildpack.requirements.credentials import mask_credentials
from buildpack.requirements.model import Origin, RequirementsFile, Role, shown

LARGEST_FILE = 10_000_000
"""Bytes. Locks of a thousand packages have five million."""

REMEDY = "Write it anew with the tool that made it, or take it from version control again."
_KINDS = {str: "a text", bool: "true or false", list: "a list", dict: "a table"}
_TEXT = r'"[ !#-\[\]-~]*"'
_FILE = re.compile(
    rf"\{{ url = {_TEXT}, hash = ({_TEXT})(?:, size = [0-9]+)?(?:, upload-time = {_TEXT})? \}}"
)
"""A file as uv writes it into its lock. Two thirds of a lock are what nobody reads of these, and
to parse it took 50 of the 80 ms that a lock of 300 packages cost each build."""
_CONFLICT = re.compile(rb"^(<<<<<<<|>>>>>>>)(\s|$)", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A file that was read; ``root`` is its top table."""

    path: PurePosixPath
    text: str = field(repr=False)
    sha256: str
    root: "Table"
    _starts: list[int] = field(repr=False, default_factory=list)

    @property
    def name(self) -> str:
        """Its path as shown to people."""
        return shown(self.path)

    @property
    def file(self) -> RequirementsFile:
        """For the key of what is installed."""
        return RequirementsFile(self.path, self.sha256, Role.REQUIREMENTS, None)

    def origin(self, position: int) -> Origin:
        """The place of a character."""
        if not self._starts:
            self._starts.extend(found.end() for found in re.finditer("^", self.text, re.MULTILINE))
        return Origin(self.path, max(1, bisect.bisect_right(self._starts, position)))

    def origin_of(self, literal: str, after: int = 0) -> Origin:
        """The place where a text stands first; line 1 where it stands nowhere."""
        return self.origin(max(0, self.text.find(literal, after)))

    def origins_of_tables(self, name: str) -> list[Origin]:
        """The places of ``[[name]]``, in order."""
        pattern = rf"^\s*\[\[\s*{re.escape(name)}\s*\]\]"
        return [self.origin(found.end()) for found in re.finditer(pattern, self.text, re.MULTILINE)]

    def malformed(self, problem: str, found: str = "") -> MalformedError:
        """The error for what can't be understood; ``problem`` completes "FILE …"."""
        return MalformedError(self.name, problem, seen(found), REMEDY)


@dataclass(frozen=True)
class Table:
    """A table of a file. ``place`` is how it is called in errors, "" for the top."""

    file: str
    place: str
    values: Mapping[str, Any]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """A text; ``default`` where there is none. Raises MalformedError."""
        return self._get(key, str, default)  # type: ignore[no-any-return]

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false. Raises MalformedError."""
        return self._get(key, bool, default)  # type: ignore[no-any-return]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; () where there is none. Raises MalformedError."""
        found = self._get(key, list, [])
        for value in found:
            if not isinstance(value, str):
                raise self._wrong(key, "holds what isn't a text")
        return tuple(found)

    def table(self, key: str) -> "Table":
        """A table; an empty one where there is none. Raises MalformedError."""
        return Table(self.file, self._inner(key), self._get(key, dict, {}))

    def tables(self, key: str) -> tuple["Table", ...]:
        """A list of tables; () where there is none. Raises MalformedError."""
        found = []
        for number, value in enumerate(self._get(key, list, []), start=1):
            if not isinstance(value, dict):
                raise self._wrong(key, "holds what isn't a table")
            found.append(Table(self.file, f"{self._inner(key)} {number}", value))
        return tuple(found)

    def _get(self, key: str, kind: type, default: Any) -> Any:
        if key not in self.values:
            if default is None:
                raise self._wrong(key, "is missing")
            return default
        value = self.values[key]
        if not isinstance(value, kind):
            raise self._wrong(key, f"isn't {_KINDS[kind]}")
        return value

    def _inner(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def _wrong(self, key: str, problem: str) -> MalformedError:
        return MalformedError(
            self.file,
            f"isn't complete: {seen(key)} {problem}",
            f"in {seen(self.place)}" if self.place else "",
            REMEDY,
        )


def read_toml(app_dir: Path, path: PurePosixPath) -> Document:
    """A TOML file of the app; raises a SourceError."""
    import tomllib  # here and below: most apps have only one kind of file

    return _read(app_dir, path, tomllib.loads, "TOML")


def read_uv_toml(app_dir: Path, path: PurePosixPath) -> Document:
    """A uv.lock of the app: of most files, only the hashes are read. Raises a SourceError."""
    import tomllib

    def parse(text: str) -> Any:
        try:
            return tomllib.loads(_FILE.sub(r"{ hash = \1 }", text))
        except ValueError:
            return tomllib.loads(text)  # which says where the mistake is

    return _read(app_dir, path, parse, "TOML")


def read_json(app_dir: Path, path: PurePosixPath) -> Document:
    """A JSON file of the app; raises a SourceError."""
    import json

    return _read(app_dir, path, json.loads, "JSON")


def seen(text: str, longest: int = 200) -> str:
    """A piece of a file as an error may show it."""
    text = mask_credentials(text[: 2 * longest])
    text = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)
    return text if len(text) <= longest else text[:longest] + " …"


def _read(app_dir: Path, path: PurePosixPath, parse: Any, kind: str) -> Document:
    data, name = _contents(app_dir, path), shown(path)
    if found := _CONFLICT.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        remedy = "Finish the merge, and let the tool that made the file write it anew."
        raise MalformedError(
            name, "holds what a merge conflict left behind", f"line {line}", remedy
        )
    try:
        text = data.decode("utf-8-sig")
        root = parse(text)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise MalformedError(name, "isn't UTF-8", f"line {line}", REMEDY) from None
    except (ValueError, RecursionError, MemoryError) as problem:
        # Python refuses to read integers of some thousand digits, and says so in its own way.
        words = str(problem) if type(problem) is not ValueError else "a value is out of range"
        raise MalformedError(name, f"isn't valid {kind}", seen(words), REMEDY) from None
    if not isinstance(root, dict):
        raise MalformedError(name, "isn't a table of names and values", "", REMEDY)
    digest = hashlib.sha256(data).hexdigest()
    return Document(path, text.replace("\r\n", "\n"), digest, Table(name, "", root))


def _contents(app_dir: Path, path: PurePosixPath) -> bytes:
    place, name = app_dir / path, shown(path)
    try:
        inside = os.path.realpath(place).startswith(os.path.realpath(app_dir) + "/")
        if not inside:
            raise UnusableFileError(
                name, "is a link to a place outside of the app's folder", "Put a copy into the app."
            )
        if not stat.S_ISREG(place.stat().st_mode):
            raise UnusableFileError(name, "isn't a regular file", "Look at what it is: ls -l")
        with place.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise UnusableFileError(
            name, f"can't be read: {problem.strerror}", f"Look at what it is: ls -l {name}"
        ) from None
    if len(data) > LARGEST_FILE:
        raise UnusableFileError(
            name, f"has more than {LARGEST_FILE} bytes", "Check that it is what its name says."
        )
    return data
