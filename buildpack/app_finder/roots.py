"""Which folder goes first on PYTHONPATH, so that a file's imports are found."""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from buildpack.app_finder.evidence import requires
from buildpack.app_finder.files import AppFiles
from buildpack.app_finder.frameworks import knows_library
from buildpack.app_finder.places import Place
from buildpack.app_finder.project import Project, join
from buildpack.app_finder.shown import shown
from buildpack.app_finder.syntax import Source


@dataclass(frozen=True)
class Rooted:
    """A place with the root that it needs, and why where that isn't plain from its path."""

    place: Place
    because: str = ""


def search_path(place: Place) -> tuple[str, ...]:
    """Where the imports of a place's file are looked for, in this order."""
    return tuple(dict.fromkeys((place.root, "", place.home, "src")))


def rooted(
    place: Place, entry: Source, visited: Iterable[Source], project: Project, named: bool
) -> Rooted:
    """Put the file's own folder first where imports resolve only from there.

    The module is then named from that folder, unless it has relative imports (they need its
    package) or the user named it. ``visited`` are the files on the way to the app.
    """
    if place.home and place.home == place.root:
        if named or not _has_relative_imports(entry):
            return Rooted(place)
        module = f"{place.home.replace('/', '.')}.{place.module}"
        return Rooted(Place(place.file, module), f"{shown(place.file)} has relative imports")
    extra = place.home or "src"
    if not named and top_is_hidden(place, project.files):
        return Rooted(_from_home(place), "app.py would be imported instead of the folder app/")
    for source in visited:
        for names, node in _absolute_imports(source):
            file = _only_below(extra, names, place, project)
            if file:
                moved = replace(place, root=extra) if named else _moved(place, extra, entry)
                only = f"{source.origin(node)} is found only there ({shown(file)})"
                return Rooted(moved, only)
    return Rooted(place)


def _moved(place: Place, extra: str, entry: Source) -> Place:
    if extra != place.home or _has_relative_imports(entry):
        return replace(place, root=extra)
    return _from_home(place)


def _from_home(place: Place) -> Place:
    name = place.file.rpartition("/")[2].removesuffix(".py")
    if name == "__init__":
        return replace(place, root=place.home)
    return Place(place.file, name, place.home)


def top_is_hidden(place: Place, files: AppFiles) -> bool:
    """app/main.py beside app.py: without app/__init__.py, import app takes app.py."""
    top = place.module.partition(".")[0]
    above = join(place.root, top)
    nested = place.home.startswith(above)
    return nested and files.is_there(f"{above}.py") and not files.is_there(f"{above}/__init__.py")


def _has_relative_imports(source: Source) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(source.tree))


def _absolute_imports(source: Source) -> Iterator[tuple[list[str], ast.AST]]:
    """The dotted names that each import statement may lead to, the longest first."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield [alias.name for alias in node.names], node
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*"]
            yield [*inner, node.module], node


def _only_below(extra: str, names: list[str], place: Place, project: Project) -> str | None:
    """The file that one of the names leads to, if only the extra folder has it."""
    for name in names:
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or knows_library(top):
            continue
        found = project.resolve(name, (place.root, "", extra))
        below = join(extra, top)
        if (
            found
            and found.file
            and (found.path == below or found.path.startswith(f"{below}/"))
            and not project.resolve(name, (place.root, ""))
            and not requires(project.files, top)
        ):
            return found.file
    return None
