"""What a function's parameters tell: a WSGI callable, an ASGI one, a factory that needs nothing."""

import ast

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def is_wsgi(node: AnyFunction, method: bool = False) -> bool:
    """Two required parameters whose names say WSGI: (environ, start_response).

    One telling name is enough for ``__call__`` and for a function called app or application:
    the retired image's own example is ``def app(env, start_response)``.
    """
    names = positional(node, method)
    if isinstance(node, ast.AsyncFunctionDef) or required(node, method) != names[:2]:
        return False
    if len(names) < 2:
        return False
    telling = _says_environ(names[0]), _says_start(names[1])
    called_app = isinstance(node, ast.FunctionDef) and node.name in ("app", "application")
    return any(telling) if method or called_app else all(telling)


def _says_environ(name: str) -> bool:
    return name.strip("_").lower().startswith("env") or name == "e"


def _says_start(name: str) -> bool:
    return "start" in name.lower() or name in ("s", "sr")


def is_asgi(node: AnyFunction, method: bool = False) -> bool:
    """The parameters (scope, receive, send), and async."""
    names = positional(node, method)
    return isinstance(node, ast.AsyncFunctionDef) and names == ["scope", "receive", "send"]


def required(node: AnyFunction, method: bool = False) -> list[str]:
    """Names of the parameters that have no default."""
    names = positional(node, method)
    without = names[: len(names) - len(node.args.defaults)] if node.args.defaults else names
    keywords = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [*without, *(argument.arg for argument, default in keywords if default is None)]


def positional(node: AnyFunction, method: bool = False) -> list[str]:
    """Names of the parameters that can be given by position, a method's first one left out."""
    arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    return arguments[1:] if method else arguments


def defaults(node: AnyFunction) -> dict[str, ast.expr]:
    """The defaults of parameters, by name."""
    names = positional(node)
    given = node.args.defaults
    found = dict(zip(names[len(names) - len(given) :], given, strict=True))
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is not None:
            found[argument.arg] = default
    return found


def missing(node: AnyFunction, call: ast.Call) -> list[str]:
    """Required parameters that a call doesn't give."""
    left = required(node)
    by_position = positional(node)[: len(call.args)]
    by_name = [keyword.arg for keyword in call.keywords]
    return [name for name in left if name not in by_position and name not in by_name]


def surplus(node: AnyFunction, call: ast.Call) -> list[str]:
    """Arguments of a call that the function doesn't take, as they would be shown."""
    names = positional(node)
    taken = {*names, *(argument.arg for argument in node.args.kwonlyargs)}
    extra = [] if node.args.vararg else [ast.unparse(a) for a in call.args[len(names) :]]
    if not node.args.kwarg:
        extra += [k.arg for k in call.keywords if k.arg and k.arg not in taken]
    return extra
