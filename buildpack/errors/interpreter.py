"""Failures of finding the app's Python."""

from pathlib import Path

from buildpack.errors import Explanation, FlaskpackError


class NoStackPython(FlaskpackError):
    """The builder does not say that its run image has a Python."""

    def __init__(self, declaration: str) -> None:
        super().__init__(
            Explanation(
                title="this builder declares no Python",
                happened="The app runs on the Python of the run image, and this builder doesn't "
                "say that its run image has one.",
                found=(f"{declaration} is not set in the builder's build environment",),
                remedies=(
                    "Build with Flaskpack's own builder: run scripts/package, then\n"
                    "pack build myapp --builder flaskpack/builder:trixie --pull-policy never "
                    "--trust-builder",
                    "If the run image of this builder has /usr/bin/python3.13, say so in its "
                    "builder.toml and make it again:\n"
                    "\n"
                    "[[build.env]]\n"
                    f'name = "{declaration}"\n'
                    'value = "3.13"',
                ),
            )
        )


class BadStackPython(FlaskpackError):
    """The builder's declaration isn't a minor version."""

    def __init__(self, declaration: str, value: str) -> None:
        super().__init__(
            Explanation(
                title=f"the builder's {declaration} makes no sense",
                happened="It names the minor version of the run image's Python, such as 3.13.",
                found=(f"{declaration}={value!r} in the builder's build environment",),
                remedies=(f'Write {declaration} = "3.13" in builder.toml and make it again.',),
            )
        )


class StackPythonMissing(FlaskpackError):
    """The builder declares a Python that its build image doesn't have."""

    def __init__(self, declaration: str, value: str, path: Path) -> None:
        super().__init__(
            Explanation(
                title=f"the build image has no Python {value}",
                happened="The builder declares this version for its run image; dependencies are "
                "installed with the same one in the build image.",
                found=(f"{declaration}={value}, but there is no {path}",),
                remedies=(
                    f"Install Python {value} in the build image too, or declare the version "
                    "that both images have.",
                ),
            )
        )
