"""Finding the app: the user's word first, then the places in their order."""

import sys
from pathlib import Path

from buildpack.app_finder import evidence, words
from buildpack.app_finder.answers import Answer, Found, Origin, UserWord
from buildpack.app_finder.files import AppFiles
from buildpack.app_finder.look import Look, look
from buildpack.app_finder.named import binds, variable_of
from buildpack.app_finder.places import USUAL_PLACES, Place, hidden_by, place_of, places
from buildpack.app_finder.project import Project, Pythons
from buildpack.app_finder.result import found
from buildpack.app_finder.roots import top_is_hidden
from buildpack.app_finder.said import Asked, asked
from buildpack.app_finder.search import cannot_read, search
from buildpack.app_finder.shown import shown
from buildpack.errors import FlaskpackError
from buildpack.errors.app import HiddenModule
from buildpack.errors.app_named import NoPlaceHasVariable, NoSuchModule
from buildpack.errors.app_source import NewerSyntax, TooComplex, TooLarge

OUR_PYTHON = sys.version_info[:2]


def find_app(
    app_dir: Path,
    word: UserWord,
    app_python: tuple[int, int] = OUR_PYTHON,
    our_python: tuple[int, int] = OUR_PYTHON,
) -> Answer:
    """The project's app, by reading its code.

    app_python is the minor version that the app will run on, our_python the one that parses
    here. Raises a FlaskpackError for a Flask project with a problem: detect lets those pass,
    build shows them.
    """
    project = Project(AppFiles(app_dir), Pythons(app_python, our_python))
    request = asked(word)
    if request is None:
        return search(project, word.bp_flask)
    if request.module is None:
        return _by_variable(request, project, word.bp_flask)
    return _by_module(request, request.module, project)


def _by_module(request: Asked, module: str, project: Project) -> Found:
    place = place_of(module, project.files)
    if place is None:
        raise NoSuchModule(str(request.of_module), module)
    if top_is_hidden(place, project.files):
        top = module.partition(".")[0]
        raise HiddenModule(shown(place.file), top, f"{top}.py")
    looked = look(place, project)
    if isinstance(looked, Look):
        named = variable_of(looked, request)
        return found(looked, named, project, True, words.asked_lines(request))
    if isinstance(looked, TooLarge | NewerSyntax | TooComplex):
        return _on_trust(place, request, project, looked)
    assert looked is not None  # one file is never too much
    raise looked


def _on_trust(place: Place, request: Asked, project: Project, why: FlaskpackError) -> Found:
    """The user names a file that can't be read here, but may well be good."""
    variable = request.variable or "app"
    origin = Origin(shown(place.file), 1, "")
    return Found(
        module=place.module,
        variable=variable,
        import_root=place.root,
        framework="unknown",
        origin=origin,
        explain=(
            *words.asked_lines(request),
            f"{shown(f'{place.module}:{variable}')} is taken on your word: {why}",
        ),
        imports_flask=evidence.mentions_flask(project.files, place.file),
    )


def _by_variable(request: Asked, project: Project, bp_flask: bool) -> Found:
    variable = request.variable or ""
    for place in places(project.files):
        if hidden_by(place, project.files):
            continue
        looked = look(place, project)
        if isinstance(looked, FlaskpackError):
            cannot_read(place, looked, project, bp_flask)
        elif looked and binds(looked, variable):
            named = variable_of(looked, request)
            return found(looked, named, project, False, words.asked_lines(request))
    raise NoPlaceHasVariable(str(request.of_variable), shown(variable), USUAL_PLACES)
