"""What calls of libraries give, and how apps are put together from the apps they get."""

import ast
from dataclasses import replace

from buildpack.app_finder.answers import Need, Origin
from buildpack.app_finder.frameworks import Known, known
from buildpack.app_finder.syntax import Source
from buildpack.app_finder.values import UNKNOWN, App, Arguments, Kind, NoApp, Outside, Spot, Value

_LONGEST_TRAIL = 6


def of_call(maker: str, arguments: Arguments, source: Source, node: ast.AST) -> Value:
    """What a call of something from outside of the project gives.

    An unknown callable that gets an app may wrap it: that is an app for which nobody vouches.
    """
    found = known(maker)
    apps = arguments.apps()
    if found:
        return of_known(found, arguments, source, node)
    if apps:
        return replace(around(apps, source, node), sure=False)
    return Outside(f"{maker}()") if len(maker) < 200 else UNKNOWN


def around_unknown(apps: list[App], source: Source, node: ast.AST) -> Value:
    """What a call of something unknown gives."""
    return replace(around(apps, source, node), sure=False) if apps else UNKNOWN


def of_type(value: Value, source: Source, node: ast.AST) -> App | None:
    """An app that is known by its annotation only: ``app: Flask = container.app()``."""
    found = known(value.name) if isinstance(value, Outside) else None
    if found and found.role in ("flask", "dash", "connexion", "asgi"):
        made = of_known(found, Arguments(), source, node)
        return made if isinstance(made, App) else None
    return None


def callable_app(kind: Kind, source: Source, node: ast.AST) -> App:
    """A plain callable of the project, by its parameters."""
    name = "plain WSGI" if kind == "wsgi" else "plain ASGI"
    return App(kind, name, frozenset({_spot(source, node)}), (source.origin(node),))


def called_at(source: Source, node: ast.AST, app: App) -> App:
    """What a factory gives: another app for each call."""
    return replace(app, made=app.made | {_spot(source, node)})


def led_by(origin: Origin, app: App) -> App:
    """The app with one more line at the head of its trail; a long trail keeps its end."""
    if app.trail[0] == origin:
        return app
    trail = (origin, *app.trail)
    kept = trail if len(trail) <= _LONGEST_TRAIL else (*trail[: _LONGEST_TRAIL - 1], trail[-1])
    return replace(app, trail=kept)


def of_known(found: Known, arguments: Arguments, source: Source, node: ast.AST) -> Value:
    """What a call makes whose role is known."""
    origin = source.origin(node)
    apps = arguments.apps()
    made = frozenset({_spot(source, node)}).union(*(app.made for app in apps))
    match found.role:
        case "flask":
            return App("flask", found.label, frozenset({_spot(source, node)}), (origin,))
        case "asgi":
            return App("asgi", found.label, frozenset({_spot(source, node)}), (origin,))
        case "dash":
            return _dash(found, arguments, origin, made)
        case "connexion":
            need = Need(
                "connexion",
                origin,
                "from version 3 on a Connexion app is an ASGI app",
                "Require connexion<3, or serve the app with an ASGI server, without Flaskpack",
                below=(3,),
            )
            inner = App("flask", "Flask", made, (origin,), (need,))
            return App("flask", found.label, made, (origin,), (need,), inner=inner)
        case "wrapper" | "wsgi":
            return around(apps, source, node) if apps else App("wsgi", found.label, made, (origin,))
        case "to wsgi":
            return App("wsgi", found.label, made, (origin,))
        case "to asgi":
            return App("asgi", found.label, made, (origin,), inner=apps[0] if apps else None)
        case "extension":
            return NoApp(found.label, origin) if apps else UNKNOWN
        case "decorator":
            return UNKNOWN


def _dash(found: Known, arguments: Arguments, origin: Origin, made: frozenset[Spot]) -> App:
    server = arguments.named.get("server")
    if isinstance(server, App) and server.kind == "asgi":
        return App("asgi", f"{found.label} on {server.framework}", made, (origin,))
    inner = server if isinstance(server, App) else App("flask", "Flask", made, (origin,))
    need = Need(
        "dash",
        origin,
        "before version 3.1 a Dash object can't be called by a server",
        "Require dash>=3.1, or give the Flask app inside a name: server = app.server",
        at_least=(3, 1),
    )
    return App("dash", found.label, made, (origin,), (need,), inner=inner)


def around(apps: list[App], source: Source, node: ast.AST) -> App:
    """A wrapper, of the kind of the first Flask app that it gets, else of the first app."""
    first = min(apps, key=lambda app: app.kind not in ("flask", "dash"))
    made = frozenset({_spot(source, node)}).union(*(app.made for app in apps))
    kind: Kind = "flask" if first.kind == "dash" else first.kind
    needs = tuple(dict.fromkeys(need for app in apps for need in app.needs))
    trail = (source.origin(node), *first.trail)
    return App(kind, first.framework, made, trail, needs, all(app.sure for app in apps))


def _spot(source: Source, node: ast.AST) -> Spot:
    return source.path, getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
