"""From what the files of a tool say to requirements, as if they had stood in requirements.txt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from buildpack.errors import requirements as errors
from buildpack.errors.sources import (
    ITSELF,
    MalformedError,
    TwoVersionsError,
    UnsupportedSourceError,
)
from buildpack.requirements.credentials import has_credentials, mask_credentials
from buildpack.requirements.disk import check_installable, find_local
from buildpack.requirements.markers import marker_holds
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
    Target,
    Warned,
)
from buildpack.requirements.syntax import is_archive, normalised
from buildpack.requirements.variables import with_values
from buildpack.requirements.versions import clauses
from buildpack.sources.document import REMEDY, seen
from buildpack.sources.indexes import Index, address_of

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_HASH = re.compile(r"(sha256|sha384|sha512|md5|sha1):[0-9a-fA-F]+")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\\\"'<>]+")
_SCP = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?!/)(?P<path>\S+)")
_REVISION = re.compile(r"[\w./+-]+")
_FOLDER = re.compile(r"[^\s#&\\\"'<>]+")
_ANY_INDEX = ("--index-strategy", "unsafe-best-match")
"""An exact version with hashes is the same from whichever index: none is trusted more."""


@dataclass(frozen=True)
class Wanted:
    """One requirement. At most one of ``url``, ``git`` and ``path`` is set; else an index has it.

    ``hashes`` as in "sha256:HEX"; ``revision`` a commit, tag or branch, "" for the default one.
    """

    origin: Origin
    name: str
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    hashes: tuple[str, ...] = ()
    url: str = ""
    git: str = ""
    revision: str = ""
    subdirectory: str = ""
    path: str | None = None
    editable: bool = False
    index: Index | None = None


@dataclass
class Gatherer:
    """Takes what is wanted, checks it, and makes requirements of it."""

    app_dir: Path
    environment: Mapping[str, str]
    target: Target
    entries: list[Entry] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    taken: set[tuple[Origin, str, str]] = field(default_factory=set)
    asks_usual: bool = False

    def __post_init__(self) -> None:
        self.app_dir = self.app_dir.absolute()
        self.environment = {"PROJECT_ROOT": str(self.app_dir), **self.environment}

    def add(self, wanted: Wanted) -> None:
        """Take a requirement; one whose marker excludes the target is passed over.

        Raises MalformedError, or what the requirement's place is refused for.
        """
        if marker_holds(wanted.marker, self.target) is False:
            return
        self._check(wanted)
        if wanted.index:
            self.use_index(wanted.origin, wanted.index)
        entry = self._entry(wanted)
        self.asks_usual |= entry.form is Form.INDEX and not wanted.index
        known = (entry.origin, entry.text, entry.marker)
        if known not in self.taken:
            self.taken.add(known)
            self.entries.append(entry)

    def use_index(self, origin: Origin, index: Index) -> None:
        """Let packages come from an index too."""
        path = index.path
        if path is not None:
            local = find_local(self.app_dir, origin, path, seen(path), Coverage.CONTENTS)
            option = Option(origin, "--find-links", path, local)
        else:
            self._warn_of_credentials(origin, index.url)
            url = self.expanded(origin, index.url)
            if not _ADDRESS.fullmatch(url):
                raise self._malformed(origin, "names an index without an address", index.url)
            text, variables = address_of(index, self.environment)
            self.used |= variables
            option = Option(origin, index.option, text)
        if all((o.name, o.value) != (option.name, option.value) for o in self.options):
            self.options.append(option)

    def expanded(self, origin: Origin, text: str) -> str:
        """A text with the values of its ``${NAME}``; raises UnsetVariableError."""
        return with_values(text, self.environment, self.used, origin)

    def requirements(
        self,
        files: tuple[RequirementsFile, ...],
        *,
        exact: bool,
        project: Entry | None = None,
    ) -> Requirements:
        """All that was taken. ``exact``: nothing else is to be installed.

        Raises TwoVersionsError where a lock has two versions of one package.
        """
        if exact:
            self._check_once()
            self._drop_usual_index()
        hashed = all(entry.hashes for entry in self.entries if entry.form is Form.INDEX)
        several = any(option.name == "--extra-index-url" for option in self.options)
        arguments: tuple[str, ...] = ("--no-deps",) if exact else ()
        if exact and hashed and several:
            arguments += _ANY_INDEX
        return Requirements(
            self.app_dir,
            files,
            tuple(sorted(self.entries, key=lambda entry: entry.origin)),
            tuple(self.options),
            tuple(self.warnings),
            self.used,
            arguments,
            project,
        )

    def own_project(self, origin: Origin, name: str, path: str = ".") -> Entry:
        """The app itself as a project to install, editable."""
        wanted = Wanted(origin, name, path=path, editable=True)
        return replace(self._entry(wanted), text=name + ITSELF)

    def _drop_usual_index(self) -> None:
        """Where no package comes from the usual index, it needn't be there to be asked."""
        names = [option.name for option in self.options]
        if not self.asks_usual and "--index-url" not in names and "--extra-index-url" in names:
            first = names.index("--extra-index-url")
            self.options[first] = replace(self.options[first], name="--index-url")

    def _check_once(self) -> None:
        seen_before: dict[str | None, Entry] = {}
        for entry in self.entries:
            other = seen_before.setdefault(entry.name, entry)
            if entry.name and (other.specifier, other.url) != (entry.specifier, entry.url):
                lines = [f"{one.origin}: {mask_credentials(one.text)}" for one in (other, entry)]
                raise TwoVersionsError(entry.name, lines)

    def _check(self, wanted: Wanted) -> None:
        """What is written on a line must not be able to say anything else."""
        name = seen(wanted.name)
        if not _NAME.fullmatch(wanted.name):
            raise self._malformed(wanted.origin, "holds a name that no package can have", name)
        if not all(_NAME.fullmatch(extra) for extra in wanted.extras):
            raise self._malformed(wanted.origin, f"asks {name} for an extra that isn't a name")
        if clauses(wanted.specifier) is None:
            found = f"{name} {wanted.specifier}"
            raise self._malformed(wanted.origin, "holds a version that isn't one", found)
        for value in wanted.hashes:
            if not _HASH.fullmatch(value):
                raise self._malformed(
                    wanted.origin, f"holds a hash of {name} that isn't one", value
                )

    def _entry(self, wanted: Wanted) -> Entry:
        extras = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
        entry = Entry(
            wanted.origin,
            f"{wanted.name}{extras}{wanted.specifier}",
            Role.REQUIREMENTS,
            Form.INDEX,
            normalised(wanted.name),
            True,
            wanted.extras,
            wanted.specifier,
            # What can be decided was; the rest is left to the installer, on one line.
            marker=" ".join(wanted.marker.split()) if self._is_open(wanted.marker) else "",
            hashes=wanted.hashes,
        )
        if wanted.path is not None:
            local = self._local(wanted)
            text = f"{wanted.name}{extras} @ {seen(wanted.path)}"
            return replace(
                entry,
                text=text,
                form=Form.LOCAL,
                # uv takes no name before an editable path.
                named=not wanted.editable,
                specifier="",
                local=local,
                editable=wanted.editable,
            )
        if wanted.git or wanted.url:
            url = self._git(wanted) if wanted.git else self._url(wanted)
            form = Form.VCS if wanted.git else Form.URL
            text = f"{wanted.name}{extras} @ {url}"
            return replace(entry, text=text, form=form, specifier="", url=url)
        return entry

    def _is_open(self, marker: str) -> bool:
        return marker_holds(marker, self.target) is None

    def _local(self, wanted: Wanted) -> LocalPath:
        place = wanted.path or "."
        if wanted.subdirectory:
            place += f"/{wanted.subdirectory}"
        if "\0" in place:
            raise self._malformed(wanted.origin, f"gives {seen(wanted.name)} a path that isn't one")
        covers = Coverage.METADATA if wanted.editable else Coverage.CONTENTS
        path = self.expanded(wanted.origin, place)
        local = find_local(self.app_dir, wanted.origin, path, seen(place), covers)
        check_installable(self.app_dir, local, is_archive(path))
        return local

    def _git(self, wanted: Wanted) -> str:
        address = wanted.git.removeprefix("git+")
        if scp := _SCP.fullmatch(address):
            address = f"ssh://{scp['user']}@{scp['host']}/{scp['path']}"
        self._check_address(wanted, address)
        revision = f"@{wanted.revision}" if wanted.revision else ""
        if wanted.revision and not _REVISION.fullmatch(wanted.revision):
            raise self._malformed(
                wanted.origin, f"holds a revision of {wanted.name} that isn't one", revision
            )
        return f"git+{address}{revision}{self._fragment(wanted)}"

    def _url(self, wanted: Wanted) -> str:
        scheme = wanted.url.partition("+")[0].lower()
        if scheme in ("hg", "svn", "bzr"):
            raise UnsupportedSourceError(wanted.origin, wanted.name, f"a {scheme} repository")
        self._check_address(wanted, wanted.url)
        return wanted.url.partition("#")[0] + self._fragment(wanted)

    def _check_address(self, wanted: Wanted, address: str) -> None:
        if not _ADDRESS.fullmatch(self.expanded(wanted.origin, address)):
            raise self._malformed(
                wanted.origin, f"gives {wanted.name} an address that isn't one", address
            )
        self._warn_of_credentials(wanted.origin, address)

    def _fragment(self, wanted: Wanted) -> str:
        folder = wanted.subdirectory
        if folder and not _FOLDER.fullmatch(folder):
            raise self._malformed(
                wanted.origin, f"gives {wanted.name} a folder that isn't one", folder
            )
        return f"#subdirectory={folder}" if folder else ""

    def _warn_of_credentials(self, origin: Origin, address: str) -> None:
        warned = Warned(origin, errors.CREDENTIALS_IN_FILE)
        if has_credentials(address) and warned not in self.warnings:
            self.warnings.append(warned)

    def _malformed(self, origin: Origin, problem: str, found: str = "") -> MalformedError:
        return MalformedError(str(origin), problem, seen(found), REMEDY)
