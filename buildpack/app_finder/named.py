"""The user's word at build time: the module is there, the variable is in it."""

import ast
from dataclasses import dataclass

from buildpack.app_finder import signatures
from buildpack.app_finder.answers import Origin
from buildpack.app_finder.choose import Chosen, choose, everything
from buildpack.app_finder.look import Look
from buildpack.app_finder.said import Asked
from buildpack.app_finder.shown import shown
from buildpack.app_finder.values import App, Arguments, Broken, Class, Function, NoApp, Value
from buildpack.errors.app import NotAnApp
from buildpack.errors.app_named import (
    CallDoesNotFit,
    FactoryNotCalled,
    NamesAsgiApp,
    NoSuchVariable,
)


@dataclass(frozen=True)
class Named:
    """The variable to import; ``app`` is None where the user's word has to do."""

    variable: str
    origin: Origin
    app: App | None


def binds(look: Look, variable: str) -> bool:
    """Whether a file may have this name (or the name that this call begins with)."""
    scope = look.scope
    name = variable.partition("(")[0].strip()
    return bool(scope.bindings.of(name) or scope.bindings.of("__getattr__"))


def variable_of(look: Look, asked: Asked) -> Named:
    """The user's variable, checked; without one the file's app. Raises errors.app's errors."""
    if asked.variable:
        return _checked(look, asked, asked.variable)
    result = choose(look.evaluator, look.scope, look.place)
    if isinstance(result, Chosen):
        candidate = result.candidate
        return Named(candidate.variable, candidate.origin, candidate.app)
    if result.asgi:
        origin = result.asgi.trail[0]
        raise NamesAsgiApp(asked.name, asked.said, origin, result.asgi.framework)
    for error in (*result.broken, *result.problems):
        raise error
    return _checked(look, asked, "app")


def _checked(look: Look, asked: Asked, variable: str) -> Named:
    node = ast.parse(variable, mode="eval").body
    name = node.func if isinstance(node, ast.Call) else node
    assert isinstance(name, ast.Name)  # said.py let nothing else through
    value = look.evaluator.name(name.id, look.scope)
    bindings = look.scope.bindings.of(name.id)
    if not binds(look, name.id) and not look.scope.source.unread:
        there = tuple(
            f"{shown(c.variable)}, {c.origin}"
            for c in everything(look.evaluator, look.scope, look.place)
        )
        file = shown(look.place.file)
        raise NoSuchVariable(asked.name, asked.said, shown(name.id), file, there)
    origin = look.scope.source.origin(bindings[-1].node if bindings else look.scope.source.tree)
    if isinstance(value, Broken):
        raise value.error
    if isinstance(value, NoApp):
        raise NotAnApp(shown(name.id), value.origin, value.maker)
    if isinstance(node, ast.Call):
        app = _called(look, asked, node, value, origin)
    else:
        app = _as_it_is(look, asked, value, origin)
    if app and app.kind == "asgi":
        raise NamesAsgiApp(asked.name, asked.said, origin, app.framework)
    return Named(variable, app.trail[0] if app else origin, app)


def _as_it_is(look: Look, asked: Asked, value: Value, origin: Origin) -> App | None:
    if isinstance(value, Function) and isinstance(look.evaluator.call(value, Arguments()), App):
        raise FactoryNotCalled(asked.name, asked.said, origin, f"{asked.said.value}()")
    return value if isinstance(value, App) else None


def _called(look: Look, asked: Asked, call: ast.Call, value: Value, origin: Origin) -> App | None:
    if isinstance(value, App):
        problem = f"{shown(ast.unparse(call.func))} is an app, and no factory: leave out the call"
        raise CallDoesNotFit(asked.name, asked.said, origin, problem)
    if not isinstance(value, Function):
        made = look.evaluator.value(call, look.scope) if isinstance(value, Class) else None
        return made if isinstance(made, App) else None
    missing = signatures.missing(value.node, call)
    surplus = signatures.surplus(value.node, call)
    if missing:
        raise CallDoesNotFit(asked.name, asked.said, origin, f"It needs {', '.join(missing)} too")
    if surplus:
        problem = f"It doesn't take {shown(', '.join(surplus))}"
        raise CallDoesNotFit(asked.name, asked.said, origin, problem)
    made = look.evaluator.call(value, Arguments())
    return made if isinstance(made, App) else None
