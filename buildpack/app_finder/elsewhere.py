"""The only Flask app of a project, in a file that is none of the usual places."""

from buildpack.app_finder import evidence
from buildpack.app_finder.answers import Origin
from buildpack.app_finder.choose import Chosen, Nothing, choose
from buildpack.app_finder.look import Look, look
from buildpack.app_finder.places import Place, other_places
from buildpack.app_finder.project import Project
from buildpack.errors import FlaskpackError
from buildpack.errors.app import AppInSeveralFiles, SeveralApps

Taken = tuple[Look, Chosen]


def choice(looked: Look) -> Chosen | Nothing:
    """The app of a place that was read. Raises SeveralApps."""
    return choose(looked.evaluator, looked.scope, looked.place)


def elsewhere(project: Project) -> tuple[Taken | None, list[FlaskpackError]]:
    """The app of the first group of other places that has just one, or why there is none."""
    for group in other_places(project.files):
        try:
            apps = _apps(group, project)
        except SeveralApps as error:
            return None, [error]
        if len(apps) > 1:
            return None, [AppInSeveralFiles(tuple(_named(app) for app in apps))]
        if apps:
            return apps[0], []
    return None, []


def _apps(group: list[Place], project: Project) -> list[Taken]:
    apps: list[Taken] = []
    for place in group:
        looked = look(place, project) if evidence.names_app(project.files, place.file) else None
        if not isinstance(looked, Look):
            continue
        chosen = choice(looked)
        if isinstance(chosen, Chosen) and not any(_same(looked, chosen, app) for app in apps):
            apps.append((looked, chosen))
    return [app for app in apps if _is_flask(app[1])]


def _is_flask(chosen: Chosen) -> bool:
    app = chosen.candidate.app
    return app.kind in ("flask", "dash") and app.sure


def _same(looked: Look, chosen: Chosen, other: Taken) -> bool:
    """The same app under another name, or another file of the same package."""
    home = looked.place.home
    in_package = bool(home) and other[0].place.home == home
    return in_package or chosen.candidate.app.made == other[1].candidate.app.made


def _named(app: Taken) -> tuple[str, Origin]:
    looked, chosen = app
    candidate = chosen.candidate
    return f"{looked.place.module}:{candidate.variable}", candidate.origin
