"""What can be wrong with lock files and pyproject.toml, and the words for it."""

from collections.abc import Sequence

from buildpack.errors import Explanation, FlaskpackError

LOCKS = {
    "uv.lock": "uv lock --upgrade",
    "poetry.lock": "poetry lock --regenerate",
    "Pipfile.lock": "pipenv lock",
    "pylock.toml": "with the tool that made pylock.toml",
}
"""How each lock is written anew, hashes included."""

ITSELF = ", the project itself"
"""How a line about the app ends, where the app is what gets installed."""


class SourceError(FlaskpackError):
    """The file that says what the app depends on can't be followed."""


class UnusableFileError(SourceError):
    """Not a regular file of the app, or one that can't be read."""

    def __init__(self, file: str, problem: str, remedy: str) -> None:
        super().__init__(Explanation(f"{file} can't be read", f"{file} {problem}.", (), (remedy,)))


class MalformedError(SourceError):
    """Not what its name promises: broken syntax, or a value of another kind."""

    def __init__(self, file: str, problem: str, found: str, remedy: str) -> None:
        super().__init__(
            Explanation(
                f"{file} can't be understood",
                f"{file} {problem}.",
                (found,) if found else (),
                (remedy,),
            )
        )


class LockVersionError(SourceError):
    """A lock in a format of another time."""

    def __init__(self, file: str, version: str, known: str, command: str) -> None:
        super().__init__(
            Explanation(
                f"{file} has a format that isn't known",
                f"Its version is {version}; {known} can be read.",
                (),
                (f"Write it anew with a tool of today: {command}",),
            )
        )


class LockAloneError(SourceError):
    """A lock without the file that it belongs to."""

    def __init__(self, lock: str, project: str) -> None:
        super().__init__(
            Explanation(
                f"{lock} without {project}",
                f"{lock} belongs to a {project}, and the app has none that says what the app"
                " depends on.",
                (),
                (
                    f"Put {project} beside it, and check that .gitignore, .dockerignore and the"
                    " exclude list in project.toml don't leave it out.",
                    f"Or delete {lock}, if it is a leftover.",
                ),
            )
        )


class StaleLockError(SourceError):
    """The lock was made before its project file was changed."""

    def __init__(self, lock: str, project: str, found: Sequence[str], command: str) -> None:
        super().__init__(
            Explanation(
                f"{lock} is older than {project}",
                f"{project} was changed after {lock} was made from it: what is locked isn't what"
                " the app asks for.",
                tuple(found),
                (f"Write it anew, and put it into the app: {command}",),
            )
        )


class LockedForAnotherPythonError(SourceError):
    """The lock excludes the app's Python."""

    def __init__(self, file: str, wanted: str, python: str) -> None:
        super().__init__(
            Explanation(
                f"{file} is for another Python",
                f"{file} was made for Python {wanted}, and the app gets {python}.",
                (),
                (
                    "Choose a Python that fits, with BP_PYTHON_VERSION or a .python-version file.",
                    "Or widen the Python versions in the project file, and lock again.",
                ),
            )
        )


class UnknownNameError(SourceError):
    """BP_EXTRAS or BP_GROUPS name what isn't there."""

    def __init__(self, setting: str, kind: str, name: str, file: str, known: Sequence[str]) -> None:
        listed = ", ".join(known) if known else "none"
        remedies = (f"Name one of these in {setting}, or leave it out.",)
        if not known:
            remedies = (f"Leave {setting} out.",)
        super().__init__(
            Explanation(
                f"{setting} names what isn't there",
                f"{file} has no {kind} {name}.",
                (f"{kind}s in {file}: {listed}",),
                remedies,
            )
        )


class TwoVersionsError(SourceError):
    """Two versions of a package at once: extras or groups that exclude each other."""

    def __init__(self, name: str, lines: Sequence[str]) -> None:
        super().__init__(
            Explanation(
                "a package is locked twice",
                f"What was chosen needs two versions of {name}, and only one can be installed.",
                tuple(lines),
                (
                    "Choose extras and groups that go together, in BP_EXTRAS and BP_GROUPS.",
                    "If none were chosen, write the lock anew with its tool.",
                ),
            )
        )


class UnsupportedSourceError(SourceError):
    """A package from a place that isn't served."""

    def __init__(self, origin: object, name: str, what: str) -> None:
        super().__init__(
            Explanation(
                "a package from a place that can't be used",
                f"{name} comes from {what}.",
                (f"{origin}: {name}",),
                ("Packages can come from an index, an address, a git repository, or the app.",),
            )
        )
