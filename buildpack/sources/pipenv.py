"""Pipfile.lock, and Pipfile where there is no lock."""

import re
from collections.abc import Iterator
from dataclasses import replace

from buildpack.errors.sources import LockVersionError
from buildpack.requirements.model import Option
from buildpack.requirements.syntax import normalised
from buildpack.sources.asked import Asked
from buildpack.sources.document import Document, Table
from buildpack.sources.gather import Gatherer, Wanted
from buildpack.sources.indexes import Index, is_public

COMMAND = "pipenv lock"
_DEVELOP = frozenset({"dev", "develop", "dev-packages"})
_MAIN = ("main", "default", "packages")
_NO_CATEGORY = ("source", "packages", "requires", "scripts", "pipfile", "pipenv")
_SHORT = re.compile(r"\$([A-Z_][A-Z0-9_]*)")
"""A variable in an address without braces, which Pipenv takes as well."""

_MARKERS = (
    *("os_name", "sys_platform", "platform_machine", "platform_system", "python_version"),
    *("python_full_version", "implementation_name", "platform_python_implementation"),
)


def read_pipfile_lock(lock: Document, asked: Asked, gatherer: Gatherer) -> int:
    """Take the locked packages for the target, and say how many the lock has.

    Raises a SourceError.
    """
    spec = lock.root.table("_meta").values.get("pipfile-spec")
    if spec != 6:
        known = "pipfile-spec 6"
        raise LockVersionError(lock.name, f"pipfile-spec {spec}"[:40], known, COMMAND)
    categories = [name for name in lock.root.values if name != "_meta"]
    asked.check(lock.name, (), [*_shown(categories)], always=_MAIN)
    _use_sources(lock.root.table("_meta").tables("sources"), lock, gatherer)
    names: set[str] = set()
    for category in categories:
        table = lock.root.table(category)
        names |= {normalised(name) for name in table.values}
        if category == "default" or _is_chosen(category, asked):
            start = lock.text.find(f'"{category}": {{')
            for name in table.values:
                package = table.table(name)
                origin = lock.origin_of(f'"{name}": {{', start)
                wanted = Wanted(origin, name, hashes=package.texts("hashes"))
                gatherer.add(_located(wanted, package))
    return len(names)


def read_pipfile(pipfile: Document, asked: Asked, gatherer: Gatherer) -> None:
    """Take what a Pipfile without a lock asks for; raises a SourceError."""
    categories = [name for name in pipfile.root.values if name not in _NO_CATEGORY]
    asked.check(pipfile.name, (), [*_shown(categories)], always=_MAIN)
    _use_sources(pipfile.root.tables("source"), pipfile, gatherer)
    if pipfile.root.table("pipenv").flag("allow_prereleases"):
        gatherer.options.append(Option(pipfile.origin_of("allow_prereleases"), "--pre"))
    for category in ("packages", *categories):
        if category != "packages" and not _is_chosen(category, asked):
            continue
        table = pipfile.root.table(category)
        start = pipfile.text.find(f"[{category}]")
        for name, value in table.values.items():
            found = {"version": value} if isinstance(value, str) else value
            if not isinstance(found, dict):
                raise pipfile.malformed("says nothing that can be followed", name)
            package = Table(pipfile.name, f"{category}.{name}", found)
            origin = pipfile.origin(pipfile.text.find(f"\n{name}", start + 1) + 1)
            gatherer.add(_located(Wanted(origin, name), package))


def _shown(categories: list[str]) -> Iterator[str]:
    """The groups, as BP_GROUPS may name them."""
    for category in categories:
        if category in _DEVELOP:
            yield from ("dev", category)
        elif category != "default":
            yield category


def _is_chosen(category: str, asked: Asked) -> bool:
    if category in _DEVELOP:
        return bool(asked.groups & {"dev", normalised(category)})
    return normalised(category) in asked.groups


def _use_sources(sources: tuple[Table, ...], document: Document, gatherer: Gatherer) -> None:
    """The first one takes the public index's place, as Pipenv has it."""
    for number, source in enumerate(sources):
        url = source.text("url")
        if not is_public(url):
            origin = document.origin_of(url)
            index = Index(_SHORT.sub(r"${\1}", url), default=number == 0)
            gatherer.use_index(origin, index)
            if not source.flag("verify_ssl", True):
                gatherer.options.append(Option(origin, "--trusted-host", _host(index.url)))


def _host(url: str) -> str:
    """With the port, if it has one."""
    return re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]


def _located(wanted: Wanted, package: Table) -> Wanted:
    wanted = replace(wanted, extras=package.texts("extras"), marker=_marker(package))
    version = package.text("version", "*")
    if "git" in package:
        return replace(
            wanted,
            git=package.text("git"),
            revision=package.text("ref", ""),
            subdirectory=package.text("subdirectory", ""),
            hashes=(),
        )
    if "path" in package:
        editable = package.flag("editable")
        return replace(wanted, path=package.text("path"), editable=editable, hashes=())
    if "file" in package:
        place = package.text("file")
        if "://" in place:
            return replace(wanted, url=place)
        return replace(wanted, path=place)
    for kind in ("hg", "svn", "bzr"):
        if kind in package:
            return replace(wanted, url=f"{kind}+{package.text(kind)}")
    return replace(wanted, specifier="" if version == "*" else version.replace(" ", ""))


def _marker(package: Table) -> str:
    """``markers``, and in a Pipfile also ``sys_platform = "== 'win32'"`` and the like."""
    found = [package.text("markers", "")]
    found += [f"{name} {package.text(name)}" for name in _MARKERS if name in package]
    parts = [part for part in found if part]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)
