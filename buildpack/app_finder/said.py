"""What the user said about the app, checked: a module, a variable or a call of a factory."""

import ast
import re
from dataclasses import dataclass

from buildpack.app_finder.answers import Said, UserWord
from buildpack.app_finder.shown import shown
from buildpack.errors.app_named import BadAppName

_MODULE = re.compile(r"[\w-]+(\.[\w-]+)*")
_LONGEST = 500


@dataclass(frozen=True)
class Asked:
    """The user's word in gunicorn's terms; ``name`` and ``said`` are where it came from.

    ``variable`` is None where only the module is given, and the other way round. ``overruled``
    are given variables that APP_MODULE makes meaningless.
    """

    module: str | None
    variable: str | None
    name: str
    said: Said
    overruled: tuple[str, ...] = ()


def asked(word: UserWord) -> Asked | None:
    """What the user asks for; None where nothing is said. Raises BadAppName."""
    whole, module, variable = (
        _cleaned(said) for said in (word.app_module, word.module_name, word.variable_name)
    )
    if whole:
        others = (("MODULE_NAME", module), ("VARIABLE_NAME", variable))
        overruled = tuple(name for name, said in others if said)
        # gunicorn takes "application" where there is no colon
        before, colon, after = whole.value.partition(":")
        return Asked(
            _module("APP_MODULE", whole, before, "app.main:app"),
            _variable("APP_MODULE", whole, after if colon else "application", "app.main:app"),
            "APP_MODULE",
            _shown(whole),
            overruled,
        )
    if module:
        checked = _module("MODULE_NAME", module, module.value, "app.main")
        name = _variable("VARIABLE_NAME", variable, variable.value, "app") if variable else None
        return Asked(checked, name, "MODULE_NAME", _shown(module))
    if variable:
        name = _variable("VARIABLE_NAME", variable, variable.value, "app")
        return Asked(None, name, "VARIABLE_NAME", _shown(variable))
    return None


def _cleaned(said: Said | None) -> Said | None:
    """Without the space around it; an empty value counts as not given."""
    value = said.value.strip() if said else ""
    return Said(value, said.origin) if said and value else None


def _shown(said: Said) -> Said:
    return Said(shown(said.value), said.origin)


def _module(name: str, said: Said, module: str, example: str) -> str:
    if module.endswith(".py") or "/" in module:
        dotted = module.strip("./").removesuffix(".py").replace("/", ".").strip(".")
        good = dotted if _MODULE.fullmatch(dotted) else "app.main"
        write = example.replace("app.main", good)
        raise BadAppName(name, _shown(said), "It wants a dotted name, not a file's.", shown(write))
    if not _MODULE.fullmatch(module) or len(module) > _LONGEST:
        why = "The module is a dotted name of letters, digits and underscores: app.main."
        raise BadAppName(name, _shown(said), why, example)
    return module


def _variable(name: str, said: Said, variable: str, example: str) -> str:
    """A name, or a call of one with literal arguments: what gunicorn accepts after the colon."""
    why = (
        "The variable is a name (app) or a call with literal arguments "
        '(create_app() or create_app("production")).'
    )
    try:
        node = ast.parse(variable, mode="eval").body if len(variable) <= _LONGEST else None
        if "\n" not in variable and isinstance(node, ast.Name | ast.Call) and _is_plain(node):
            return variable.strip()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    raise BadAppName(name, _shown(said), why, example)


def _is_plain(node: ast.Name | ast.Call) -> bool:
    if isinstance(node, ast.Name):
        return True
    for value in (*node.args, *(keyword.value for keyword in node.keywords)):
        ast.literal_eval(value)  # ValueError where it isn't one
    return isinstance(node.func, ast.Name) and all(keyword.arg for keyword in node.keywords)
