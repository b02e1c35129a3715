"""The finder's answers in words: lines for the build's log, a text for detect."""

from buildpack.app_finder.answers import NotOurs, Origin
from buildpack.app_finder.choose import Candidate
from buildpack.app_finder.frameworks import own_server
from buildpack.app_finder.places import Place
from buildpack.app_finder.roots import Rooted
from buildpack.app_finder.said import Asked
from buildpack.app_finder.shown import shown
from buildpack.app_finder.values import App


def app_line(module: str, variable: str, app: App | None, origin: Origin) -> str:
    """What the app is and where."""
    kind = f"a {app.framework} app" if app else "taken on your word"
    if app and app.framework[0] in "AEIOU":
        kind = f"an {app.framework} app"
    return f"{shown(f'{module}:{variable}')} is {kind}: {origin}"


def trail_lines(app: App) -> list[str]:
    """The way from the name to where the app is made."""
    return [f"which leads to {origin}" for origin in app.trail[1:]]


def root_line(root: Rooted) -> list[str]:
    """The folder that goes first on PYTHONPATH."""
    if root.place.root:
        because = f": {root.because}" if root.because else ""
        return [f"{shown(root.place.root)}/ goes first on PYTHONPATH{because}"]
    return [f"imported as {root.place.module}: {root.because}"] if root.because else []


def other_lines(others: tuple[Candidate, ...]) -> list[str]:
    """The apps that were there too."""
    return [
        f"also there: {shown(c.variable)}, {c.origin}; VARIABLE_NAME={shown(c.variable)} takes it"
        for c in others
    ]


def asked_lines(asked: Asked) -> list[str]:
    """The user's word and its origin."""
    lines = [f"{asked.name}={asked.said.value}, from {asked.said.origin}"]
    return lines + [f"{name} is overruled by APP_MODULE" for name in asked.overruled]


def passed_line(place: Place, why: str) -> str:
    """A place that was looked at before and wasn't taken."""
    return f"passed by: {shown(place.file)}, {why}"


def not_ours(answer: NotOurs) -> str:
    """The text for detect. The lifecycle prints it as a printf format, so % is doubled."""
    lines = ["No Flask app was found."]
    lines += [f"{framework} app: {origin}" for framework, origin in answer.asgi]
    lines += ["Looked for an app in:", *(f"  {line}" for line in answer.looked_for)]
    lines += ["There is:", *(f"  {line}" for line in answer.there or ("nothing",))]
    lines += _instead(answer)
    return "\n".join(lines).replace("%", "%%") + "\n"


def _instead(answer: NotOurs) -> list[str]:
    if not answer.asgi:
        return [
            "If the app is elsewhere, name it: pack build --env APP_MODULE=the.module:the_variable",
            "If it is to be named when the container starts: pack build --env BP_FLASK=true",
        ]
    framework = answer.asgi[0][0]
    if own_server(framework):
        runs = f"{framework} runs in a server of its own"
        process = "web: python main.py"
    else:
        runs = f"{framework} apps run in an ASGI server such as uvicorn or hypercorn"
        process = "web: uvicorn main:app --host 0.0.0.0 --port $PORT"
    return [
        f"{runs}; Flaskpack serves WSGI apps, Flask's above all.",
        f"Use a general Python buildpack with a Procfile: {process}",
    ]
