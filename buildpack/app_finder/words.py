"""The finder's choices in words: lines for the build's log."""

from buildpack.app_finder.answers import Origin
from buildpack.app_finder.choose import Candidate
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
    lines = [str(setting) for setting in asked.settings]
    return lines + [f"{name} is overruled by APP_MODULE" for name in asked.overruled]
