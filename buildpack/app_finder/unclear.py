"""Names that may be the app, as far as anybody can tell without running the code."""

import ast

from buildpack.app_finder.bindings import Assigned, own_statements
from buildpack.app_finder.evaluate import Evaluator
from buildpack.app_finder.values import Arguments, Function, Outside, Scope, Unknown, Value

APP_NAMES = ("app", "application")
FACTORY_NAMES = ("create_app", "make_app")


def may_be_app(name: str, value: Value, scope: Scope) -> bool:
    """Whether a name that should be an app has a value from outside of the code we can follow."""
    if isinstance(value, Function):
        decorated = not isinstance(value.node, ast.Lambda) and bool(value.node.decorator_list)
        return decorated and not isinstance(value.node, ast.AsyncFunctionDef)
    return _is_unknown(name, value, scope)


def may_be_factory(name: str, value: Value, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether a name that should be a factory may give an app."""
    if not isinstance(value, Function):
        return _is_unknown(name, value, scope)
    if not isinstance(value.node, ast.FunctionDef):
        return False
    made = evaluator.call(value, Arguments())
    returns = (s for s in own_statements(value.node.body) if isinstance(s, ast.Return))
    return isinstance(made, Unknown | Outside) and any(
        isinstance(s.value, ast.Call | ast.Name | ast.Attribute) for s in returns
    )


def _is_unknown(name: str, value: Value, scope: Scope) -> bool:
    if isinstance(value, Outside):
        last = value.name.replace("()", "").rpartition(".")[2]
        return last in (*APP_NAMES, *FACTORY_NAMES, "partial")
    bindings = scope.bindings.of(name)
    if not isinstance(value, Unknown) or not bindings:
        return False
    how = bindings[-1].how
    if isinstance(how, Assigned):
        return isinstance(how.value, ast.Call | ast.Subscript | ast.Attribute)
    return isinstance(bindings[-1].node, ast.With)
