"""Failures of what the platform and the builder hand to us."""

from pathlib import Path

from buildpack.errors import Explanation, FlaskpackError


class UnreadableInput(FlaskpackError):
    """A file that the platform or the lifecycle provides can't be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Explanation(
                title=f"{path.name} can't be read",
                happened="The build needs this file, which the platform or the lifecycle wrote.",
                found=(f"{path}: {reason}",),
                remedies=("Build again with an empty cache: pack build … --clear-cache",),
            )
        )


class UnwritableDocument(FlaskpackError):
    """A document holds a string that TOML's writer can't express."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Explanation(
                title=f"{path.name} can't be written",
                happened="A name in this project has characters that can't be recorded.",
                found=(f"{path}: {reason}",),
                remedies=("Rename the file or setting that has control characters in its name.",),
            )
        )


class MissingVariable(FlaskpackError):
    """The lifecycle did not set a variable of the Buildpack API."""

    def __init__(self, name: str, phase: str) -> None:
        super().__init__(
            Explanation(
                title=f"{name} is not set",
                happened=f"bin/{phase} is run by a lifecycle that speaks Buildpack API 0.10 "
                "or newer, which sets this variable.",
                remedies=(
                    "Build with pack or another platform: pack build myapp --builder BUILDER",
                    "On a platform of your own, take lifecycle 0.17 or newer.",
                ),
            )
        )


class NotPackaged(FlaskpackError):
    """The buildpack is a source checkout: what packaging vendors isn't there."""

    def __init__(self, root: Path, missing: Path) -> None:
        super().__init__(
            Explanation(
                title="this folder is not a packaged buildpack",
                happened="uv, the engine's wheels and the buildpack's own modules are put in "
                "when the buildpack is packaged.",
                found=(f"{root}: there is no {missing.relative_to(root)}",),
                remedies=(
                    "In the checkout run scripts/package, and build with the builder that it "
                    "makes, or with --buildpack and the folder that it names.",
                ),
            )
        )
