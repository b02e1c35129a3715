"""pyproject.toml without a lock: ``[project]``, or Poetry's own tables."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from buildpack.errors.sources import UnsupportedSourceError
from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Entry
from buildpack.requirements.syntax import (
    BadLineError,
    ParsedRequirement,
    normalised,
    parse_requirement,
)
from buildpack.sources.asked import Asked
from buildpack.sources.document import Document, Table
from buildpack.sources.gather import Gatherer, Wanted
from buildpack.sources.indexes import Index
from buildpack.sources.poetry_dependencies import (
    Dependency,
    brought_by,
    dependencies_of,
    groups_of,
    specifier_of,
)
from buildpack.sources.project_indexes import use_poetrys, use_uvs
from buildpack.sources.stale import project_error

MAIN = "main"
_DEEPEST = 20


def is_poetrys(project: Document) -> bool:
    """Whether the dependencies stand in Poetry's tables."""
    root = project.root.table("project")
    poetry = project.root.table("tool").table("poetry")
    return "dependencies" in poetry and "dependencies" not in root


def read_project(project: Document, asked: Asked, gatherer: Gatherer) -> None:
    """Take the project's dependencies; raises a SourceError."""
    if is_poetrys(project):
        _read_poetry(project, asked, gatherer)
    else:
        _Project(project, gatherer).read(asked)


def itself(project: Document, gatherer: Gatherer) -> Entry | None:
    """The project as something to install; None where its own tool wouldn't either."""
    root = project.root.table("project")
    poetry = project.root.table("tool").table("poetry")
    uv = project.root.table("tool").table("uv")
    if "build-system" not in project.root:
        return None
    if not poetry.flag("package-mode", True) or not uv.flag("package", True):
        return None
    name = root.text("name", "") or poetry.text("name", "")
    if not name or (_is_built_by_poetry(project) and not _has_module(name, poetry, gatherer)):
        return None
    return gatherer.own_project(project.origin_of("[build-system]"), name)


def _is_built_by_poetry(project: Document) -> bool:
    return project.root.table("build-system").text("build-backend", "").startswith("poetry.")


def _has_module(name: str, poetry: Table, gatherer: Gatherer) -> bool:
    """Whether Poetry would find a module of the project's name, or is told which to take.

    Where it finds none, people install with --no-root, and know that it is no package.
    """
    if "packages" in poetry or "include" in poetry:
        return True
    module = normalised(name).replace("-", "_")
    places = (module, f"src/{module}", f"{module}.py", f"src/{module}.py")
    return any((gatherer.app_dir / place).exists() for place in places)


class _Project:
    """``[project]``, ``[dependency-groups]``, and the places that ``[tool.uv]`` gives."""

    def __init__(self, project: Document, gatherer: Gatherer) -> None:
        self.document = project
        self.gatherer = gatherer
        self.root = project.root.table("project")
        self.groups = project.root.table("dependency-groups")
        self.uv = project.root.table("tool").table("uv")

    def read(self, asked: Asked) -> None:
        extras = self.root.table("optional-dependencies")
        dynamic = self.root.texts("dynamic")
        known = list(extras.values)
        if "optional-dependencies" not in dynamic:
            asked.check(self.document.name, known, self.groups.values, always=(MAIN,))
        self.indexes = use_uvs(self.document, self.gatherer)
        if "dependencies" in dynamic:
            self._take_dynamic(asked)
            return
        chosen = set(asked.extras)
        self._take(self.root.texts("dependencies"), chosen)
        while wanted := [e for e in extras.values if normalised(e) in chosen]:
            # An extra of the project may name others of its own extras.
            chosen.difference_update(normalised(extra) for extra in wanted)
            known = [name for name in known if name not in wanted]
            for extra in wanted:
                self._take(extras.texts(extra), chosen)
            chosen &= {normalised(name) for name in known}
        for group in self.groups.values:
            if normalised(group) in asked.groups:
                self._take(self._group(group, 0), set())

    def _take_dynamic(self, asked: Asked) -> None:
        """Only the project's build tells what it depends on: it is installed with all that."""
        origin = self.document.origin_of("dynamic")
        name = self.root.text("name")
        extras = tuple(sorted(asked.extras))
        self.gatherer.add(Wanted(origin, name, extras=extras, path=".", editable=True))

    def _group(self, group: str, depth: int) -> tuple[str, ...]:
        found: list[str] = []
        values = self.groups.values[group]
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, dict) and isinstance(value.get("include-group"), str):
                included = [
                    name
                    for name in self.groups.values
                    if normalised(name) == normalised(value["include-group"])
                ]
                if not included or depth > _DEEPEST:
                    problem = "has a dependency group that includes what can't be followed"
                    raise self.document.malformed(problem, value["include-group"])
                found += self._group(included[0], depth + 1)
            else:
                raise self.document.malformed("has a dependency group that isn't a list", group)
        return tuple(found)

    def _take(self, texts: tuple[str, ...], chosen: set[str]) -> None:
        """Take requirements; the project's own extras among them are added to ``chosen``."""
        own = normalised(self.root.text("name", ""))
        for text in texts:
            try:
                parsed = parse_requirement(text)
            except BadLineError as bad:
                raise project_error(self.root, text, bad) from None
            if parsed.name == own:
                chosen |= {normalised(extra) for extra in parsed.extras}
            else:
                self.gatherer.add(self._wanted(text, parsed))

    def _wanted(self, text: str, parsed: ParsedRequirement) -> Wanted:
        if not parsed.name:
            raise self.document.malformed("holds a requirement without a name", text)
        origin = self.document.origin_of(text)
        wanted = Wanted(
            origin, parsed.name, parsed.specifier, parsed.extras, parsed.marker, parsed.hashes
        )
        if parsed.url.lower().startswith("git+"):
            return replace(wanted, **_git_parts(parsed.url))
        if parsed.url or parsed.path is not None:
            return replace(wanted, url=parsed.url, path=parsed.path)
        return self._from_source(wanted)

    def _from_source(self, wanted: Wanted) -> Wanted:
        """The place that ``[tool.uv.sources]`` gives a name, the first that applies."""
        sources = self.uv.table("sources").values
        name = next((key for key in sources if normalised(key) == wanted.name), None)
        if name is None:
            return wanted
        ways = sources[name] if isinstance(sources[name], list) else [sources[name]]
        for way in ways:
            if not isinstance(way, dict):
                raise self.document.malformed("has a source that isn't a table", name)
            found = self._placed(wanted, Table(self.document.name, f"sources.{name}", way))
            if found:
                return found
        return wanted

    def _placed(self, wanted: Wanted, source: Table) -> Wanted | None:
        if marker_holds(source.text("marker", ""), self.gatherer.target) is False:
            return None
        inner = source.text("subdirectory", "")
        if "git" in source:
            revision = next((source.text(k) for k in ("rev", "tag", "branch") if k in source), "")
            git = source.text("git")
            return replace(wanted, specifier="", git=git, revision=revision, subdirectory=inner)
        if "url" in source:
            return replace(wanted, specifier="", url=source.text("url"), subdirectory=inner)
        if "path" in source:
            editable = source.flag("editable")
            return replace(wanted, specifier="", path=source.text("path"), editable=editable)
        if "index" in source:
            return replace(wanted, index=self.indexes.get(source.text("index")))
        what = "a workspace, which only uv.lock can tell about: run uv lock"
        raise UnsupportedSourceError(wanted.origin, wanted.name, what)


def _read_poetry(project: Document, asked: Asked, gatherer: Gatherer) -> None:
    poetry = project.root.table("tool").table("poetry")
    extras = poetry.table("extras")
    asked.check(project.name, extras.values, groups_of(poetry), always=(MAIN,))
    sources = use_poetrys(project, gatherer)
    brought = brought_by(extras, asked)
    wanted = [
        dependency
        for dependency in dependencies_of(poetry.table("dependencies"))
        if not dependency.optional or normalised(dependency.name) in brought
    ]
    for name, table in groups_of(poetry).items():
        if normalised(name) in asked.groups:
            wanted += dependencies_of(table)
    for dependency in wanted:
        if dependency.applies(gatherer.target, asked.extras):
            gatherer.add(_poetrys(project, dependency, sources))


def _poetrys(project: Document, dependency: Dependency, sources: Mapping[str, Index]) -> Wanted:
    table = dependency.table
    start = max(0, project.text.find("[tool.poetry"))
    found = project.text.find(f"\n{dependency.name}", start)
    origin = project.origin(found + 1)
    wanted = Wanted(origin, dependency.name, extras=dependency.extras)
    inner = table.text("subdirectory", "")
    if "git" in table:
        revision = next((table.text(k) for k in ("rev", "tag", "branch") if k in table), "")
        return replace(wanted, git=table.text("git"), revision=revision, subdirectory=inner)
    if "url" in table:
        return replace(wanted, url=table.text("url"), subdirectory=inner)
    if "path" in table or "file" in table:
        path = table.text("path", "") or table.text("file")
        return replace(wanted, path=path, editable=table.flag("develop"))
    specifier = specifier_of(dependency.constraint)
    if specifier is None:
        text = f"{dependency.name} = {dependency.constraint}"
        problem = (
            "has a version condition that only Poetry can follow, and no poetry.lock beside it"
        )
        raise project.malformed(problem, text)
    return replace(wanted, specifier=specifier, index=sources.get(table.text("source", "")))


def _git_parts(url: str) -> dict[str, Any]:
    address, _, fragment = url.partition("#")
    place, _, path = address.removeprefix("git+").partition("://")
    path, _, revision = path.rpartition("@") if "@" in path.partition("/")[2] else (path, "", "")
    folder = next(
        (
            part.partition("=")[2]
            for part in fragment.split("&")
            if part.startswith("subdirectory=")
        ),
        "",
    )
    return {"git": f"{place}://{path}", "revision": revision, "subdirectory": folder}
