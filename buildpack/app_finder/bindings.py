"""Which statements of a module or a function give a name its value, in their order."""

import ast
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_BINDINGS = 50
_MOST_STARS = 20
_AT_THE_END = 1_000_000_000


@dataclass(frozen=True)
class Assigned:
    """``name = value``; ``path`` says which item of it, for ``a, (b, c) = value``."""

    value: ast.expr
    path: tuple[int, ...] = ()
    annotation: ast.expr | None = None


@dataclass(frozen=True)
class ImportedModule:
    """``import a.b`` binds "a", ``import a.b as c`` binds "a.b"."""

    module: str


@dataclass(frozen=True)
class ImportedName:
    """``from module import name``; ``level`` is the number of leading dots.

    ``star``: the statement says ``*``, so the module may have the name or not.
    """

    module: str
    level: int
    name: str
    star: bool = False


@dataclass(frozen=True)
class Defined:
    """``def name`` or ``class name``."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Opaque:
    """A loop variable, ``with … as name``, ``del name``: bound, but to what nobody can say."""


@dataclass(frozen=True)
class SetByFunction:
    """``global name`` in a function that assigns it, whoever calls that function."""

    node: ast.FunctionDef


How = Assigned | ImportedModule | ImportedName | Defined | Opaque | SetByFunction


@dataclass(frozen=True, eq=False)
class Binding:
    """One way in which a name gets its value.

    ``certain`` is false inside if, except, for, while and match: then an earlier binding may
    still hold. ``order`` counts statements, so that ``app = ProxyFix(app)`` sees the one before.
    """

    name: str
    how: How
    node: ast.AST
    certain: bool
    order: int


@dataclass
class Bindings:
    """The names of one scope; ``stars`` are its ``from module import *``."""

    names: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)

    def of(self, name: str, before: int | None = None) -> list[Binding]:
        """The bindings that may hold for a name (before a statement), in their order."""
        holding = _holding(self.names.get(name, []), before)
        if name.startswith("_") or not self.stars:
            return holding
        since = holding[0].order if holding and holding[0].certain else -1
        stars = _until(self.stars, before)[-_MOST_STARS:]
        loaded = [_from_star(star, name) for star in stars if star.order > since]
        return sorted([*holding, *loaded], key=_order)


def _holding(every: list[Binding], before: int | None) -> list[Binding]:
    """The last certain one and those after it; of very many the last ones."""
    holding: list[Binding] = []
    for binding in reversed(_until(every, before)[-_MOST_BINDINGS:]):
        holding.insert(0, binding)
        if binding.certain:
            break
    return holding


def _until(every: list[Binding], before: int | None) -> list[Binding]:
    return every if before is None else every[: bisect_left(every, before, key=_order)]


def _order(binding: Binding) -> int:
    return binding.order


def _from_star(star: Binding, name: str) -> Binding:
    assert isinstance(star.how, ImportedName)
    how = ImportedName(star.how.module, star.how.level, name, star=True)
    return Binding(name, how, star.node, False, star.order)


def bindings_of(body: list[ast.stmt], walrus: bool) -> Bindings:
    """What the statements of a module or function bind when it runs (or is imported).

    ``walrus``: whether to look for ``:=`` in every expression, which costs as much as parsing.
    """
    found = Bindings()
    for order, (statement, certain) in enumerate(_statements(body)):
        bound = [*_by_walrus(statement), *_bound_by(statement)] if walrus else _bound_by(statement)
        for name, how in bound:
            binding = Binding(name, how, statement, certain, order)
            if name == "*":
                found.stars.append(binding)
            else:
                found.names.setdefault(name, []).append(binding)
    return found


def set_by_functions(bindings: Bindings) -> None:
    """Add the names that functions of a module set by ``global``, as if set at its end."""
    for binding in [b for each in bindings.names.values() for b in each]:
        if isinstance(binding.how, Defined) and isinstance(binding.how.node, ast.FunctionDef):
            function = binding.how.node
            for statement in own_statements(function.body):
                for name in statement.names if isinstance(statement, ast.Global) else ():
                    late = Binding(name, SetByFunction(function), function, False, _AT_THE_END)
                    bindings.names.setdefault(name, []).append(late)


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement of a function's own body, nested functions left out."""
    return (statement for statement, _ in _statements(body))


def _statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Statements in their order, and whether they run for certain. Not recursive: elif chains."""
    waiting: list[tuple[ast.stmt, bool]] = [(s, True) for s in reversed(body)]
    while waiting:
        statement, certain = waiting.pop()
        yield statement, certain
        for inner, always in reversed(_inside(statement)):
            waiting += [(s, certain and always) for s in reversed(inner)]


def _inside(statement: ast.stmt) -> list[tuple[list[ast.stmt], bool]]:
    """The blocks inside a statement that can run on import, and whether they always do."""
    match statement:
        case ast.If():
            return _branches(statement)
        case ast.For() | ast.AsyncFor() | ast.While():
            return [(statement.body, False), (statement.orelse, False)]
        case ast.With() | ast.AsyncWith():
            return [(statement.body, True)]
        case ast.Try() | ast.TryStar():
            handlers = [(handler.body, False) for handler in statement.handlers]
            return [
                (statement.body, True),
                *handlers,
                (statement.orelse, True),
                (statement.finalbody, True),
            ]
        case ast.Match():
            return [(case.body, False) for case in statement.cases]
        case _:
            return []


def _branches(statement: ast.If) -> list[tuple[list[ast.stmt], bool]]:
    runs = _truth_on_import(statement.test)
    if runs is None:
        return [(statement.body, False), (statement.orelse, False)]
    return [(statement.body if runs else statement.orelse, True)]


def _truth_on_import(test: ast.expr) -> bool | None:
    """False for ``__name__ == "__main__"`` and ``TYPE_CHECKING``, None where it depends."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op], comparators=[right]):
            if {_text(left), _text(right)} == {"__name__", "'__main__'"}:
                return isinstance(op, ast.NotEq)
        case ast.BoolOp(op=ast.And(), values=values):
            if any(_truth_on_import(value) is False for value in values):
                return False
    return None


def _text(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=str(value)):
            return repr(value)
    return ""


def _by_walrus(statement: ast.stmt) -> Iterator[tuple[str, How]]:
    for expression in _expressions(statement):
        for node in ast.walk(expression):
            if isinstance(node, ast.NamedExpr):
                yield node.target.id, Assigned(node.value)


def _bound_by(statement: ast.stmt) -> Iterator[tuple[str, How]]:
    match statement:
        case ast.Assign():
            for target in statement.targets:
                yield from _unpacked(target, statement.value, ())
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, Assigned(value, (), statement.annotation)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, Defined(statement)
        case ast.Import():
            for alias in statement.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or whole, ImportedModule(whole)
        case ast.ImportFrom():
            for alias in statement.names:
                how = ImportedName(statement.module or "", statement.level, alias.name)
                yield alias.asname or alias.name, how
        case ast.With() | ast.AsyncWith():
            for item in statement.items:
                if item.optional_vars is not None:
                    yield from _opaque(item.optional_vars)
        case ast.For() | ast.AsyncFor():
            yield from _opaque(statement.target)
        case ast.Delete():
            for target in statement.targets:
                yield from _opaque(target)


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not those of the blocks inside it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr


def _unpacked(
    target: ast.expr, value: ast.expr, path: tuple[int, ...]
) -> Iterator[tuple[str, How]]:
    match target:
        case ast.Name(id=name):
            yield name, Assigned(value, path)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            starred = False
            for index, item in enumerate(items):
                starred = starred or isinstance(item, ast.Starred)
                if starred:
                    yield from _opaque(item)
                else:
                    yield from _unpacked(item, value, (*path, index))


def _opaque(target: ast.expr) -> Iterator[tuple[str, How]]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id, Opaque()
