"""Why uv could not install what the app asks for, and the words for it."""

from buildpack.errors import Explanation, FlaskpackError


class InstallError(FlaskpackError):
    """uv could not install what the app asks for."""


class UnknownInstallError(InstallError):
    """None of the causes that we know."""

    def __init__(self, output: tuple[str, ...], exit_code: int) -> None:
        super().__init__(
            Explanation(
                "the dependencies couldn't be installed",
                f"uv, which installs them, ended with exit code {exit_code}. It said:",
                output,
                (
                    "Read the lines above: they are uv's own words.",
                    "Try it outside of the build: uv pip install -r requirements.txt",
                ),
            )
        )
