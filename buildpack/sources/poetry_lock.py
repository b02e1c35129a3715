"""poetry.lock of Poetry 1 and 2, with the groups and extras of its pyproject.toml.

From format 2.1 on each package says for which groups and markers it is. Older ones don't:
there a walk from pyproject.toml over the packages' dependencies finds out.
"""

import re
from dataclasses import dataclass, replace

from buildpack.errors.sources import LockVersionError
from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Origin
from buildpack.requirements.syntax import normalised
from buildpack.sources.asked import Asked
from buildpack.sources.document import Document, Table
from buildpack.sources.gather import Gatherer, Wanted
from buildpack.sources.indexes import for_poetry, is_public
from buildpack.sources.poetry_dependencies import (
    Dependency,
    brought_by,
    constraint_allows,
    dependencies_of,
    groups_of,
)

COMMAND = "poetry lock"
MAIN = "main"
_WITH_GROUPS = (2, 1)


@dataclass(frozen=True)
class LockedPackage:
    """``[[package]]``, with its place in the file."""

    table: Table
    origin: Origin
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Normalised."""
        return normalised(self.table.text("name"))

    @property
    def version(self) -> str:
        """As it is locked."""
        return self.table.text("version")


def read_poetry_lock(lock: Document, project: Document, asked: Asked, gatherer: Gatherer) -> int:
    """Take the locked packages for the target, and say how many the lock has.

    Raises a SourceError.
    """
    version = _version(lock)
    poetry = project.root.table("tool").table("poetry")
    extras = lock.root.table("extras")
    optional = project.root.table("project").table("optional-dependencies")
    groups = {**groups_of(poetry), **project.root.table("dependency-groups").values}
    asked.check(lock.name, [*extras.values, *optional.values], groups, always=(MAIN,))
    packages = _packages(lock)
    if version >= _WITH_GROUPS:
        taken = [package for package in packages if _is_in(package, asked, gatherer)]
    else:
        taken = _Walk(packages, gatherer, lock).take(poetry, extras, asked)
    for package in taken:
        gatherer.add(_wanted(package))
    return len(packages)


def _version(lock: Document) -> tuple[int, ...]:
    written = lock.root.table("metadata").text("lock-version", "missing")
    if not re.fullmatch(r"[12]\.\d{1,3}", written):
        known = "1.0 to 2.1"
        raise LockVersionError(lock.name, written[:20], known, COMMAND)
    return tuple(int(part) for part in written.split("."))


def _packages(lock: Document) -> list[LockedPackage]:
    tables = lock.root.tables("package")
    origins = lock.origins_of_tables("package")
    origins += [lock.origin(0)] * (len(tables) - len(origins))
    # Where the hashes were before format 2.0.
    old = lock.root.table("metadata").table("files")
    found = []
    for table, origin in zip(tables, origins, strict=False):
        name = table.text("name")
        files = table.tables("files") or (old.tables(name) if name in old else ())
        hashes = tuple(file.text("hash") for file in files if "hash" in file)
        found.append(LockedPackage(table, origin, hashes))
    return found


def _is_in(package: LockedPackage, asked: Asked, gatherer: Gatherer) -> bool:
    chosen = {MAIN, *asked.groups}
    markers = package.table.values.get("markers", "")
    for group in package.table.texts("groups"):
        if normalised(group) not in chosen:
            continue
        by_group = package.table.table("markers") if not isinstance(markers, str) else None
        marker = by_group.text(group, "") if by_group else str(markers)
        if marker_holds(marker, gatherer.target, asked.extras) is not False:
            return True
    return False


def _wanted(package: LockedPackage) -> Wanted:
    table = package.table
    source = table.table("source")
    wanted = Wanted(package.origin, table.text("name"), hashes=package.hashes)
    place = source.text("url", "")
    match source.text("type", ""):
        case "git":
            revision = source.text("resolved_reference", "") or source.text("reference", "")
            folder = source.text("subdirectory", "")
            return replace(wanted, git=place, revision=revision, subdirectory=folder, hashes=())
        case "directory":
            return replace(wanted, path=place or ".", editable=table.flag("develop"), hashes=())
        case "file":
            return replace(wanted, path=place)
        case "url":
            return replace(wanted, url=place, subdirectory=source.text("subdirectory", ""))
    specifier = f"=={package.version}"
    if not place or is_public(place):
        return replace(wanted, specifier=specifier)
    index = for_poetry(source.text("reference", ""), place)
    return replace(wanted, specifier=specifier, index=index)


@dataclass
class _Walk:
    packages: list[LockedPackage]
    gatherer: Gatherer
    lock: Document

    def take(self, poetry: Table, extras: Table, asked: Asked) -> list[LockedPackage]:
        """The packages that the main dependencies and the chosen groups and extras lead to."""
        self.waiting: list[tuple[LockedPackage, frozenset[str]]] = []
        brought = brought_by(extras, asked)
        for dependency in dependencies_of(poetry.table("dependencies")):
            if not dependency.optional or normalised(dependency.name) in brought:
                self._follow(dependency, asked.extras)
        for name, table in groups_of(poetry).items():
            if normalised(name) in asked.groups:
                for dependency in dependencies_of(table):
                    self._follow(dependency, asked.extras)
        seen: dict[int, frozenset[str]] = {}
        taken: dict[int, LockedPackage] = {}
        while self.waiting:
            package, wanted = self.waiting.pop()
            known = seen.get(id(package))
            if known is not None and wanted <= known:
                continue
            seen[id(package)] = (known or frozenset()) | wanted
            taken[id(package)] = package
            self._reach(package, seen[id(package)])
        return list(taken.values())

    def _reach(self, package: LockedPackage, wanted: frozenset[str]) -> None:
        brought = brought_by(package.table.table("extras"), Asked(extras=wanted))
        for dependency in dependencies_of(package.table.table("dependencies")):
            # The marker says it where it names extras; where it doesn't, the extras' list does.
            listed = normalised(dependency.name) in brought
            if not dependency.optional or "extra" in dependency.marker or listed:
                self._follow(dependency, wanted)

    def _follow(self, dependency: Dependency, extras: frozenset[str]) -> None:
        if not dependency.applies(self.gatherer.target, extras):
            return
        named = [p for p in self.packages if p.name == normalised(dependency.name)]
        fitting = [
            package
            for package in named
            if len(named) == 1 or constraint_allows(dependency.constraint, package.version)
        ]
        python = self.gatherer.target.python
        fitting = [
            package
            for package in fitting
            if len(fitting) == 1
            or constraint_allows(package.table.text("python-versions", "*"), python)
        ]
        if not fitting:
            raise self.lock.malformed("holds no package for a dependency", dependency.name)
        wanted = frozenset(normalised(extra) for extra in dependency.extras)
        self.waiting.append((fitting[-1], wanted))
