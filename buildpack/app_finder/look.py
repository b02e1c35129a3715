"""Looks into one place: what is the app there, and how is it imported."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from buildpack.app_finder import calls
from buildpack.app_finder.answers import Origin
from buildpack.app_finder.evaluate import Evaluator
from buildpack.app_finder.frameworks import known
from buildpack.app_finder.places import Place
from buildpack.app_finder.project import Project
from buildpack.app_finder.roots import Rooted, rooted, search_path
from buildpack.app_finder.syntax import Source
from buildpack.app_finder.values import Class, Outside, Scope
from buildpack.errors import FlaskpackError

_MOST_CALLS = 2_000
_FLASK_ROLES = ("flask", "dash", "connexion")


@dataclass(frozen=True)
class Look:
    """A place that was read: its names, and what follows them through the project."""

    place: Place
    evaluator: Evaluator
    scope: Scope


def look(place: Place, project: Project) -> Look | FlaskpackError | None:
    """Read a place's file. None when enough has been read for one answer."""
    evaluator = Evaluator(project, search_path(place))
    scope = evaluator.module(place.file)
    return Look(place, evaluator, scope) if isinstance(scope, Scope) else scope


def root_of(look: Look, project: Project, named: bool) -> Rooted:
    """How the place is imported, judged by the imports on the way to the app."""
    visited = look.evaluator.visited
    package = look.place.file.rpartition("/")[0] + "/__init__.py"
    if package not in visited and project.files.is_file(package):
        look.evaluator.module(package)
    return rooted(look.place, look.scope.source, visited.values(), project, named)


def imports_flask(sources: Iterable[Source]) -> bool:
    """Whether one of the files imports flask itself."""
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            if any(name.partition(".")[0] == "flask" for name in names):
                return True
    return False


def app_out_of_reach(look: Look) -> Origin | None:
    """The first call of Flask(…) in the file, wherever it stands."""
    nodes = (node for node in ast.walk(look.scope.source.tree) if isinstance(node, ast.Call))
    for node in islice(nodes, _MOST_CALLS):
        if isinstance(node.func, ast.Name | ast.Attribute):
            value = look.evaluator.value(node.func, look.scope)
            if isinstance(value, Outside):
                found = known(value.name)
            else:
                found = (
                    calls.class_makes(look.evaluator, value) if isinstance(value, Class) else None
                )
            if found and found.role in _FLASK_ROLES:
                return look.scope.source.origin(node)
    return None
