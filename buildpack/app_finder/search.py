"""Looks through the places in their order, and says what else the project may be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from buildpack.app_finder import evidence
from buildpack.app_finder.answers import Answer, Found, NamedAtLaunch, NotOurs, Origin
from buildpack.app_finder.choose import Chosen, Nothing
from buildpack.app_finder.elsewhere import choice, elsewhere
from buildpack.app_finder.frameworks import own_server
from buildpack.app_finder.look import Look, app_out_of_reach, imports_flask, look
from buildpack.app_finder.named import Named
from buildpack.app_finder.places import (
    LOOKED_FOR,
    Place,
    hidden_by,
    places,
)
from buildpack.app_finder.project import Project
from buildpack.app_finder.result import found
from buildpack.app_finder.shown import shown
from buildpack.errors import FlaskpackError
from buildpack.errors.app import (
    FlaskHidden,
    HiddenModule,
    OutOfReach,
)


@dataclass
class _Seen:
    """What the places held instead of an app."""

    looks: list[Look] = field(default_factory=list)
    hidden: list[Place] = field(default_factory=list)
    asgi: list[tuple[str, Origin]] = field(default_factory=list)
    broken: list[FlaskpackError] = field(default_factory=list)
    problems: list[FlaskpackError] = field(default_factory=list)
    unclear: list[FlaskpackError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> list[str]:
        """Lines for the log: what stood before the place that was taken."""
        asgi = [f"{origin} makes an app of {name}" for name, origin in self.asgi]
        return [f"passed by: {note}" for note in (*asgi, *self.notes)]


def search(project: Project, bp_flask: bool) -> Answer:
    """The first place that holds an app. Raises the problem of a Flask project that has none."""
    seen = _Seen()
    for place in places(project.files):
        if hidden_by(place, project.files):
            seen.hidden.append(place)
            continue
        looked = look(place, project)
        if isinstance(looked, FlaskpackError):
            cannot_read(place, looked, project, bp_flask)
            seen.broken.append(looked)
            seen.notes.append(str(looked))
        elif looked:
            result = choice(looked)
            if isinstance(result, Chosen):
                return _found(looked, result, project, seen.passed)
            _note(seen, looked, result, project, bp_flask)
    if not seen.asgi:
        other, problems = elsewhere(project)
        if other:
            before = [*seen.passed, "no usual place holds an app, one other file does"]
            return _found(*other, project, before)
        seen.problems += problems
    return _without_app(seen, project, bp_flask)


def cannot_read(place: Place, error: FlaskpackError, project: Project, bp_flask: bool) -> None:
    """Raise the error if the file is a Flask project's: what comes after it won't do."""
    if bp_flask or evidence.mentions_flask(project.files, place.file):
        raise error


def _note(seen: _Seen, looked: Look, nothing: Nothing, project: Project, bp_flask: bool) -> None:
    for error in nothing.broken:
        cannot_read(looked.place, error, project, bp_flask)
    seen.looks.append(looked)
    seen.broken += nothing.broken
    seen.problems += nothing.problems
    seen.unclear += nothing.unclear
    if nothing.asgi:
        seen.asgi.append((nothing.asgi.framework, nothing.asgi.trail[0]))
    for error in (*nothing.broken, *nothing.problems, *nothing.unclear):
        seen.notes.append(str(error))


def _without_app(seen: _Seen, project: Project, bp_flask: bool) -> Answer:
    files = project.files
    if seen.broken and evidence.requires_flask(files):
        raise seen.broken[0]
    if bp_flask:
        return _named_at_launch(seen, project, "BP_FLASK", "BP_FLASK=true")
    for problem in _problems(seen, project):
        raise problem
    layout = evidence.layout(files)
    if layout and not seen.asgi:
        return _named_at_launch(seen, project, "layout", layout)
    alone = bool(seen.asgi) and own_server(seen.asgi[0][0])
    there = (*seen.notes, *evidence.what_is_there(files))
    return NotOurs(LOOKED_FOR, there, tuple(seen.asgi), alone)


def _found(looked: Look, chosen: Chosen, project: Project, before: list[str]) -> Found:
    candidate = chosen.candidate
    named = Named(candidate.variable, candidate.origin, candidate.app)
    return found(looked, named, project, False, before, chosen.others)


def _named_at_launch(
    seen: _Seen, project: Project, reason: Literal["BP_FLASK", "layout"], sign: str
) -> NamedAtLaunch:
    explain = (
        f"No app was found; {sign} says that it is named when the container starts",
        *seen.passed,
    )
    return NamedAtLaunch(reason, explain, imports_flask(project.sources()))


def _problems(seen: _Seen, project: Project) -> Iterator[FlaskpackError]:
    """What stands between a Flask project and its app, the plainest first."""
    yield from seen.problems
    for place in seen.hidden:
        looked = look(place, project)
        if isinstance(looked, Look) and isinstance(choice(looked), Chosen):
            package = place.file.removesuffix(".py")
            yield HiddenModule(shown(place.file), place.module, f"{package}/__init__.py")
    flask = imports_flask(project.sources())
    if flask and not seen.asgi:
        for file in ("flask.py", "flask/__init__.py"):
            if project.files.is_there(file):
                yield FlaskHidden(file)
    if flask or evidence.requires_flask(project.files):
        yield from seen.unclear
    for looked in seen.looks:
        origin = None if seen.asgi else app_out_of_reach(looked)
        if origin:
            yield OutOfReach(origin)
