"""pylock.toml, the lock format of PEP 751: whichever tool made it."""

from dataclasses import dataclass, replace

from buildpack.errors.sources import LockedForAnotherPythonError, LockVersionError
from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Origin
from buildpack.requirements.syntax import normalised
from buildpack.requirements.versions import allows, clauses, release
from buildpack.sources.asked import Asked
from buildpack.sources.document import Document, Table
from buildpack.sources.gather import Gatherer, Wanted
from buildpack.sources.indexes import Index, is_public

COMMAND = "uv export --format pylock.toml -o pylock.toml"


def read_pylock(lock: Document, asked: Asked, gatherer: Gatherer) -> int:
    """Take the locked packages for the target, and say how many the lock has.

    The lock's own ``default-groups`` are always part of it. Raises a SourceError.
    """
    version = lock.root.text("lock-version")
    if version.partition(".")[0] != "1":
        raise LockVersionError(lock.name, version[:20], "version 1", COMMAND)
    python, wanted = gatherer.target.python, lock.root.text("requires-python", "")
    if clauses(wanted) is not None and not allows(wanted, release(python)):
        raise LockedForAnotherPythonError(lock.name, wanted, python)
    default = lock.root.texts("default-groups")
    groups = (*lock.root.texts("dependency-groups"), *default)
    asked.check(lock.name, lock.root.texts("extras"), groups)
    chosen = asked.groups | {normalised(group) for group in default}
    tables = lock.root.tables("packages")
    origins = lock.origins_of_tables("packages")
    origins += [lock.origin(0)] * (len(tables) - len(origins))
    for table, origin in zip(tables, origins, strict=False):
        marker = table.text("marker", "")
        if marker_holds(marker, gatherer.target, asked.extras, chosen) is not False:
            gatherer.add(_Package(lock, table, origin).wanted())
    return len(tables)


@dataclass(frozen=True)
class _Package:
    lock: Document
    table: Table
    origin: Origin

    def wanted(self) -> Wanted:
        table = self.table
        wanted = Wanted(self.origin, table.text("name"))
        if "vcs" in table:
            return self._vcs(wanted, table.table("vcs"))
        if "directory" in table:
            folder = table.table("directory")
            path, inner = folder.text("path"), folder.text("subdirectory", "")
            return replace(wanted, path=path, subdirectory=inner, editable=folder.flag("editable"))
        if "archive" in table:
            archive = table.table("archive")
            wanted = replace(wanted, subdirectory=archive.text("subdirectory", ""))
            return self._located(wanted, archive)
        return self._of_index(wanted)

    def _vcs(self, wanted: Wanted, vcs: Table) -> Wanted:
        place = vcs.text("url", "") or vcs.text("path")
        kind = vcs.text("type")
        if kind != "git":
            return replace(wanted, url=f"{kind}+{place}")
        inner = vcs.text("subdirectory", "")
        return replace(wanted, git=place, revision=vcs.text("commit-id"), subdirectory=inner)

    def _located(self, wanted: Wanted, file: Table) -> Wanted:
        hashes = self._hashes((file,))
        if "path" in file:
            return replace(wanted, path=file.text("path"), hashes=hashes)
        return replace(wanted, url=file.text("url"), hashes=hashes)

    def _of_index(self, wanted: Wanted) -> Wanted:
        files = [*self.table.tables("wheels")]
        files += [self.table.table("sdist")] if "sdist" in self.table else []
        if not files:
            raise self.lock.malformed("holds a package without any file", wanted.name)
        if len(files) == 1 and "path" in files[0] and "url" not in files[0]:
            return self._located(wanted, files[0])
        index = self.table.text("index", "")
        return replace(
            wanted,
            specifier=f"=={self.table.text('version')}",
            hashes=self._hashes(tuple(files)),
            index=None if not index or is_public(index) else Index(index),
        )

    def _hashes(self, files: tuple[Table, ...]) -> tuple[str, ...]:
        found = []
        for file in files:
            hashes = file.table("hashes")
            known = [kind for kind in ("sha256", "sha512", "sha384") if kind in hashes]
            if not known:
                raise self.lock.malformed("holds a file without a hash", self.table.text("name"))
            found.append(f"{known[0]}:{hashes.text(known[0])}")
        return tuple(found)
