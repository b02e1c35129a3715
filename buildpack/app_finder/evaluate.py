"""Follows names and calls through the project's code until an app is reached, or nothing is."""

import ast

from buildpack.app_finder import calls, known_calls, signatures
from buildpack.app_finder.bindings import (
    Assigned,
    Binding,
    Bindings,
    Defined,
    ImportedModule,
    ImportedName,
    SetByFunction,
    bindings_of,
    own_statements,
)
from buildpack.app_finder.frameworks import known
from buildpack.app_finder.project import Project
from buildpack.app_finder.syntax import Source
from buildpack.app_finder.values import (
    UNKNOWN,
    App,
    Arguments,
    Broken,
    Class,
    Folder,
    Function,
    Items,
    Outside,
    Scope,
    Value,
    best,
)
from buildpack.errors import FlaskpackError

DEEPEST = 50
_MOST_ITEMS = 50


class Evaluator:
    """Reads names and expressions; ``visited`` are the files that it went through.

    ``roots`` are the folders in which absolute imports are looked for, in their order.
    """

    def __init__(self, project: Project, roots: tuple[str, ...]) -> None:
        self.project = project
        self.roots = roots
        self.visited: dict[str, Source] = {}
        self._depth = 0
        self._known: dict[tuple[str, str, int], Value] = {}
        self._bodies: dict[ast.AST, Bindings] = {}

    def name(self, name: str, scope: Scope, before: int | None = None) -> Value:
        """What a name stands for in a scope, after all of its code or before a statement."""
        bindings = scope.bindings.of(name, before)
        values: list[Value] = []
        if not any(binding.certain for binding in bindings):
            values.append(self._from_around(name, scope))
        return best([*values, *(self._bound(binding, scope) for binding in bindings)])

    def value(self, node: ast.expr, scope: Scope, before: int | None = None) -> Value:
        """What an expression stands for."""
        if self._depth >= DEEPEST or not self.project.may_step():
            return UNKNOWN
        self._depth += 1
        try:
            return self._value(node, scope, before)
        finally:
            self._depth -= 1

    def call(self, function: Function, arguments: Arguments) -> Value:
        """What a function of the project gives back."""
        node = function.node
        if isinstance(node, ast.AsyncFunctionDef):
            return UNKNOWN
        scope = calls.body_scope(self, function, arguments)
        if isinstance(node, ast.Lambda):
            return self.value(node.body, scope)
        values = [
            self.value(statement.value, scope, order)
            for order, statement in enumerate(own_statements(node.body))
            if isinstance(statement, ast.Return) and statement.value is not None
        ]
        return self._annotated(best(values), node.returns, function.scope, node)

    def bindings(self, node: ast.AST, body: list[ast.stmt], walrus: bool) -> Bindings:
        """The names of a function's body, made once."""
        if node not in self._bodies:
            self._bodies[node] = bindings_of(body, walrus)
        return self._bodies[node]

    def module(self, path: str) -> Scope | FlaskpackError | None:
        """The names of a file of the project."""
        module = self.project.module(path)
        if isinstance(module, Scope):
            self.visited[path] = module.source
        return module

    def member(self, folder: Folder, name: str) -> Value:
        """A name of a module or package of the project."""
        if folder.file:
            module = self.module(folder.file)
            if isinstance(module, FlaskpackError):
                return Broken(module)
            value = self.name(name, module) if module else UNKNOWN
            if value is not UNKNOWN:
                return value
        return self.project.child(folder, name) or UNKNOWN

    def _value(self, node: ast.expr, scope: Scope, before: int | None) -> Value:
        match node:
            case ast.Name(id=name):
                return self.name(name, scope, before)
            case ast.Attribute(value=inner, attr=attr):
                return calls.of_attribute(self, self.value(inner, scope, before), attr)
            case ast.Call():
                return calls.of_call(self, node, scope, before)
            case ast.NamedExpr(value=inner):
                return self.value(inner, scope, before)
            case ast.IfExp(body=first, orelse=second):
                return best([self.value(n, scope, before) for n in (first, second)])
            case ast.BoolOp(values=nodes):
                return best([self.value(n, scope, before) for n in nodes[:_MOST_ITEMS]])
            case ast.Tuple(elts=nodes) | ast.List(elts=nodes) | ast.Dict(values=nodes):
                return Items(tuple(self.value(n, scope, before) for n in nodes[:_MOST_ITEMS]))
            case ast.Subscript(value=inner, slice=ast.Constant(value=int(index))):
                return _item(self.value(inner, scope, before), index)
            case ast.Lambda():
                return self._function(node, scope)
            case _:
                return UNKNOWN

    def _from_around(self, name: str, scope: Scope) -> Value:
        if name in scope.given:
            return scope.given[name]
        return self.name(name, scope.outer) if scope.outer else UNKNOWN

    def _bound(self, binding: Binding, scope: Scope) -> Value:
        if not self.project.may_step():
            return UNKNOWN
        if scope.outer:
            return self._how(binding, scope)
        key = (scope.source.path, binding.name, binding.order)
        if key not in self._known:
            self._known[key] = UNKNOWN  # what a circle of imports finds
            value = self._how(binding, scope)
            if isinstance(value, App):
                value = known_calls.led_by(scope.source.origin(binding.node), value)
            self._known[key] = value
        return self._known[key]

    def _how(self, binding: Binding, scope: Scope) -> Value:
        match binding.how:
            case Assigned(value=node, path=path, annotation=annotation):
                value = self.value(node, scope, binding.order)
                for index in path:
                    value = _item(value, index)
                return self._annotated(value, annotation, scope, node)
            case ImportedModule(module=module):
                return self.project.resolve(module, self.roots) or Outside(module)
            case ImportedName() as imported:
                return self._imported(imported, scope)
            case SetByFunction(node=function):
                body = calls.body_scope(self, Function(function, scope), Arguments())
                return self.name(binding.name, body)
            case Defined(node=ast.ClassDef() as node):
                return Class(node, scope)
            case Defined(node=ast.FunctionDef() | ast.AsyncFunctionDef() as node):
                return self._function(node, scope)
            case _:
                return UNKNOWN

    def _imported(self, imported: ImportedName, scope: Scope) -> Value:
        if imported.level:
            found = self._relative(imported, scope.source.path)
        else:
            found = self.project.resolve(imported.module, self.roots)
        if found and not (imported.star and self._hides(found, imported.name)):
            value = self.member(found, imported.name)
            if found.file or value is not UNKNOWN:
                return value
        outside = f"{imported.module}.{imported.name}"
        if imported.level or (imported.star and not known(outside)):
            return UNKNOWN
        return Outside(outside)

    def _relative(self, imported: ImportedName, path: str) -> Folder | None:
        folders = path.split("/")[: -imported.level]
        if not folders:
            return None
        parts = imported.module.split(".") if imported.module else []
        return self.project.below(self.project.package("/".join(folders)), parts)

    def _hides(self, folder: Folder, name: str) -> bool:
        """Whether a module's ``__all__`` keeps a name from ``import *``."""
        module = self.module(folder.file) if folder.file else None
        if not isinstance(module, Scope):
            return False
        for binding in module.bindings.of("__all__"):
            match binding.how:
                case Assigned(value=ast.List(elts=items) | ast.Tuple(elts=items)):
                    return name not in {i.value for i in items if isinstance(i, ast.Constant)}
        return False

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> Value:
        decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
        roles = [
            found.role
            for value in (self.value(d, scope) for d in decorators[:_MOST_ITEMS])
            if isinstance(value, Outside) and (found := known(value.name))
        ]
        if "decorator" in roles or signatures.is_wsgi(node):
            return known_calls.callable_app("wsgi", scope.source, node)
        if signatures.is_asgi(node):
            return known_calls.callable_app("asgi", scope.source, node)
        return Function(node, scope)

    def _annotated(
        self, value: Value, annotation: ast.expr | None, scope: Scope, node: ast.AST
    ) -> Value:
        """An annotation says what an unknown value is."""
        if annotation is None or not (value is UNKNOWN or isinstance(value, Outside)):
            return value
        return known_calls.of_type(self._type(annotation, scope), scope.source, node) or value

    def _type(self, annotation: ast.expr, scope: Scope) -> Value:
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self.name(annotation.value, scope)
        return self.value(annotation, scope)


def _item(value: Value, index: int) -> Value:
    if isinstance(value, Items) and -len(value.values) <= index < len(value.values):
        return value.values[index]
    return UNKNOWN
