"""What calls and attributes give: factories, classes, objects and methods of the project."""

import ast
from typing import TYPE_CHECKING

from buildpack.app_finder import known_calls, signatures
from buildpack.app_finder.bindings import own_statements
from buildpack.app_finder.frameworks import Known, known
from buildpack.app_finder.values import (
    UNKNOWN,
    App,
    Arguments,
    Class,
    Folder,
    Function,
    Instance,
    Outside,
    Scope,
    Value,
    best,
)

if TYPE_CHECKING:
    from buildpack.app_finder.evaluate import Evaluator

_MOST_BASES = 10


def of_call(evaluator: "Evaluator", node: ast.Call, scope: Scope, before: int | None) -> Value:
    """What a call gives."""
    called = evaluator.value(node.func, scope, before)
    arguments = _arguments(evaluator, node, scope, before)
    match called:
        case Outside(name=name):
            return known_calls.of_call(name, arguments, scope.source, node)
        case Class():
            return _instance(evaluator, called, arguments, scope, node)
        case Function():
            value = evaluator.call(called, arguments)
            if isinstance(value, App):
                return known_calls.called_at(scope.source, node, value)
            return value
        case Instance():
            method = _method(evaluator, called.cls, "__call__")
            return evaluator.call(_bind(method, called), arguments) if method else UNKNOWN
        case _:
            return known_calls.around_unknown(arguments.apps(), scope.source, node)


def of_attribute(evaluator: "Evaluator", value: Value, attribute: str) -> Value:
    """What ``value.attribute`` gives."""
    match value:
        case Folder():
            return evaluator.member(value, attribute)
        case Outside(name=name):
            return Outside(f"{name}.{attribute}") if len(name) < 200 else UNKNOWN
        case App():
            if attribute in ("server", "app") and value.inner and value.kind != "asgi":
                return value.inner
            return value if attribute == "wsgi_app" and value.kind != "asgi" else UNKNOWN
        case Instance():
            return _of_instance(evaluator, value, attribute)
        case Class():
            method = _method(evaluator, value, attribute)
            if method is None:
                return _set_in_class(evaluator, value, attribute)
            return _bind(method, value) if _decorated(method, "classmethod") else method
        case _:
            return UNKNOWN


def body_scope(evaluator: "Evaluator", function: Function, arguments: Arguments) -> Scope:
    """The names that a function's body sees when it is called with these arguments."""
    node = function.node
    body = [] if isinstance(node, ast.Lambda) else node.body
    given: dict[str, Value] = {}
    for name, default in signatures.defaults(node).items():
        if not isinstance(default, ast.Constant):
            given[name] = evaluator.value(default, function.scope)
    names = signatures.positional(node)
    positional = (*function.bound, *arguments.positional)
    given |= dict(zip(names, positional, strict=False))
    keywords = {*names, *(argument.arg for argument in node.args.kwonlyargs)}
    given |= {name: value for name, value in arguments.named.items() if name in keywords}
    for name in keywords - given.keys():
        given[name] = UNKNOWN
    source = function.scope.source
    bindings = evaluator.bindings(node, body, source.walrus)
    return Scope(source, bindings, given, function.scope)


def class_makes(evaluator: "Evaluator", cls: Class, deep: int = 0) -> Known | None:
    """What calling the class makes, where that is an app: by its bases, or its ``__call__``."""
    found = [_base_makes(evaluator, base, cls, deep) for base in cls.node.bases[:_MOST_BASES]]
    makers = [known for known in found if known and known.role != "extension"]
    if makers and makers[0].role in ("flask", "asgi", "connexion"):
        return makers[0]
    method = _method(evaluator, cls, "__call__")
    if method and signatures.is_wsgi(method.node, method=True):
        return Known("wsgi", cls.node.name)
    if method and signatures.is_asgi(method.node, method=True):
        return Known("asgi", cls.node.name)
    return makers[0] if makers else None


def _base_makes(evaluator: "Evaluator", base: ast.expr, cls: Class, deep: int) -> Known | None:
    value = evaluator.value(base, cls.scope)
    if isinstance(value, Outside):
        return known(value.name)
    if isinstance(value, Class) and value is not cls and deep < _MOST_BASES:
        return class_makes(evaluator, value, deep + 1)
    return None


def _instance(
    evaluator: "Evaluator", cls: Class, arguments: Arguments, scope: Scope, node: ast.Call
) -> Value:
    makes = class_makes(evaluator, cls)
    if makes is None:
        return Instance(cls, arguments)
    return known_calls.of_known(makes, arguments, scope.source, node)


def _of_instance(evaluator: "Evaluator", value: Instance, attribute: str) -> Value:
    method = _method(evaluator, value.cls, attribute)
    if method and not _decorated(method, "staticmethod"):
        bound = _bind(method, value)
        return evaluator.call(bound, Arguments()) if _is_property(method) else bound
    if method:
        return method
    inside = _set_in_class(evaluator, value.cls, attribute)
    return best([inside, *_set_by_methods(evaluator, value, attribute)])


def _set_in_class(evaluator: "Evaluator", cls: Class, attribute: str) -> Value:
    """What ``attribute = …`` in the body of a class gives."""
    for each in _line(evaluator, cls):
        source = each.scope.source
        bindings = evaluator.bindings(each.node, each.node.body, source.walrus)
        if bindings.of(attribute):
            return evaluator.name(attribute, Scope(source, bindings, {}, each.scope))
    return UNKNOWN


def _set_by_methods(evaluator: "Evaluator", value: Instance, attribute: str) -> list[Value]:
    """What the methods of a class assign to ``self.attribute``."""
    found: list[Value] = []
    for cls in _line(evaluator, value.cls):
        for method in cls.node.body:
            if not isinstance(method, ast.FunctionDef) or not method.args.args:
                continue
            itself = method.args.args[0].arg
            given = value.arguments if method.name == "__init__" else Arguments()
            scope: Scope | None = None
            for order, statement in enumerate(own_statements(method.body)):
                node = _assigned_to(statement, itself, attribute)
                if node is not None:
                    function = Function(method, cls.scope, (value,))
                    scope = scope or body_scope(evaluator, function, given)
                    found.append(evaluator.value(node, scope, order))
    return found


def _assigned_to(statement: ast.stmt, itself: str, attribute: str) -> ast.expr | None:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return None
    for target in targets:
        match target:
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                if name == itself and attr == attribute:
                    return statement.value
    return None


def _method(evaluator: "Evaluator", cls: Class, name: str) -> Function | None:
    """The method of this name, of the class or of the project's classes that it derives from."""
    for each in _line(evaluator, cls):
        for statement in each.node.body:
            match statement:
                case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found):
                    if found == name:
                        return Function(statement, each.scope)
    return None


def _line(evaluator: "Evaluator", cls: Class) -> list[Class]:
    line = [cls]
    for each in line:
        for base in each.node.bases[:_MOST_BASES]:
            value = evaluator.value(base, each.scope)
            if isinstance(value, Class) and value not in line and len(line) < _MOST_BASES:
                line.append(value)
    return line


def _arguments(
    evaluator: "Evaluator", node: ast.Call, scope: Scope, before: int | None
) -> Arguments:
    return Arguments(
        tuple(evaluator.value(argument, scope, before) for argument in node.args),
        {k.arg: evaluator.value(k.value, scope, before) for k in node.keywords if k.arg},
    )


def _bind(method: Function, itself: Value) -> Function:
    return Function(method.node, method.scope, (itself,))


def _decorated(method: Function, name: str) -> bool:
    decorators = [] if isinstance(method.node, ast.Lambda) else method.node.decorator_list
    return any(isinstance(d, ast.Name) and d.id == name for d in decorators)


def _is_property(method: Function) -> bool:
    return _decorated(method, "property") or _decorated(method, "cached_property")
