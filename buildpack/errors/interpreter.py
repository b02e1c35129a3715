"""Failures of what the builder declares as its Python."""

from pathlib import Path

from buildpack.errors import Explanation, FlaskpackError


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
