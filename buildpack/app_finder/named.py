"""The user's word at build time: the module is there, the variable is in it."""

import ast
from dataclasses import dataclass
from itertools import islice

from buildpack.app_finder import signatures
from buildpack.app_finder.answers import Origin
from buildpack.app_finder.choose import Chosen, choose, everything
from buildpack.app_finder.look import Look
from buildpack.app_finder.said import Asked, Setting
from buildpack.app_finder.shown import shown
from buildpack.app_finder.values import App, Arguments, Broken, Class, Function, NoApp, Value
from buildpack.errors.app_named import (
    AppCalled,
    CallDoesNotFit,
    FactoryNotCalled,
    NamesAsgiApp,
    NamesNoApp,
    NoSuchVariable,
)

_MOST_SHOWN = 10


@dataclass(frozen=True)
class Named:
    """The variable to import; ``app`` is None where the user's word has to do."""

    variable: str
    origin: Origin
    app: App | None


def binds(look: Look, variable: str) -> bool:
    """Whether a file has this name, or the name that this call begins with."""
    return bool(look.scope.bindings.of(variable.partition("(")[0].strip()))


def variable_of(look: Look, asked: Asked) -> Named:
    """The user's variable, checked; without one the file's app. Raises errors of app_named."""
    if asked.variable:
        return _checked(look, asked, asked.variable)
    result = choose(look.evaluator, look.scope, look.place)
    if isinstance(result, Chosen):
        candidate = result.candidate
        return Named(candidate.variable, candidate.origin, candidate.app)
    if result.asgi:
        raise NamesAsgiApp(str(asked.of_module), result.asgi.trail[0], result.asgi.framework)
    for error in (*result.broken, *result.problems):
        raise error
    return _checked(look, asked, "app")


def _checked(look: Look, asked: Asked, variable: str) -> Named:
    node = ast.parse(variable, mode="eval").body
    name = node.func if isinstance(node, ast.Call) else node
    assert isinstance(name, ast.Name)  # said.py let nothing else through
    source = look.scope.source
    if not (binds(look, name.id) or source.unread or source.dynamic):
        raise _missing(look, asked, name.id)
    value = look.evaluator.name(name.id, look.scope)
    bindings = look.scope.bindings.of(name.id)
    origin = look.scope.source.origin(bindings[-1].node if bindings else look.scope.source.tree)
    setting = asked.of_variable
    if isinstance(value, Broken):
        raise value.error
    if isinstance(value, NoApp):
        raise NamesNoApp(str(setting), value.origin, value.maker)
    if isinstance(node, ast.Call):
        app = _called(look, setting, node, value, origin)
    else:
        app = _as_it_is(look, setting, name.id, value, origin)
    if app and app.kind == "asgi":
        raise NamesAsgiApp(str(setting), origin, app.framework)
    return Named(variable, app.trail[0] if app else origin, app)


def _missing(look: Look, asked: Asked, name: str) -> NoSuchVariable:
    setting = asked.of_variable
    there = tuple(
        (setting.instead(look.place.module, c.variable), c.origin)
        for c in islice(everything(look.evaluator, look.scope, look.place), _MOST_SHOWN)
    )
    file = shown(look.place.file)
    return NoSuchVariable(str(setting), shown(name), file, asked.implied, there)


def _as_it_is(look: Look, setting: Setting, name: str, value: Value, origin: Origin) -> App | None:
    if isinstance(value, Function) and isinstance(look.evaluator.call(value, Arguments()), App):
        write = setting.instead(look.place.module, f"{name}()")
        raise FactoryNotCalled(str(setting), origin, write)
    return value if isinstance(value, App) else None


def _called(
    look: Look, setting: Setting, call: ast.Call, value: Value, origin: Origin
) -> App | None:
    if isinstance(value, App):
        write = setting.instead(look.place.module, ast.unparse(call.func))
        raise AppCalled(str(setting), origin, write)
    if not isinstance(value, Function):
        made = look.evaluator.value(call, look.scope) if isinstance(value, Class) else None
        return made if isinstance(made, App) else None
    missing = signatures.missing(value.node, call)
    surplus = signatures.surplus(value.node, call)
    if missing:
        raise CallDoesNotFit(str(setting), origin, f"It needs {', '.join(missing)} too")
    if surplus:
        problem = f"It doesn't take {shown(', '.join(surplus))}"
        raise CallDoesNotFit(str(setting), origin, problem)
    made = look.evaluator.call(value, Arguments())
    return made if isinstance(made, App) else None
