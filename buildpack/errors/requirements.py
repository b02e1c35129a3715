"""What can be wrong with requirements files, and the words for it."""

from collections.abc import Sequence

from buildpack.errors import Explanation, FlaskpackError

CREDENTIALS_IN_FILE = (
    "a password or token stands in the address. The file is part of the app, so the image will"
    " hold it too. Take it out, and give it to the build in a binding of the type netrc"
    " (docs/private-indexes.md), or write ${NAME} in its place and build with --env NAME=…"
)


def _where(file: object, included_by: object | None) -> str:
    return f"{file}, included by {included_by}" if included_by else str(file)


class RequirementsError(FlaskpackError):
    """Something is wrong with a requirements file."""


class MissingFileError(RequirementsError):
    """An included file isn't there."""

    def __init__(self, file: object, included_by: object | None) -> None:
        super().__init__(
            Explanation(
                "a requirements file is missing",
                f"{file} doesn't exist in the app.",
                (_where(file, included_by),),
                (
                    "Check its name; it is relative to the file that includes it.",
                    "Check that it isn't left out of the build by .gitignore, .dockerignore or the"
                    " exclude list in project.toml.",
                ),
            )
        )


class NotAFileError(RequirementsError):
    """A folder, a pipe or the like has the name of a requirements file."""

    def __init__(self, file: object, included_by: object | None, kind: str) -> None:
        super().__init__(
            Explanation(
                "a requirements file isn't a file",
                f"{file} is {kind}.",
                (_where(file, included_by),),
                ("Give the path of a text file with one requirement a line.",),
            )
        )


class UnreadableFileError(RequirementsError):
    """The system refuses to read the file."""

    def __init__(self, file: object, included_by: object | None, reason: str) -> None:
        super().__init__(
            Explanation(
                "a file of the app can't be read",
                f"Reading {file} failed: {reason}.",
                (_where(file, included_by),),
                (f"Look at what it is, and whether all may read it: ls -l {file}",),
            )
        )


class LinkOutsideError(RequirementsError):
    """A symbolic link that leads out of the app."""

    def __init__(self, file: object, included_by: object | None) -> None:
        super().__init__(
            Explanation(
                "a requirements file lies outside of the app",
                f"{file} is a link to a place outside of the app's folder.",
                (_where(file, included_by),),
                ("Put a copy of the file into the app's folder.",),
            )
        )


class OutsideError(RequirementsError):
    """A path that leads out of the app."""

    def __init__(self, origin: object, named: str) -> None:
        super().__init__(
            Explanation(
                "a path leads out of the app",
                f"{origin} names {named}, which isn't inside the app's folder. Only the app's"
                " folder is there when the image is built.",
                (f"{origin}: {named}",),
                ("Put it into the app's folder and write the path relative to it.",),
            )
        )


class NoSuchPathError(RequirementsError):
    """A local requirement that isn't there."""

    def __init__(self, origin: object, named: str, tried: Sequence[object]) -> None:
        super().__init__(
            Explanation(
                "a local requirement is missing",
                f"{origin} names {named}, and the app has nothing of that name.",
                tuple(f"looked for {path}" for path in tried),
                (
                    "Check the path; it is relative to the app's folder.",
                    "If it is a package of the index, write only its name, without -e or ./",
                ),
            )
        )


class NotInstallableError(RequirementsError):
    """A local requirement that is no project and no archive."""

    def __init__(self, origin: object, what: str) -> None:
        super().__init__(
            Explanation(
                "a local requirement can't be installed",
                f"{what}.",
                (f"required by {origin}",),
                (
                    "Name a folder with a pyproject.toml, or a file that ends in .whl or .tar.gz.",
                    "If it is a folder with modules of the app only, take the line out: they are"
                    " found without being installed.",
                ),
            )
        )


class RemoteFileError(RequirementsError):
    """``-r https://…``: it can change without a trace."""

    def __init__(self, origin: object, url: str) -> None:
        super().__init__(
            Explanation(
                "a requirements file on the network",
                f"{origin} includes a file by its address. Such a file can change without anything"
                " in the app changing, and the image would go stale unnoticed.",
                (f"{origin}: {url}",),
                ("Download it into the app's folder, and name the copy in its place.",),
            )
        )


class TooLargeError(RequirementsError):
    """More bytes than any requirements file has."""

    def __init__(self, file: object, included_by: object | None, limit: int) -> None:
        super().__init__(
            Explanation(
                "a requirements file is too large",
                f"{file} has more than {limit} bytes.",
                (_where(file, included_by),),
                ("Check that it is a requirements file; split it up if it is.",),
            )
        )


class TooMuchTogetherError(RequirementsError):
    """More bytes in all files together than any project has."""

    def __init__(self, file: object, included_by: object | None, limit: int) -> None:
        super().__init__(
            Explanation(
                "the requirements files are too large together",
                f"With {file} they have more than {limit} bytes.",
                (_where(file, included_by),),
                ("Check that all of them are requirements files, and leave out what isn't used.",),
            )
        )


class TooManyLinesError(RequirementsError):
    """More requirements and options than any project has."""

    def __init__(self, origin: object, limit: int) -> None:
        super().__init__(
            Explanation(
                "too many requirements",
                f"There are more than {limit} requirements and options, counted up to {origin}.",
                (),
                ("Check how that file is made; a locked list of a whole app has a few hundred.",),
            )
        )


class TooManyFilesError(RequirementsError):
    """More included files than any project has."""

    def __init__(self, included_by: object, limit: int) -> None:
        super().__init__(
            Explanation(
                "too many requirements files",
                f"More than {limit} files are included, the last by {included_by}.",
                (),
                ("Join some of them.",),
            )
        )


class NotPlainTextError(RequirementsError):
    """Bytes that aren't text."""

    def __init__(self, origin: object, problem: str) -> None:
        super().__init__(
            Explanation(
                "a requirements file isn't plain text",
                f"{origin} {problem}.",
                (),
                ("Save it as UTF-8 text, or write it anew: pip freeze > requirements.txt",),
            )
        )


class MergeConflictError(RequirementsError):
    """The marks of an unfinished merge."""

    def __init__(self, origin: object, text: str) -> None:
        super().__init__(
            Explanation(
                "a merge isn't finished",
                f"{origin} is a line that a merge conflict left behind.",
                (f"{origin}: {text}",),
                ("Decide which of the lines stay, and delete the <<<<<<<, ======= and >>>>>>>.",),
            )
        )


class NotUnderstoodError(RequirementsError):
    """A line that can't be understood."""

    def __init__(self, origin: object, text: str, problem: str, remedy: str) -> None:
        super().__init__(
            Explanation(
                "a line of a requirements file can't be understood",
                f"{origin} {problem}.",
                (f"{origin}: {text}",),
                (remedy,),
            )
        )


class UnsetVariableError(RequirementsError):
    """``${NAME}`` without a value."""

    def __init__(self, origin: object, name: str) -> None:
        super().__init__(
            Explanation(
                "a variable has no value",
                f"{origin} uses ${{{name}}}, which isn't set in the build's environment.",
                (),
                (f"Build with: pack build --env {name}=…",),
            )
        )


class GunicornTooOldError(RequirementsError):
    """A pin of gunicorn that doesn't run on the app's Python."""

    def __init__(self, lines: Sequence[str], version: str, python: str, reason: str) -> None:
        super().__init__(
            Explanation(
                "gunicorn is too old for this Python",
                f"gunicorn {version} doesn't run on Python {python}: {reason}.",
                tuple(lines),
                ("Write this in place of that line: gunicorn>=22",),
            )
        )
