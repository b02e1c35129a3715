"""Failures of what a project asks for as its Python. ``lines`` are the user's, as
``.python-version:1: 3.12``.
"""

from buildpack.errors import Explanation, FlaskpackError

Lines = tuple[str, ...]


class UnreadableVersionFile(FlaskpackError):
    """A file that may name a Python can't be read."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            Explanation(
                title=f"{place.partition(':')[0]} can't be read",
                happened="The version of Python that the app wants may stand in this file.",
                found=(f"{place}: {problem}",),
                remedies=("Mend the file, or remove it if the app doesn't need it.",),
            )
        )


class BadPythonVersion(FlaskpackError):
    """What stands there can't be served; ``problem`` ends the sentence, ``remedy`` is to write."""

    def __init__(self, line: str, problem: str, remedy: str) -> None:
        super().__init__(
            Explanation(
                title="the app's Python isn't named in a way that can be served",
                happened=f"Flaskpack runs apps on CPython, and this {problem}.",
                found=(line,),
                remedies=(remedy,),
            )
        )


class PythonConflict(FlaskpackError):
    """Two or more places ask for versions that no Python is at once."""

    def __init__(self, lines: Lines, remedies: Lines) -> None:
        super().__init__(
            Explanation(
                title="the app asks for two Pythons at once",
                happened="Everything that names a version of Python has to hold, and no version is "
                "all of this.",
                found=lines,
                remedies=remedies,
            )
        )


class ImpossiblePython(FlaskpackError):
    """One place asks for what no version can be."""

    def __init__(self, line: str, remedies: Lines) -> None:
        super().__init__(
            Explanation(
                title="no version of Python can be what the app asks for",
                happened="The conditions exclude each other.",
                found=(line,),
                remedies=remedies,
            )
        )


class PythonTooOld(FlaskpackError):
    """Only versions before the oldest that we run on are asked for."""

    def __init__(self, oldest: str, lines: Lines, there: Lines, remedies: Lines) -> None:
        super().__init__(
            Explanation(
                title="the app asks for a Python that is too old",
                happened=f"Flaskpack runs apps on Python {oldest} and newer.",
                found=(*lines, *there),
                remedies=remedies,
            )
        )


class PythonNotToBeHad(FlaskpackError):
    """Neither the run image nor uv has a version that is asked for."""

    def __init__(self, lines: Lines, there: Lines, remedies: Lines) -> None:
        super().__init__(
            Explanation(
                title="the app asks for a Python that isn't to be had",
                happened="Neither the run image nor uv has a version that is all of this.",
                found=(*lines, *there),
                remedies=remedies,
            )
        )
