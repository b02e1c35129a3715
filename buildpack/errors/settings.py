"""Failures of the user's settings at build time."""

from buildpack.errors import Explanation, FlaskpackError


class BadSetting(FlaskpackError):
    """A build-time variable has a value that makes no sense."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} has a value that makes no sense",
                happened=f"{name} can be {allowed}.",
                found=(f"{name}={value!r}, from the platform (pack build --env, project.toml)",),
                remedies=("Give it one of these values, or leave it out.",),
            )
        )


class NotWritableError(FlaskpackError):
    """A folder of the app that the build can't open for those who run it."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(
            Explanation(
                title="a folder can't be made writable",
                happened=f"The app is to write to {folder}/ while it runs, and its mode can't be"
                " changed.",
                found=(f"{folder}/: {reason}",),
                remedies=("Look at what lies there, and at its owner.",),
            )
        )
