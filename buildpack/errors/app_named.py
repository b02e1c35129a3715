"""Failures of naming the app at build time: APP_MODULE, MODULE_NAME, VARIABLE_NAME.

``setting`` is the user's variable as it is shown: "APP_MODULE=web:app, from pack build --env".
"""

from typing import TYPE_CHECKING

from buildpack.errors import Explanation, FlaskpackError

if TYPE_CHECKING:  # the finder raises these errors: at run time it imports this module
    from buildpack.app_finder.answers import Origin


def _name(setting: str) -> str:
    return setting.partition("=")[0]


class BadAppName(FlaskpackError):
    """A setting has a value that gunicorn can't import."""

    def __init__(self, setting: str, why: str, write: str) -> None:
        super().__init__(
            Explanation(
                title=f"{_name(setting)} has a value that names no app",
                happened=why,
                found=(setting,),
                remedies=(f"Write it like this: {write}",),
            )
        )


class NoSuchModule(FlaskpackError):
    """The user's module has no file in the project."""

    def __init__(self, setting: str, module: str) -> None:
        name, path = _name(setting), module.replace(".", "/")
        super().__init__(
            Explanation(
                title=f"{name} leads to no file",
                happened=f"The module {module} is not in the app's folder.",
                found=(
                    setting,
                    f"neither {path}.py nor {path}/__init__.py, nor these in src/ or app/",
                ),
                remedies=(
                    "Name a module of the project: app.main stands for app/main.py.",
                    f"Or leave {name} out: the app is looked for in the usual places.",
                ),
            )
        )


class NoSuchVariable(FlaskpackError):
    """The module is there, the variable isn't; ``there`` are apps that are, and what names them."""

    def __init__(
        self,
        setting: str,
        variable: str,
        file: str,
        implied: bool,
        there: tuple[tuple[str, "Origin"], ...],
    ) -> None:
        taken = ", the name that gunicorn takes where none is given" if implied else ""
        super().__init__(
            Explanation(
                title=f"{_name(setting)} leads to no app",
                happened=f"{file} has no {variable} at its top level{taken}.",
                found=(setting, *(str(origin) for _, origin in there)),
                remedies=tuple(f"Write {write}" for write, _ in there)
                or (
                    f"Make the app there, in {file}: {variable} = Flask(__name__)",
                    "Or name the module that has it.",
                ),
            )
        )


class NoPlaceHasVariable(FlaskpackError):
    """VARIABLE_NAME alone is given, and no place where an app is looked for has it."""

    def __init__(self, setting: str, variable: str, looked_for: tuple[str, ...]) -> None:
        super().__init__(
            Explanation(
                title="VARIABLE_NAME leads to no app",
                happened=f"None of the files where an app is looked for has {variable}.",
                found=(setting, *(f"not in {place}" for place in looked_for)),
                remedies=(
                    "Name the module too:\n"
                    f"pack build --env MODULE_NAME=the.module --env VARIABLE_NAME={variable}",
                ),
            )
        )


class FactoryNotCalled(FlaskpackError):
    """The user's variable is a factory, and is named without parentheses."""

    def __init__(self, setting: str, origin: "Origin", write: str) -> None:
        super().__init__(
            Explanation(
                title=f"{_name(setting)} names a factory that isn't called",
                happened="gunicorn would call it with each request instead of once at the start.",
                found=(setting, str(origin)),
                remedies=(f"Write {write}",),
            )
        )


class AppCalled(FlaskpackError):
    """The user calls something that is an app already."""

    def __init__(self, setting: str, origin: "Origin", write: str) -> None:
        super().__init__(
            Explanation(
                title=f"{_name(setting)} calls an app as if it were a factory",
                happened="gunicorn would call it once at the start, without a request.",
                found=(setting, str(origin)),
                remedies=(f"Write {write}",),
            )
        )


class CallDoesNotFit(FlaskpackError):
    """The user's call of a factory doesn't fit its parameters."""

    def __init__(self, setting: str, origin: "Origin", problem: str) -> None:
        super().__init__(
            Explanation(
                title=f"{_name(setting)} calls a factory with the wrong arguments",
                happened=f"{problem}.",
                found=(setting, str(origin)),
                remedies=("Write the arguments that the factory takes.",),
            )
        )


class NamesAsgiApp(FlaskpackError):
    """The user's word leads to an app that isn't WSGI."""

    def __init__(self, setting: str, origin: "Origin", framework: str) -> None:
        super().__init__(
            Explanation(
                title=f"{_name(setting)} names an app that can't be served as WSGI",
                happened=(
                    f"It is made with {framework}. Flaskpack serves Flask and other WSGI apps."
                ),
                found=(setting, str(origin)),
                remedies=("Name a Flask app, or build this project with another buildpack.",),
            )
        )


class NamesNoApp(FlaskpackError):
    """The user's word leads to what a Flask extension gave back."""

    def __init__(self, setting: str, origin: "Origin", maker: str) -> None:
        super().__init__(
            Explanation(
                title=f"{_name(setting)} names something that is no app",
                happened=f"{maker} works on the app that it gets, and gives back none.",
                found=(setting, str(origin)),
                remedies=("Name the app itself.",),
            )
        )
