"""Why a package couldn't be built from its source, and the words for it."""

from buildpack.errors import Explanation
from buildpack.errors.install import Found, InstallError, Lines
from buildpack.errors.sources import ITSELF


def _built_here(package: str) -> str:
    """Why a package was built, which people don't expect."""
    if "@" in package:
        return f"{package} was built from its source."
    return f"There is no ready file of {package} for this Python and machine, so it was built here."


class NoCompilerError(InstallError):
    """C to compile, and nothing to compile it with."""

    def __init__(self, package: str, compiler: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a package needs a compiler",
                _built_here(package) + f" That needs {compiler}, which the build image hasn't got.",
                lines,
                (
                    "Take a version that has a ready file (a wheel) for this Python: often the"
                    " newest.",
                    f"Or use a builder whose build image has {compiler}; Flaskpack's own has gcc"
                    " for C.",
                ),
            )
        )


class MissingLibraryError(InstallError):
    """A header or a library that the build image hasn't got.

    ``missing`` is its name, ``debian`` the Debian package that has it, ``instead`` a project
    that needs no library; the last two None where none is known.
    """

    def __init__(
        self, package: str, missing: str, debian: str | None, instead: str | None, lines: Lines
    ) -> None:
        other = (f"Write {instead} in its place: it needs no library of the system.",)
        image = (
            f"Or use a builder whose build image has Debian's package {debian}, and whose"
            " run image has the library itself."
            if debian
            else f"Or use a builder whose build image has {missing}."
        )
        in_package = f" from Debian's package {debian}" if debian else ""
        super().__init__(
            Explanation(
                "a package needs a library of the system",
                _built_here(package)
                + f" That needs {missing}{in_package}, which the build image hasn't got.",
                lines,
                (
                    *(other if instead else ()),
                    "Take a version that has a ready file (a wheel) for this Python: often the"
                    " newest.",
                    image,
                ),
            )
        )


class MissingProgramError(InstallError):
    """A program that a build runs and that the build image hasn't got.

    ``debian`` is the Debian package that has it.
    """

    def __init__(self, package: str, program: str, debian: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a package needs a program to be built",
                _built_here(package) + f" That needs {program}, which the build image hasn't got.",
                lines,
                (
                    "Take a version that has a ready file (a wheel) for this Python: often the"
                    " newest.",
                    f"Or use a builder whose build image has Debian's package {debian}.",
                ),
            )
        )


class TooOldForPythonError(InstallError):
    """A build that uses what Python, or setuptools, has since lost."""

    def __init__(self, package: str, words: str, lines: Lines) -> None:
        name = package.partition("==")[0]
        super().__init__(
            Explanation(
                "a package is older than this Python",
                _built_here(package) + " Its build uses something that no longer exists.",
                (*lines, words),
                (
                    f"Take a newer version: write only {name}",
                    "Or use a builder whose run image has the Python that it was made for.",
                ),
            )
        )


class BuildFailedError(InstallError):
    """A build that failed for a reason of its own."""

    def __init__(self, package: str, last_lines: Found, lines: Lines) -> None:
        own = any(line.endswith(ITSELF) for line in lines)
        super().__init__(
            Explanation(
                "a package couldn't be built",
                _built_here(package) + " Its own build failed. The end of what it said:",
                (*lines, *last_lines),
                _OF_THE_PROJECT if own else _OF_A_PACKAGE,
            )
        )


_OF_A_PACKAGE = (
    "Take a version that has a ready file (a wheel) for this Python: often the newest.",
    "If the package is your own: the same happens with  pip wheel --no-deps .",
)
_OF_THE_PROJECT = (
    "If the app isn't meant to be installed, say so in pyproject.toml; its modules are found"
    " in its folder all the same:\n[tool.uv]\npackage = false",
    "If it is: the same happens with  pip wheel --no-deps .",
)


class NoBuildToolError(InstallError):
    """What a package's build needs can't be installed."""

    def __init__(self, package: str, words: Found, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "what a package's build needs can't be installed",
                _built_here(package)
                + " What its pyproject.toml names as requires for that can't be had.",
                (*lines, *words),
                (
                    "Take a version that has a ready file (a wheel) for this Python: often the"
                    " newest.",
                    "With --no-index: put the build's requirements (often setuptools and wheel)"
                    " into the folder of --find-links as well.",
                ),
            )
        )
