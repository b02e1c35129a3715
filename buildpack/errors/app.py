"""Failures of finding the app: what a Flask project can have wrong, and what to do."""

from typing import TYPE_CHECKING

from buildpack.errors import Explanation, FlaskpackError

if TYPE_CHECKING:  # the finder raises these errors: at run time it imports this module
    from buildpack.app_finder.answers import Need, Origin, Said

_SAY = "pack build --env APP_MODULE="


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


class SeveralApps(FlaskpackError):
    """A file has several apps and none is called app or application."""

    def __init__(self, file: str, module: str, apps: tuple[tuple[str, "Origin"], ...]) -> None:
        first = apps[0][0]
        super().__init__(
            Explanation(
                title=f"{file} has {len(apps)} apps, and none is called app",
                happened="Which of them is to be served can't be told.",
                found=tuple(f"{name}: {origin}" for name, origin in apps),
                remedies=(
                    f"Say which one: {_SAY}{module}:{first}",
                    f"Or call it app, in {file}: app = {first}",
                ),
            )
        )


class FactoryNeedsArguments(FlaskpackError):
    """The only app is a factory that can't be called without arguments."""

    def __init__(self, module: str, name: str, origin: "Origin", required: tuple[str, ...]) -> None:
        given = ", ".join(f"{parameter}=…" for parameter in required)
        super().__init__(
            Explanation(
                title=f"{name} can't be called without arguments",
                happened="It makes the app, but has parameters without a default: "
                f"{', '.join(required)}.",
                found=(str(origin),),
                remedies=(
                    f"Give them defaults in {origin.file}.",
                    f"Or say what to call: {_SAY}'{module}:{name}({given})'",
                ),
            )
        )


class NotAnApp(FlaskpackError):
    """The variable called app is what a Flask extension gave back."""

    def __init__(self, name: str, origin: "Origin", maker: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} in {origin.file} is no app",
                happened=f"{maker} works on the app that it gets, and gives back none.",
                found=(str(origin),),
                remedies=(
                    f"Keep the app under its name, in {origin.file}: write {maker}({name}) "
                    f"without `{name} =` before it.",
                ),
            )
        )


class OutOfReach(FlaskpackError):
    """A Flask app is made where gunicorn's import doesn't get at it."""

    def __init__(self, origin: "Origin") -> None:
        super().__init__(
            Explanation(
                title=f"The app in {origin.file} can't be imported",
                happened=(
                    'It is made inside of a function, below `if __name__ == "__main__":`, or '
                    "without a name: gunicorn needs a name at the top level of the file."
                ),
                found=(str(origin),),
                remedies=(
                    f"Make it at the top level of {origin.file}: app = Flask(__name__)",
                    "Or in a function that returns it and needs no arguments: def create_app():",
                ),
            )
        )


class UnclearApp(FlaskpackError):
    """The variable called app gets its value from outside of the project's code."""

    def __init__(self, module: str, name: str, origin: "Origin") -> None:
        super().__init__(
            Explanation(
                title=f"What {name} in {origin.file} is can't be read from the code",
                happened="It comes from outside of the project.",
                found=(str(origin),),
                remedies=(f"If it is the app, say so: {_SAY}{module}:{name}",),
            )
        )


class HiddenModule(FlaskpackError):
    """Python imports something else of the same name instead of the file with the app."""

    def __init__(self, file: str, name: str, instead: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} is hidden by {instead}",
                happened=f"The app is in {file}, but `import {name}` takes {instead}.",
                found=(file, instead),
                remedies=(f"Give one of the two another name, or take {instead} away.",),
            )
        )


class FlaskHidden(FlaskpackError):
    """A file of the project has the name of the library that it imports."""

    def __init__(self, file: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} hides the Flask library",
                happened="from flask import Flask takes this file of the project, not the library.",
                found=(file,),
                remedies=("Give it another name, main.py for example.",),
            )
        )


class VersionDoesNotFit(FlaskpackError):
    """The installed version of a library doesn't serve the app in the form that it has."""

    def __init__(self, need: "Need", installed: str) -> None:
        super().__init__(
            Explanation(
                title=f"{need.distribution} {installed} doesn't fit this app",
                happened=f"The app is found, but {need.why}.",
                found=(str(need.origin), f"{need.distribution} {installed} was installed"),
                remedies=(f"{need.remedy}.",),
            )
        )
