"""Failures of naming the app at build time: APP_MODULE, MODULE_NAME, VARIABLE_NAME."""

from typing import TYPE_CHECKING

from buildpack.errors import Explanation, FlaskpackError

if TYPE_CHECKING:  # the finder raises these errors: at run time it imports this module
    from buildpack.app_finder.answers import Origin, Said


class BadAppName(FlaskpackError):
    """APP_MODULE, MODULE_NAME or VARIABLE_NAME has a value that gunicorn can't import."""

    def __init__(self, name: str, said: "Said", why: str, write: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} has a value that names no app",
                happened=why,
                found=(f"{name}={said.value}, from {said.origin}",),
                remedies=(f"Write it like this: {name}={write}",),
            )
        )


class NoSuchModule(FlaskpackError):
    """The user's module has no file in the project."""

    def __init__(self, name: str, said: "Said", module: str) -> None:
        path = module.replace(".", "/")
        super().__init__(
            Explanation(
                title=f"{name} leads to no file",
                happened=f"The module {module} is not in the app's folder.",
                found=(
                    f"{name}={said.value}, from {said.origin}",
                    f"neither {path}.py nor {path}/__init__.py, nor these in src/ or app/",
                ),
                remedies=(
                    "Name a module of the project: app.main stands for app/main.py.",
                    f"Or leave {name} out: the app is looked for in the usual places.",
                ),
            )
        )


class NoSuchVariable(FlaskpackError):
    """The module is there, the variable isn't."""

    def __init__(
        self, name: str, said: "Said", variable: str, file: str, there: tuple[str, ...]
    ) -> None:
        found = tuple(f"in {file}: {line}" for line in there) or (f"in {file}: no app at all",)
        super().__init__(
            Explanation(
                title=f"{name} leads to no app",
                happened=f"{file} has no {variable} at its top level.",
                found=(f"{name}={said.value}, from {said.origin}", *found),
                remedies=(f"Give {name} the name of a variable that {file} has.",),
            )
        )


class NoPlaceHasVariable(FlaskpackError):
    """VARIABLE_NAME alone is given, and no place where an app is looked for has it."""

    def __init__(self, said: "Said", variable: str, looked_for: tuple[str, ...]) -> None:
        super().__init__(
            Explanation(
                title="VARIABLE_NAME leads to no app",
                happened=f"None of the files where an app is looked for has {variable}.",
                found=(
                    f"VARIABLE_NAME={said.value}, from {said.origin}",
                    f"looked for in {', '.join(looked_for)}",
                ),
                remedies=(
                    "Name the module too:\n"
                    f"pack build --env MODULE_NAME=the.module --env VARIABLE_NAME={variable}",
                ),
            )
        )


class FactoryNotCalled(FlaskpackError):
    """The user's variable is a factory, and is named without parentheses."""

    def __init__(self, name: str, said: "Said", origin: "Origin", write: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} names a factory that isn't called",
                happened="gunicorn would call it with each request instead of once at the start.",
                found=(f"{name}={said.value}, from {said.origin}", str(origin)),
                remedies=(f"Write {name}={write}",),
            )
        )


class CallDoesNotFit(FlaskpackError):
    """The user's call of a factory doesn't fit its parameters."""

    def __init__(self, name: str, said: "Said", origin: "Origin", problem: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} calls a factory with the wrong arguments",
                happened=f"{problem}.",
                found=(f"{name}={said.value}, from {said.origin}", str(origin)),
                remedies=(f"Give {name} the arguments that the factory takes.",),
            )
        )


class NamesAsgiApp(FlaskpackError):
    """The user's word leads to an app that isn't WSGI."""

    def __init__(self, name: str, said: "Said", origin: "Origin", framework: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} names an app that gunicorn can't serve as WSGI",
                happened=f"It is a {framework} app. Flaskpack serves Flask and other WSGI apps.",
                found=(f"{name}={said.value}, from {said.origin}", str(origin)),
                remedies=("Name a Flask app, or build this project with another buildpack.",),
            )
        )
