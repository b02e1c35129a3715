"""What a name or an expression stands for, as far as reading the code can tell."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from buildpack.app_finder.answers import Need, Origin
from buildpack.app_finder.bindings import Bindings
from buildpack.app_finder.syntax import Source
from buildpack.errors import FlaskpackError

Kind = Literal["flask", "wsgi", "dash", "asgi"]
Spot = tuple[str, int, int]
"""Where an app is made: file, line, column. Two names of one app have the same spots."""


@dataclass(frozen=True)
class App:
    """An object that a server can call.

    ``made`` holds the spots of this app and of all the apps inside it: a wrapper's spots
    include those of what it wraps. ``trail`` leads from the line that names the app to the
    one that makes it. ``sure`` is false where an unknown callable got an app and may have
    given back anything. ``inner`` is the Flask app that ``.server`` or ``.app`` gives.
    """

    kind: Kind
    framework: str
    made: frozenset[Spot]
    trail: tuple[Origin, ...]
    needs: tuple[Need, ...] = ()
    sure: bool = True
    inner: "App | None" = None


@dataclass(frozen=True)
class Outside:
    """Something from another distribution, by its dotted name; "()" marks a call's result."""

    name: str


@dataclass(frozen=True)
class Folder:
    """A module or package of the project; ``file`` is None for a folder without __init__.py."""

    path: str
    file: str | None


@dataclass(frozen=True, eq=False)
class Scope:
    """The names that a piece of code sees: those of its module or function, then ``outer``'s.

    ``given`` are a function's parameters with the arguments of the call that is looked at.
    """

    source: Source
    bindings: Bindings
    given: Mapping[str, "Value"] = field(default_factory=dict)
    outer: "Scope | None" = None


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the project (or a lambda); ``bound`` is the object of a method."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    bound: tuple["Value", ...] = ()


@dataclass(frozen=True, eq=False)
class Class:
    """A class of the project, with the scope that it stands in."""

    node: ast.ClassDef
    scope: Scope


@dataclass(frozen=True, eq=False)
class Instance:
    """An object of a class of the project; ``call`` is the call that made it."""

    cls: Class
    arguments: "Arguments"


@dataclass(frozen=True)
class Items:
    """A tuple or list."""

    values: tuple["Value", ...]


@dataclass(frozen=True)
class NoApp:
    """What a Flask extension gives back: it works on an app but is none."""

    maker: str
    origin: Origin


@dataclass(frozen=True)
class Broken:
    """It comes from a file of the project that can't be read."""

    error: FlaskpackError


@dataclass(frozen=True)
class Unknown:
    """Anything else."""


@dataclass(frozen=True, eq=False)
class Arguments:
    """A call's arguments, those that are known by position or name."""

    positional: tuple["Value", ...] = ()
    named: Mapping[str, "Value"] = field(default_factory=dict)

    def apps(self) -> list[App]:
        """The apps among them, in order."""
        return _apps((*self.positional, *self.named.values()))


Value = App | Outside | Folder | Function | Class | Instance | Items | NoApp | Broken | Unknown

UNKNOWN = Unknown()


def _apps(values: tuple[Value, ...]) -> list[App]:
    apps: list[App] = []
    for value in values:
        if isinstance(value, App):
            apps.append(value)
        elif isinstance(value, Items):
            apps += _apps(value.values)
    return apps


def best(values: list[Value]) -> Value:
    """The one that says most, the first of equals: apps, then other things, then problems."""
    return max(values, key=_says, default=UNKNOWN)


def _says(value: Value) -> int:
    if isinstance(value, App):
        return 5 if value.sure else 4
    if isinstance(value, NoApp):
        return 2
    if isinstance(value, Broken):
        return 1
    return 0 if isinstance(value, Unknown) else 3
