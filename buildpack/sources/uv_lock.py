"""uv.lock, read as ``uv sync --frozen`` reads it: a walk from the project over what holds here.

The format is uv's own: ``version`` 1, later revisions only add to it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from buildpack.errors.sources import LockVersionError
from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Entry, Origin
from buildpack.requirements.syntax import normalised
from buildpack.sources.asked import Asked
from buildpack.sources.document import Document, Table
from buildpack.sources.gather import Gatherer, Wanted
from buildpack.sources.indexes import Index, is_public
from buildpack.sources.project_indexes import uvs
from buildpack.sources.stale import is_itself

COMMAND = "uv lock"
_LOCAL = ("editable", "directory", "path")


@dataclass(frozen=True)
class Locked:
    """What a lock came to: the packages in it, those taken, the project where it is one."""

    total: int
    taken: int
    project: Entry | None = None


@dataclass(frozen=True)
class _Package:
    """``[[package]]``, with its place in the file."""

    table: Table
    origin: Origin

    @property
    def name(self) -> str:
        return normalised(self.table.text("name"))

    @property
    def version(self) -> str:
        return self.table.text("version", "")

    @property
    def source(self) -> Table:
        return self.table.table("source")

    def is_itself(self) -> bool:
        """Whether it is the project in the app's folder."""
        return is_itself(self.table)


def read_uv_lock(lock: Document, project: Document, asked: Asked, gatherer: Gatherer) -> Locked:
    """Take the locked packages for the target; raises a SourceError."""
    if lock.root.values.get("version") != 1:
        version = lock.root.values.get("version", "missing")
        raise LockVersionError(lock.name, str(version)[:20], "version 1", COMMAND)
    walk = _Walk(lock, project, asked, gatherer)
    roots = walk.roots()
    for root in roots:
        walk.begin(root)
    walk.run()
    own = next((root for root in roots if root.is_itself()), None)
    return Locked(
        total=sum(not package.is_itself() for package in walk.packages),
        taken=len(gatherer.entries),
        project=walk.project(own),
    )


@dataclass
class _Walk:
    lock: Document
    document: Document
    asked: Asked
    gatherer: Gatherer
    packages: list[_Package] = field(init=False)
    waiting: list[tuple[_Package, str]] = field(default_factory=list)
    seen: set[tuple[int, str]] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        tables = self.lock.root.tables("package")
        origins = self.lock.origins_of_tables("package")
        origins += [self.lock.origin(0)] * (len(tables) - len(origins))
        self.packages = [
            _Package(table, origin) for table, origin in zip(tables, origins, strict=False)
        ]
        self.named: dict[str, list[_Package]] = {}
        for package in self.packages:
            self.named.setdefault(package.name, []).append(package)
        self.indexes = dict(_declared(self.document.root.table("tool").table("uv")))

    def roots(self) -> list[_Package]:
        """The project, or the members of a workspace whose root is none."""
        itself = [package for package in self.packages if package.is_itself()]
        if itself:
            return itself[:1]
        members = {normalised(name) for name in self.lock.root.table("manifest").texts("members")}
        found = [package for package in self.packages if package.name in members]
        if not found:
            raise self.lock.malformed("holds no package that is the app's own")
        return found

    def begin(self, root: _Package) -> None:
        extras = root.table.table("optional-dependencies")
        groups = root.table.table("dev-dependencies")
        metadata = root.table.table("metadata")
        self.asked.check(
            self.lock.name,
            [*extras.values, *metadata.texts("provides-extras")],
            [*groups.values, *metadata.table("requires-dev").values],
        )
        # How markers of extras and groups that exclude each other name them.
        length = len(root.name)
        self.chosen |= {f"extra-{length}-{root.name}-{extra}" for extra in self.asked.extras}
        self.chosen |= {f"group-{length}-{root.name}-{group}" for group in self.asked.groups}
        self.chosen.add(f"project-{length}-{root.name}")
        self.waiting.append((root, ""))
        self.waiting += [(root, extra) for extra in sorted(self.asked.extras)]
        for group in groups.values:
            if normalised(group) in self.asked.groups:
                self._follow(groups.tables(group))

    def run(self) -> None:
        """Take everything that is reached."""
        while self.waiting:
            package, extra = self.waiting.pop()
            if (id(package), extra) in self.seen:
                continue
            if not extra and not package.is_itself():
                self._take(package)
            self.seen.add((id(package), extra))
            if not extra:
                self._follow(package.table.tables("dependencies"))
                continue
            extras = package.table.table("optional-dependencies")
            for name in extras.values:
                if normalised(name) == normalised(extra):
                    self._follow(extras.tables(name))

    def _follow(self, dependencies: tuple[Table, ...]) -> None:
        for dependency in dependencies:
            marker = dependency.text("marker", "")
            if marker_holds(marker, self.gatherer.target, self.chosen) is False:
                continue
            package = self._resolved(dependency)
            self.waiting.append((package, ""))
            self.waiting += [(package, extra) for extra in dependency.texts("extra")]

    def _resolved(self, dependency: Table) -> _Package:
        """The package that a dependency names; of several versions it says which."""
        name = dependency.text("name")
        version, source = dependency.text("version", ""), dependency.table("source").values
        found = [
            package
            for package in self.named.get(normalised(name), ())
            if (not version or package.version == version)
            and (not source or package.source.values == source)
        ]
        if len(found) != 1:
            count = "several packages" if found else "no package"
            raise self.lock.malformed(f"holds {count} for a dependency", f"{name} {version}")
        return found[0]

    def _take(self, package: _Package) -> None:
        source, name = package.source, package.table.text("name")
        files = [*package.table.tables("wheels")]
        files += [package.table.table("sdist")] if "sdist" in package.table else []
        hashes = tuple(file.text("hash") for file in files if "hash" in file)
        wanted = Wanted(package.origin, name, hashes=hashes)
        if "registry" in source:
            index = self._index(source.text("registry"))
            self._add(wanted, specifier=f"=={package.version}", index=index)
        elif "git" in source:
            address, revision, folder = _git(source.text("git"))
            self._add(wanted, git=address, revision=revision, subdirectory=folder, hashes=())
        elif "url" in source:
            folder = source.text("subdirectory", "")
            self._add(wanted, url=source.text("url"), subdirectory=folder)
        elif found := next((kind for kind in _LOCAL if kind in source), None):
            # The hashes of a folder's files are none.
            known = hashes if found == "path" else ()
            editable = found == "editable"
            self._add(wanted, path=source.text(found), editable=editable, hashes=known)
        elif "virtual" not in source:
            raise self.lock.malformed("holds a package from a place that isn't known", name)

    def _add(self, wanted: Wanted, **how: object) -> None:
        self.gatherer.add(Wanted(**{**vars(wanted), **how}))

    def _index(self, registry: str) -> Index | None:
        if is_public(registry):
            return None
        if "://" not in registry:
            return Index(path=registry)
        return self.indexes.get(_bare(registry), Index(registry))

    def project(self, root: _Package | None) -> Entry | None:
        """The project, where it is one that can be installed."""
        settings = self.document.root.table("tool").table("uv")
        if not root or "virtual" in root.source or not settings.flag("package", True):
            return None
        origin = self.document.origin_of("[build-system]")
        return self.gatherer.own_project(origin, root.table.text("name"))


def _declared(settings: Table) -> Iterator[tuple[str, Index]]:
    """The indexes of pyproject.toml, by their addresses without credentials."""
    for table in settings.tables("index") if isinstance(settings.values.get("index"), list) else ():
        yield _bare(table.text("url")), uvs(table)


def _bare(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url).rstrip("/")


def _git(source: str) -> tuple[str, str, str]:
    """Address, commit and folder of ``https://HOST/REPOSITORY?subdirectory=x&rev=y#COMMIT``."""
    address, _, commit = source.partition("#")
    plain, _, query = address.partition("?")
    parameters = parse_qs(query)
    urlsplit(plain)
    folder = parameters.get("subdirectory", [""])[0]
    revision = next(
        (parameters[key][0] for key in ("rev", "tag", "branch") if key in parameters), ""
    )
    return plain, commit or revision, folder
