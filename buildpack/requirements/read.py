"""Reading requirements files: the root one and all that it includes.

What pip accepts is accepted, with these decisions of ours:

- ``-r`` and ``-c`` are relative to the file they stand in. A file is read once for each
  role, so a cycle adds nothing. Addresses there are refused: what can't be keyed isn't
  installed quietly.
- What a constraints file includes, with ``-r`` or ``-c``, is constraints, as in uv.
- Local paths are relative to the app dir (pip: the folder it is called in, which for an app
  is its root), or else to the file they stand in. Nothing outside of the app dir is used.
- ``${NAME}`` takes its value from the platform's environment, and must be set there.
"""

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from buildpack.errors import requirements as errors
from buildpack.requirements.credentials import has_credentials
from buildpack.requirements.model import (
    Coverage,
    Entry,
    Form,
    LocalPath,
    Option,
    Origin,
    Requirements,
    RequirementsFile,
    Role,
    Warned,
)
from buildpack.requirements.syntax import (
    BadLineError,
    ParsedOption,
    ParsedRequirement,
    is_conflict_marker,
    is_remote,
    parse_location,
    parse_options,
    parse_requirement,
)
from buildpack.requirements.text import NotTextError, decode, logical_lines

LARGEST_FILE = 1_000_000  # bytes
MOST_FILES = 200
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_VCS = re.compile(r"(git|hg|svn|bzr)\+", re.IGNORECASE)


def read_requirements(
    app_dir: Path, file: PurePosixPath, environment: Mapping[str, str] | None = None
) -> Requirements:
    """Read ``file`` (relative to the app dir) and all that it includes; install nothing.

    ``environment`` is the platform's, for ``${NAME}``. Raises a FlaskpackError of
    ``buildpack.errors.requirements`` for whatever can't be followed.
    """
    reader = _Reader(app_dir, dict(environment or {}))
    reader.read(file, Role.REQUIREMENTS, None)
    return Requirements(
        app_dir,
        tuple(reader.files),
        tuple(reader.entries),
        tuple(reader.options),
        tuple(reader.warnings),
        reader.used,
    )


@dataclass
class _Reader:
    app_dir: Path
    environment: dict[str, str]
    files: list[RequirementsFile] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)

    def read(self, file: PurePosixPath, role: Role, included_by: Origin | None) -> None:
        if any(known.path == file and known.role is role for known in self.files):
            return
        if len(self.files) >= MOST_FILES:
            raise errors.TooManyFilesError(file, included_by, MOST_FILES)
        data = _contents(self.app_dir, file, included_by)
        digest = hashlib.sha256(data).hexdigest()
        self.files.append(RequirementsFile(file, digest, role, included_by))
        try:
            for line in logical_lines(decode(data)):
                self._line(Origin(file, line.number), line.text, role)
        except NotTextError as problem:
            raise errors.NotTextError(Origin(file, problem.line), problem.problem) from None

    def _line(self, origin: Origin, text: str, role: Role) -> None:
        if is_conflict_marker(text):
            raise errors.MergeConflictError(origin, text)
        if has_credentials(text):
            self.warnings.append(Warned(origin, errors.CREDENTIALS_IN_FILE))
        try:
            if text.startswith("-"):
                for option in parse_options(text):
                    self._option(origin, text, option, role)
            else:
                self._requirement(origin, text, parse_requirement(text), role)
        except BadLineError as bad:
            raise errors.BadLineError(origin, text, bad.problem, bad.remedy) from None

    def _option(self, origin: Origin, text: str, option: ParsedOption, role: Role) -> None:
        if option.name == "--requirement":
            self._include(origin, option.value, role)
        elif option.name == "--constraint":
            self._include(origin, option.value, Role.CONSTRAINTS)
        elif option.name == "--editable":
            place, _, marker = option.value.partition(";")
            parsed = parse_location(place.strip(), marker.strip())
            self._requirement(origin, text, parsed, role, editable=True)
        else:
            self._expanded(origin, option.value)
            self.options.append(
                Option(origin, option.name, option.value, self._links(origin, option))
            )

    def _include(self, origin: Origin, value: str, role: Role) -> None:
        if is_remote(value):
            raise errors.RemoteFileError(origin, value)
        named = self._expanded(origin, value).removeprefix("file://")
        self.read(_inside(self.app_dir, origin, origin.file.parent / named, named), role, origin)

    def _links(self, origin: Origin, option: ParsedOption) -> LocalPath | None:
        if option.name != "--find-links" or is_remote(option.value):
            return None
        value = self._expanded(origin, option.value).removeprefix("file://")
        return self._local(origin, value, Coverage.CONTENTS)

    def _requirement(
        self,
        origin: Origin,
        text: str,
        parsed: ParsedRequirement,
        role: Role,
        editable: bool = False,
    ) -> None:
        expanded = self._expanded(origin, text)
        if expanded != text and not parsed.url and parsed.path is None:
            parsed = parse_requirement(expanded)
        local = None
        if parsed.path is not None:
            coverage = Coverage.METADATA if editable else Coverage.CONTENTS
            local = self._local(origin, self._expanded(origin, parsed.path), coverage)
        self.entries.append(
            Entry(
                origin,
                text,
                role,
                _form(parsed),
                parsed.name,
                parsed.extras,
                parsed.specifier,
                parsed.url,
                parsed.marker,
                parsed.hashes,
                editable,
                local,
            )
        )

    def _local(self, origin: Origin, value: str, coverage: Coverage) -> LocalPath:
        places = [PurePosixPath(value), origin.file.parent / value]
        found = [_inside(self.app_dir, origin, place, value) for place in places]
        for path in found:
            if _exists(self.app_dir / path):
                return LocalPath(origin, path, coverage)
        raise errors.NoSuchPathError(origin, value, tuple(dict.fromkeys(found)))

    def _expanded(self, origin: Origin, text: str) -> str:
        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name not in self.environment:
                raise errors.UnsetVariableError(origin, name)
            self.used[name] = self.environment[name]
            return self.used[name]

        return VARIABLE.sub(value, text)


def _form(parsed: ParsedRequirement) -> Form:
    if parsed.path is not None:
        return Form.LOCAL
    if not parsed.url:
        return Form.INDEX
    return Form.VCS if _VCS.match(parsed.url) else Form.URL


def _inside(app_dir: Path, origin: Origin, place: PurePosixPath, named: str) -> PurePosixPath:
    """The path relative to the app dir; absolute ones may lead into it."""
    plain = os.path.normpath(app_dir / place)
    root = os.path.normpath(app_dir)
    if plain != root and not plain.startswith(root + "/"):
        raise errors.OutsideError(origin, named)
    return PurePosixPath(os.path.relpath(plain, root))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def _contents(app_dir: Path, file: PurePosixPath, included_by: Origin | None) -> bytes:
    path = app_dir / file
    try:
        mode = path.stat()
        root = os.path.realpath(app_dir)
        if not os.path.realpath(path).startswith(root + "/"):
            raise errors.LinkOutsideError(file, included_by)
        if not stat.S_ISREG(mode.st_mode):
            raise errors.NotAFileError(file, included_by, _kind(mode.st_mode))
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise errors.MissingFileError(file, included_by) from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise errors.UnreadableFileError(file, included_by, reason) from None
    if len(data) > LARGEST_FILE:
        raise errors.TooLargeError(file, included_by, LARGEST_FILE)
    return data


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a named pipe" if stat.S_ISFIFO(mode) else "no regular file"
