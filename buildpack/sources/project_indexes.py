"""The indexes that a project without a lock names for its tool: ``[tool.uv]``, Poetry's sources."""

from collections.abc import Iterator
from dataclasses import replace

from buildpack.requirements.model import Option
from buildpack.sources.document import Document, Table
from buildpack.sources.gather import Gatherer
from buildpack.sources.indexes import Index, for_poetry, for_uv, is_public

_PRIMARY = ("", "primary", "default")


def use_uvs(project: Document, gatherer: Gatherer) -> dict[str, Index]:
    """Use those that are for all packages; all that have a name, by it."""
    uv = project.root.table("tool").table("uv")
    for index in _plain(uv):
        gatherer.use_index(project.origin_of(index.path or index.url), index)
    if uv.flag("no-index"):
        gatherer.options.append(Option(project.origin_of("no-index"), "--no-index"))
    named = {}
    for table in uv.tables("index") if isinstance(uv.values.get("index"), list) else ():
        url = table.text("url")
        if is_public(url):
            continue
        index = uvs(table)
        if not table.flag("explicit"):
            gatherer.use_index(project.origin_of(url), index)
        named[table.text("name", "")] = index
    return named


def uvs(table: Table) -> Index:
    """An index of ``[[tool.uv.index]]``; a flat one is a page or a folder of files."""
    url = table.text("url")
    flat = table.text("format", "simple") == "flat"
    if flat and "://" not in url:
        return Index(path=url)
    default = table.flag("default") and not is_public(url)
    return replace(for_uv(table.text("name", ""), url, default=default), flat=flat)


def _plain(uv: Table) -> Iterator[Index]:
    """uv's older settings, which still hold."""
    default = uv.text("index-url", "")
    if default and not is_public(default):
        yield Index(default, default=True)
    for url in uv.texts("extra-index-url"):
        yield Index(url)
    for place in uv.texts("find-links"):
        yield Index(place, flat=True) if "://" in place else Index(path=place)


def use_poetrys(project: Document, gatherer: Gatherer) -> dict[str, Index]:
    """Use Poetry's sources that are for all packages; all but the public one, by name.

    Those of one's own take the place of the public index, unless that is named beside them or
    they are only further ones: https://python-poetry.org/docs/repositories/#package-sources
    """
    tables = project.root.table("tool").table("poetry").tables("source")
    for_all = [table for table in tables if _priority(table) != "explicit"]
    primary = [table for table in for_all if _priority(table) in _PRIMARY]
    own = [] if any(map(_is_public, primary)) else primary[-1:]
    named = {}
    for table in tables:
        if _is_public(table):
            continue
        name, url = table.text("name"), table.text("url")
        named[name] = replace(for_poetry(name, url), default=table in own)
        if table in for_all:
            gatherer.use_index(project.origin_of(url), named[name])
    return named


def _priority(source: Table) -> str:
    """As Poetry says it today; before 1.5 there were switches."""
    old = next((name for name in ("default", "secondary") if source.flag(name)), "")
    return source.text("priority", old).lower()


def _is_public(source: Table) -> bool:
    url = source.text("url", "")
    return is_public(url) if url else source.text("name").lower() == "pypi"
