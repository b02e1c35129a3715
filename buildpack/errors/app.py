"""Failures of finding the app: what a Flask project can have wrong, and what to do."""

import shlex
from typing import TYPE_CHECKING

from buildpack.errors import Explanation, FlaskpackError

if TYPE_CHECKING:  # the finder raises these errors: at run time it imports this module
    from buildpack.app_finder.answers import Need, NotOurs, Origin


def _say(app: str) -> str:
    return f"pack build --env {shlex.quote(f'APP_MODULE={app}')}"


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
                    f"Say which one: {_say(f'{module}:{first}')}",
                    f"Or call it app, in {file}: app = {first}",
                ),
            )
        )


class AppInSeveralFiles(FlaskpackError):
    """No usual place holds an app, and several other files do."""

    def __init__(self, apps: tuple[tuple[str, "Origin"], ...]) -> None:
        super().__init__(
            Explanation(
                title=f"{len(apps)} files have an app",
                happened="None of them is app/main.py, main.py or another usual place.",
                found=tuple(f"{name}: {origin}" for name, origin in apps),
                remedies=(f"Say which one: {_say(apps[0][0])}",),
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
                    f"Or say what to call: {_say(f'{module}:{name}({given})')}",
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
                    f"Keep the name {name} for the app itself, and give what {maker} gives back "
                    f"another name:\nextension = {maker}({name})",
                ),
            )
        )


class MadeAsgi(FlaskpackError):
    """A Flask app is wrapped for an ASGI server, and has no name of its own."""

    def __init__(self, origin: "Origin", maker: str) -> None:
        super().__init__(
            Explanation(
                title=f"The Flask app in {origin.file} can only be reached as ASGI",
                happened=f"{maker} makes an ASGI app of it. Flaskpack serves WSGI apps.",
                found=(str(origin),),
                remedies=(
                    f"Give the Flask app a name of its own, in {origin.file}:\n"
                    f"app = Flask(__name__)\nasgi_app = {maker}(app)",
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
                    f"Or name it, if it gets its name in another way: {_say('the.module:app')}",
                ),
            )
        )


class UnclearApp(FlaskpackError):
    """The variable called app gets its value from outside of the project's code."""

    def __init__(self, module: str, name: str, origin: "Origin") -> None:
        super().__init__(
            Explanation(
                title=f"Whether {name} in {origin.file} is an app can't be told",
                happened="What it is doesn't stand in the project's code.",
                found=(str(origin),),
                remedies=(f"If it is the app, say so: {_say(f'{module}:{name}')}",),
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


class NothingToBuild(FlaskpackError):
    """The project is none of ours, but build was called all the same."""

    def __init__(self, answer: "NotOurs") -> None:
        super().__init__(
            Explanation(
                title="no Flask app was found",
                happened="The app is found by reading the project's code; none is there.",
                found=_what_was_there(answer),
                remedies=_what_to_do(answer),
            )
        )


def not_ours(answer: "NotOurs") -> str:
    """The text of detect for a project that is none of ours."""
    found = (f"  {line}" for line in _what_was_there(answer))
    return "\n".join(("No Flask app was found.", *found, *_what_to_do(answer))) + "\n"


def _what_was_there(answer: "NotOurs") -> tuple[str, ...]:
    return (
        *(f"{framework} app: {origin}" for framework, origin in answer.asgi),
        f"looked for an app in: {', '.join(answer.looked_for)}",
        f"there is: {', '.join(answer.there) or 'nothing'}",
    )


def _what_to_do(answer: "NotOurs") -> tuple[str, ...]:
    if not answer.asgi:
        return (
            f"If the app is elsewhere, name it: {_say('the.module:the_variable')}",
            "If it is named when the container starts: pack build --env BP_FLASK=true",
        )
    framework = answer.asgi[0][0]
    if answer.own_server:
        runs = f"{framework} has a server of its own"
        process = "web: python main.py"
    else:
        runs = f"{framework} apps run in an ASGI server, uvicorn for example"
        process = "web: uvicorn main:app --host 0.0.0.0 --port $PORT"
    return (
        f"{runs}; Flaskpack serves WSGI apps. Use another Python buildpack, "
        f"with a Procfile: {process}",
    )
