"""Which name of a file is the app: app, application, the only one there is, a factory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from buildpack.app_finder import signatures
from buildpack.app_finder.answers import Origin
from buildpack.app_finder.bindings import ImportedModule, ImportedName
from buildpack.app_finder.evaluate import Evaluator
from buildpack.app_finder.known_calls import led_by
from buildpack.app_finder.places import Place
from buildpack.app_finder.shown import shown
from buildpack.app_finder.unclear import APP_NAMES, FACTORY_NAMES, may_be_app, may_be_factory
from buildpack.app_finder.values import App, Arguments, Broken, Function, NoApp, Scope
from buildpack.errors import FlaskpackError
from buildpack.errors.app import FactoryNeedsArguments, MadeAsgi, NotAnApp, SeveralApps, UnclearApp


@dataclass(frozen=True)
class Candidate:
    """A name of the file, or the call of one, with the app that it gives."""

    variable: str
    app: App

    @property
    def origin(self) -> Origin:
        return self.app.trail[0]


@dataclass
class Nothing:
    """No app in this file, and what there was instead.

    ``asgi`` is an app of another kind that stands where ours would. ``problems`` concern a
    Flask project that can't be served as it is; ``unclear`` may be one; ``broken`` is the
    error of a file that the name app comes from.
    """

    asgi: App | None = None
    problems: list[FlaskpackError] = field(default_factory=list)
    unclear: list[FlaskpackError] = field(default_factory=list)
    broken: list[FlaskpackError] = field(default_factory=list)


@dataclass(frozen=True)
class Chosen:
    """The app, and the other names that were there."""

    candidate: Candidate
    others: tuple[Candidate, ...] = ()


def choose(evaluator: Evaluator, scope: Scope, place: Place) -> Chosen | Nothing:
    """The file's app. Raises SeveralApps where the choice isn't plain."""
    nothing = Nothing()
    named = list(_by_name(evaluator, scope, place, nothing))
    for candidate in named:
        if candidate.app.kind == "dash":
            return Chosen(_flask_inside(candidate, evaluator, scope) or candidate)
        return Chosen(candidate, tuple(named[1:]))
    found = _instances(evaluator, scope, imported=False)
    found = found or _instances(evaluator, scope, imported=True)
    if nothing.asgi:
        found = [c for c in found if nothing.asgi.inner and c.app.made <= nothing.asgi.made]
    steps = (
        _of_kind(found, "flask"),
        _of_kind(found, "dash"),
        _factories(evaluator, scope, place, nothing) if not nothing.asgi else [],
        [c for c in _of_kind(found, "wsgi") if not _is_imported(scope, c.variable)],
    )
    for candidates in steps:
        if candidates:
            return Chosen(_only(candidates, scope, place))
    if nothing.asgi and nothing.asgi.inner and nothing.asgi.inner.kind != "asgi":
        nothing.problems.append(MadeAsgi(nothing.asgi.trail[0], nothing.asgi.framework))
    return nothing


def everything(evaluator: Evaluator, scope: Scope, place: Place) -> list[Candidate]:
    """All that could be served from the file, for a message."""
    apps = [c for c in _all_apps(evaluator, scope) if c.app.kind != "asgi"]
    return [*apps, *_factories(evaluator, scope, place, Nothing())]


def _by_name(
    evaluator: Evaluator, scope: Scope, place: Place, nothing: Nothing
) -> Iterator[Candidate]:
    for name in APP_NAMES:
        value = evaluator.name(name, scope)
        match value:
            case App(kind="asgi"):
                nothing.asgi = nothing.asgi or value
            case App():
                yield Candidate(name, value)
            case NoApp(maker=maker, origin=origin):
                nothing.problems.append(NotAnApp(name, origin, maker))
            case Broken(error=error):
                nothing.broken.append(error)
            case _ if may_be_app(name, value, scope):
                nothing.unclear.append(UnclearApp(place.module, name, _origin(scope, name)))


def _origin(scope: Scope, name: str) -> Origin:
    return scope.source.origin(scope.bindings.of(name)[-1].node)


def _all_apps(evaluator: Evaluator, scope: Scope) -> Iterator[Candidate]:
    for name in scope.bindings.names:
        value = evaluator.name(name, scope)
        if isinstance(value, App) and value.sure:
            yield Candidate(name, value)


def _instances(evaluator: Evaluator, scope: Scope, imported: bool) -> list[Candidate]:
    """The apps that the file itself names (or imports), each once, without those inside others."""
    names = [n for n in scope.bindings.names if _is_imported(scope, n) == imported]
    values = [(name, evaluator.name(name, scope)) for name in names]
    apps = [Candidate(n, v) for n, v in values if isinstance(v, App) and v.sure]
    outer = [c.app.made for c in apps if c.app.kind in ("flask", "wsgi")]
    outermost = [c for c in apps if not any(c.app.made < made for made in outer)]
    return [
        c
        for index, c in enumerate(outermost)
        if not any(_is_same(c.app, earlier.app) for earlier in outermost[:index])
    ]


def _is_same(app: App, other: App) -> bool:
    return app.made == other.made and app.kind == other.kind


def _flask_inside(dash: Candidate, evaluator: Evaluator, scope: Scope) -> Candidate | None:
    """The name of the Flask app in a Dash object, ``server`` before others."""
    apps = _of_kind(list(_all_apps(evaluator, scope)), "flask")
    inside = [c for c in apps if c.app.made & dash.app.made]
    return min(inside, key=lambda c: c.variable != "server", default=None)


def _factories(
    evaluator: Evaluator, scope: Scope, place: Place, nothing: Nothing
) -> list[Candidate]:
    """Functions that give an app when they are called without arguments."""
    usable: list[Candidate] = []
    others = [n for n in scope.bindings.names if n not in FACTORY_NAMES and n[0] != "_"]
    for name in (*FACTORY_NAMES, *others):
        value = evaluator.name(name, scope)
        app = evaluator.call(value, Arguments()) if isinstance(value, Function) else None
        if not isinstance(value, Function) or not isinstance(app, App):
            if name in FACTORY_NAMES and may_be_factory(name, value, scope, evaluator):
                error = UnclearApp(place.module, f"{name}()", _origin(scope, name))
                nothing.unclear.append(error)
            continue
        required = signatures.required(value.node)
        if name in others and (required or not _is_plain_factory(scope, name, app)):
            continue
        origin = _origin(scope, name)
        if app.kind == "asgi":
            nothing.asgi = nothing.asgi or app
        elif required:
            nothing.problems.append(
                FactoryNeedsArguments(place.module, name, origin, tuple(required))
            )
        else:
            usable.append(Candidate(f"{name}()", led_by(origin, app)))
    return usable


def _is_plain_factory(scope: Scope, name: str, app: App) -> bool:
    return app.kind == "flask" and app.sure and not _is_imported(scope, name)


def _is_imported(scope: Scope, name: str) -> bool:
    how = scope.bindings.names[name][-1].how
    return isinstance(how, ImportedName | ImportedModule)


def _of_kind(candidates: list[Candidate], kind: str) -> list[Candidate]:
    return [c for c in candidates if c.app.kind == kind]


def _only(candidates: list[Candidate], scope: Scope, place: Place) -> Candidate:
    for name in FACTORY_NAMES:
        for candidate in candidates:
            if candidate.variable == f"{name}()":
                return candidate
    if len(candidates) == 1:
        return candidates[0]
    apps = tuple((shown(c.variable), c.origin) for c in candidates)
    raise SeveralApps(shown(scope.source.path), place.module, apps)
