"""Reading requirements files: the root one and all that it includes.

What pip accepts is accepted, with these decisions of ours:

- ``-r`` and ``-c`` are relative to the file they stand in. A file is read once for each
  role, so a cycle adds nothing. Addresses there are refused: what can't be keyed isn't
  installed quietly.
- What a constraints file includes, with ``-r`` or ``-c``, is constraints, as in uv.
- Local paths are relative to the app dir (pip: the folder it is called in, which for an app
  is its root), or else to the file they stand in. Nothing outside of the app dir is used.
- ``${NAME}`` takes its value from the platform's environment, and must be set there.
  ``${PROJECT_ROOT}`` is the app dir, as some tools write it.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from buildpack.errors import requirements as errors
from buildpack.requirements.credentials import has_credentials, mask_credentials
from buildpack.requirements.disk import check_installable, contents, find_local, inside
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
    shown,
)
from buildpack.requirements.options import ParsedOption, parse_options
from buildpack.requirements.syntax import (
    BadLineError,
    ParsedRequirement,
    is_archive,
    is_conflict_marker,
    is_remote,
    parse_editable,
    parse_requirement,
    path_of,
)
from buildpack.requirements.text import NotTextError, decode, logical_lines
from buildpack.requirements.variables import VARIABLE, with_values

MOST_FILES = 100
MOST_BYTES = 4_000_000  # of all files together
MOST_LINES = 5_000  # requirements and options, of all files together
_VCS = re.compile(r"(git|hg|svn|bzr)\+", re.IGNORECASE)
_SOURCES = ("--index-url", "--extra-index-url", "--find-links")


def read_requirements(
    app_dir: Path, file: PurePosixPath, environment: Mapping[str, str] | None = None
) -> Requirements:
    """Read ``file`` (relative to the app dir) and all that it includes; install nothing.

    ``environment`` is the platform's, for ``${NAME}``. Raises a RequirementsError for
    whatever can't be followed.
    """
    app_dir = app_dir.absolute()
    reader = _Reader(app_dir, {"PROJECT_ROOT": str(app_dir), **(environment or {})})
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
    bytes: int = 0
    lines: int = 0

    def read(self, file: PurePosixPath, role: Role, included_by: Origin | None) -> None:
        if any(known.path == file and known.role is role for known in self.files):
            return
        if len(self.files) >= MOST_FILES:
            raise errors.TooManyFilesError(included_by, MOST_FILES)
        data = contents(self.app_dir, file, included_by)
        self.bytes += len(data)
        if self.bytes > MOST_BYTES:
            raise errors.TooMuchTogetherError(shown(file), included_by, MOST_BYTES)
        digest = hashlib.sha256(data).hexdigest()
        self.files.append(RequirementsFile(file, digest, role, included_by))
        try:
            for line in logical_lines(decode(data)):
                self._line(Origin(file, line.number), line.text, role)
        except NotTextError as problem:
            origin = Origin(file, problem.line)
            raise errors.NotPlainTextError(origin, problem.problem) from None

    def _line(self, origin: Origin, text: str, role: Role) -> None:
        if is_conflict_marker(text):
            raise errors.MergeConflictError(origin, _seen(text))
        if has_credentials(text):
            self.warnings.append(Warned(origin, errors.CREDENTIALS_IN_FILE))
        try:
            if text.startswith("-"):
                for option in parse_options(text):
                    self._count(origin)
                    self._option(origin, text, option, role)
            else:
                self._count(origin)
                self._requirement(origin, text, self._parsed(origin, text), role)
        except BadLineError as bad:
            problem, remedy = _seen(bad.problem), _seen(bad.remedy, 1000)
            raise errors.NotUnderstoodError(origin, _seen(text), problem, remedy) from None

    def _count(self, origin: Origin) -> None:
        self.lines += 1
        if self.lines > MOST_LINES:
            raise errors.TooManyLinesError(origin, MOST_LINES)

    def _option(self, origin: Origin, text: str, option: ParsedOption, role: Role) -> None:
        if option.name == "--requirement":
            self._include(origin, option.value, role)
        elif option.name == "--constraint":
            self._include(origin, option.value, Role.CONSTRAINTS)
        elif option.name == "--editable":
            self._expanded(origin, option.value)
            parsed = parse_editable(option.value)
            self._requirement(origin, text, parsed, role, editable=True)
        else:
            self._expanded(origin, option.value)
            local = self._source(origin, option) if option.name in _SOURCES else None
            self.options.append(Option(origin, option.name, option.value, local))

    def _include(self, origin: Origin, value: str, role: Role) -> None:
        if is_remote(value):
            raise errors.RemoteFileError(origin, _seen(value))
        path = path_of(self._expanded(origin, value))
        place = inside(self.app_dir, origin, origin.file.parent / path, _seen(value))
        if VARIABLE.search(value) and not os.path.lexists(self.app_dir / place):
            raise errors.MissingFileError(_seen(value), origin)
        self.read(place, role, origin)

    def _source(self, origin: Origin, option: ParsedOption) -> LocalPath | None:
        """The folder or file that an index option names; None for an address."""
        value = self._expanded(origin, option.value)
        if is_remote(value):
            return None
        named = _seen(path_of(option.value))
        return find_local(self.app_dir, origin, path_of(value), named, Coverage.CONTENTS)

    def _requirement(
        self,
        origin: Origin,
        text: str,
        parsed: ParsedRequirement,
        role: Role,
        editable: bool = False,
    ) -> None:
        local = self._local(origin, parsed, editable)
        self.entries.append(
            Entry(
                origin,
                text,
                role,
                _form(parsed),
                parsed.name,
                parsed.named,
                parsed.extras,
                parsed.specifier,
                parsed.url,
                parsed.marker,
                parsed.hashes,
                editable,
                local,
            )
        )

    def _parsed(self, origin: Origin, text: str) -> ParsedRequirement:
        """Addresses and paths keep their variables, everything else gets the values."""
        expanded = self._expanded(origin, text)
        if expanded == text:
            return parse_requirement(text)
        try:
            parsed = parse_requirement(text)
        except BadLineError:
            return _with_values(expanded)
        if parsed.path is not None and is_remote(self._expanded(origin, parsed.path)):
            return replace(parsed, path=None, url=parsed.path)
        located = parsed.url or parsed.path is not None
        return parsed if located else _with_values(expanded)

    def _local(self, origin: Origin, parsed: ParsedRequirement, editable: bool) -> LocalPath | None:
        if parsed.path is None:
            return None
        covers = Coverage.METADATA if editable else Coverage.CONTENTS
        path = self._expanded(origin, parsed.path)
        local = find_local(self.app_dir, origin, path, _seen(parsed.path), covers)
        check_installable(self.app_dir, local, is_archive(path))
        return local

    def _expanded(self, origin: Origin, text: str) -> str:
        return with_values(text, self.environment, self.used, origin)


def _with_values(text: str) -> ParsedRequirement:
    try:
        return parse_requirement(text)
    except BadLineError:
        problem = "isn't a requirement once the values of its variables are put in"
        raise BadLineError(problem, "Check the values that the build is given.") from None


def _form(parsed: ParsedRequirement) -> Form:
    if parsed.path is not None:
        return Form.LOCAL
    if not parsed.url:
        return Form.INDEX
    return Form.VCS if _VCS.match(parsed.url) else Form.URL


def _seen(text: str, longest: int = 200) -> str:
    """A line as an error may show it: without credentials, printable, not too long."""
    text = mask_credentials(text)
    text = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)
    return text if len(text) <= longest else text[:longest] + " …"
