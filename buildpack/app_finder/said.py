"""What the user said about the app, checked: a module, a variable or a call of a factory."""

import ast
import re
from dataclasses import dataclass

from buildpack.app_finder.answers import Said, UserWord
from buildpack.app_finder.shown import shown
from buildpack.errors.app_named import BadAppName

_MODULE = re.compile(r"[\w-]+(\.[\w-]+)*")
_LONGEST = 500
_DOTTED = "The module is a dotted name of letters, digits and underscores: app.main."
_CALLABLE = (
    "The variable is a name, app, or a call with literal arguments, "
    'create_app() or create_app("x").'
)


@dataclass(frozen=True)
class Setting:
    """One of the user's variables, ready to be shown."""

    name: str
    said: Said

    def __str__(self) -> str:
        return f"{self.name}={shown(self.said.value)}, from {self.said.origin}"

    def instead(self, module: str, variable: str) -> str:
        """What to write to name this variable."""
        if self.name == "APP_MODULE":
            return f"APP_MODULE={shown(f'{module}:{variable}')}"
        return f"VARIABLE_NAME={shown(variable)}"


@dataclass(frozen=True)
class Asked:
    """The user's word in gunicorn's terms.

    ``module`` or ``variable`` is None where only the other is given. ``implied``: APP_MODULE
    has no colon, and gunicorn takes "application" then. ``overruled`` are given settings that
    APP_MODULE makes meaningless.
    """

    module: str | None
    variable: str | None
    settings: tuple[Setting, ...]
    implied: bool = False
    overruled: tuple[str, ...] = ()

    @property
    def of_module(self) -> Setting:
        """The setting that names the module, or the only one."""
        return self.settings[0]

    @property
    def of_variable(self) -> Setting:
        """The setting that names the variable, or the only one."""
        return self.settings[-1]


def asked(word: UserWord) -> Asked | None:
    """What the user asks for; None where nothing is said. Raises BadAppName."""
    whole = _setting("APP_MODULE", word.app_module)
    module = _setting("MODULE_NAME", word.module_name)
    variable = _setting("VARIABLE_NAME", word.variable_name)
    parts = tuple(setting for setting in (module, variable) if setting)
    if whole:
        before, colon, after = whole.said.value.partition(":")
        checked = _module(whole, before, after)
        name = _variable(whole, after, f"APP_MODULE={checked}:app") if colon else "application"
        overruled = tuple(setting.name for setting in parts)
        return Asked(checked, name, (whole,), not colon, overruled)
    if not parts:
        return None
    return Asked(
        _module(module, module.said.value) if module else None,
        _variable(variable, variable.said.value, "VARIABLE_NAME=app") if variable else None,
        parts,
    )


def _setting(name: str, said: Said | None) -> Setting | None:
    """Without the space around the value; an empty one counts as not given."""
    value = said.value.strip() if said else ""
    return Setting(name, Said(value, said.origin)) if said and value else None


def _module(setting: Setting, module: str, variable: str = "") -> str:
    rest = f":{variable or 'app'}" if setting.name == "APP_MODULE" else ""
    if module.endswith(".py") or "/" in module:
        dotted = module.removesuffix(".py").strip("./").replace("/", ".")
        good = dotted if _MODULE.fullmatch(dotted) else "app.main"
        write = shown(f"{setting.name}={good}{rest}")
        raise BadAppName(str(setting), "It wants a dotted name, not a file's.", write)
    if setting.name == "MODULE_NAME" and ":" in module:
        why = "It is the module alone; APP_MODULE takes both, the module and the variable."
        raise BadAppName(str(setting), why, shown(f"APP_MODULE={module}"))
    if not _MODULE.fullmatch(module) or len(module) > _LONGEST:
        raise BadAppName(str(setting), _DOTTED, f"{setting.name}=app.main{rest and ':app'}")
    return module


def _variable(setting: Setting, variable: str, write: str) -> str:
    """A name, or a call of one with literal arguments: what gunicorn accepts after the colon."""
    try:
        node = ast.parse(variable, mode="eval").body if len(variable) <= _LONGEST else None
        if "\n" not in variable and isinstance(node, ast.Name | ast.Call) and _is_plain(node):
            return variable.strip()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    raise BadAppName(str(setting), _CALLABLE, write)


def _is_plain(node: ast.Name | ast.Call) -> bool:
    if isinstance(node, ast.Name):
        return True
    for value in (*node.args, *(keyword.value for keyword in node.keywords)):
        ast.literal_eval(value)  # ValueError where it isn't one
    return isinstance(node.func, ast.Name) and all(keyword.arg for keyword in node.keywords)
