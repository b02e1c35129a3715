"""Failures of reading the app's source files."""

import shlex
from typing import TYPE_CHECKING

from buildpack.errors import Explanation, FlaskpackError

if TYPE_CHECKING:  # the finder raises these errors: at run time it imports this module
    from buildpack.app_finder.answers import Origin

_READS = "Flaskpack finds the app by reading its code, and this file is on the way to it.\n"
_NAME_IT = (
    "Or name an app that doesn't need this file:\n"
    "pack build --env APP_MODULE=the.module:the_variable"
)


class BrokenSyntax(FlaskpackError):
    """A file isn't valid Python."""

    def __init__(self, where: "Origin", reason: str, grammar: tuple[int, int]) -> None:
        super().__init__(
            Explanation(
                title=f"{where.file} is not valid Python",
                happened=f"{_READS}Python {grammar[0]}.{grammar[1]} refuses it.",
                found=(str(where), reason),
                remedies=(f"Correct {where.file}.", _NAME_IT),
            )
        )


class NewerSyntax(FlaskpackError):
    """A file may be valid for the app's Python; the one that reads it is older."""

    def __init__(
        self, where: "Origin", reason: str, app: tuple[int, int], ours: tuple[int, int]
    ) -> None:
        super().__init__(
            Explanation(
                title=f"{where.file} can't be read here",
                happened=(
                    f"{_READS}The app runs on Python {app[0]}.{app[1]}, but the builder reads "
                    f"its code with Python {ours[0]}.{ours[1]}, which refuses it."
                ),
                found=(str(where), reason),
                remedies=(
                    "Name the app yourself, then the file needn't be read:\n"
                    "pack build --env APP_MODULE=the.module:the_variable",
                    f"Or write {where.file} in a form that older Pythons know too.",
                ),
            )
        )


class WrongEncoding(FlaskpackError):
    """A file's bytes aren't text in the encoding that Python would read it in."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} can't be decoded",
                happened=(
                    f"{_READS}Python takes it as UTF-8 unless line 1 or 2 declares something else."
                ),
                found=(f"{file}:{line}, {reason}",),
                remedies=(
                    f"Save {file} as UTF-8.",
                    "Or declare the encoding that it has in its first line:\n"
                    "# -*- coding: latin-1 -*-",
                ),
            )
        )


class NullBytes(FlaskpackError):
    """A file holds null bytes."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__(
            Explanation(
                title=f"{file} holds null bytes",
                happened=f"{_READS}Python takes no file with null bytes in it.",
                found=(f"{file}:{line}",),
                remedies=(
                    f"Save {file} as UTF-8 text (UTF-16 is full of null bytes),\n"
                    "or take it from your version control again.",
                ),
            )
        )


class TooLarge(FlaskpackError):
    """A file is larger than what is read to find the app."""

    def __init__(self, file: str, size: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} is too large to be searched for the app",
                happened=f"{_READS}Files over 1,000,000 bytes or 50,000 words aren't read.",
                found=(f"{file}: {size}",),
                remedies=(
                    "Name the app yourself, then the file needn't be read:\n"
                    "pack build --env APP_MODULE=the.module:the_variable",
                    "Or move what makes it large (data, generated code) into a module of its own.",
                ),
            )
        )


class TooComplex(FlaskpackError):
    """A file's code is nested more deeply than Python's parser can follow."""

    def __init__(self, file: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} is nested too deeply",
                happened=f"{_READS}Python's own parser gives up on it.",
                found=(file,),
                remedies=("Break up its longest expressions or its chains of elif.", _NAME_IT),
            )
        )


class LinkLeavesApp(FlaskpackError):
    """A file of the app is a link that leads out of the app, to nothing, or round in a circle."""

    def __init__(self, file: str, target: str, loop: bool) -> None:
        where = "round in a circle" if loop else "out of the app, or to nothing"
        super().__init__(
            Explanation(
                title=f"{file} is a link that leads {where}",
                happened=f"{_READS}Only files inside of the app's folder get into the image.",
                found=(
                    f"{file} -> {target}" if target else f"{file} (a folder above it is a link)",
                ),
                remedies=(f"Put the file itself in the place of the link {file}.",),
            )
        )


class CannotOpen(FlaskpackError):
    """A file is there but may not be read."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} can't be opened",
                happened=f"{_READS}The build's user may not read it.",
                found=(f"{file}: {reason or 'Permission denied'}",),
                remedies=(f"Give everybody the right to read it:\n{_readable(file)}",),
            )
        )


def _readable(file: str) -> str:
    """The command; in a folder, that may be what is closed."""
    folder = file.rpartition("/")[0]
    return f"chmod -R a+rX {shlex.quote(folder)}" if folder else f"chmod a+r {shlex.quote(file)}"


class NotAFile(FlaskpackError):
    """A device, pipe or socket stands where a source file would."""

    def __init__(self, file: str) -> None:
        super().__init__(
            Explanation(
                title=f"{file} is no ordinary file",
                happened=f"{_READS}It is a device, a pipe or a socket, and isn't opened.",
                found=(file,),
                remedies=(f"Put an ordinary file in the place of {file}.",),
            )
        )
