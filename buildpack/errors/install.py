"""Why what the app asks for can't be installed, and the words for it.

``lines`` are the user's own, as ``requirements.txt:3: flask==3.1.0``.
"""

import re

from buildpack.errors import Explanation, FlaskpackError
from buildpack.errors.sources import LOCKS

Lines = tuple[str, ...]
Found = tuple[str, ...]


class InstallError(FlaskpackError):
    """uv could not install what the app asks for."""


class UnknownInstallError(InstallError):
    """None of the causes that we know: uv's own words, whole."""

    def __init__(self, output: Found, exit_code: int) -> None:
        super().__init__(
            Explanation(
                "the dependencies couldn't be installed",
                f"uv, which installs them, ended with exit code {exit_code}. Its own words:",
                output,
                (
                    "If they name a package or a line of a requirements file, mend that.",
                    "If they speak of the network, build again.",
                ),
            )
        )


class DiskFullError(InstallError):
    """No space left where the build writes."""

    def __init__(self, words: str) -> None:
        super().__init__(
            Explanation(
                "the disk is full",
                "There was no room left for the dependencies.",
                (words,),
                (
                    "Free space where the builder keeps its containers and volumes: docker system"
                    " df shows what takes it.",
                ),
            )
        )


class RejectedLineError(InstallError):
    """A line that uv can't parse."""

    def __init__(self, lines: Lines, words: Found) -> None:
        super().__init__(
            Explanation(
                "a line of a requirements file can't be understood",
                "uv, which installs the requirements, could not read one of them.",
                lines + words,
                ("Mend the line. A complete one looks like: flask>=3.1 ; python_version >= '3.9'",),
            )
        )


class HashMismatchError(InstallError):
    """A file that isn't the one whose hash was written down."""

    def __init__(self, package: str, known: Found, seen: Found, lines: Lines) -> None:
        lock = next((file for file in LOCKS if lines and lines[0].startswith(f"{file}:")), "")
        known_to = f"hash in {lock}" if lock else "--hash of its line"
        again = "uv pip compile --generate-hashes requirements.in -o requirements.txt"
        few = known[:5] + ((f"… and {len(known) - 5} more",) if len(known) > 5 else ())
        super().__init__(
            Explanation(
                "a package isn't the one whose hash was written down",
                f"{package} was downloaded, and its contents don't match any {known_to}."
                " It was not installed.",
                (
                    *lines,
                    *(f"allowed    {digest}" for digest in few),
                    *(f"downloaded {digest}" for digest in seen),
                ),
                (
                    "If the version or the index was changed on purpose, write the hashes anew:"
                    f" {LOCKS.get(lock, again)}",
                    "If nothing was changed, don't install it: find out who replaced the file.",
                ),
            )
        )


class HashMissingError(InstallError):
    """--require-hashes, and a package without one."""

    def __init__(self, name: str, lines: Lines) -> None:
        whence = "" if lines else " No line names it: another package depends on it."
        super().__init__(
            Explanation(
                "a package has no hash",
                f"The requirements say --require-hashes, and {name} has none.{whence}",
                lines,
                (
                    "Write all packages with their hashes, those they depend on as well:"
                    " uv pip compile --generate-hashes requirements.in -o requirements.txt",
                    "Or take the line --require-hashes out.",
                ),
            )
        )


class NotPinnedError(InstallError):
    """--require-hashes, and a package without an exact version."""

    def __init__(self, name: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a package with a hash has no exact version",
                f"The requirements say --require-hashes, which needs {name} with == and a version.",
                lines,
                (
                    f"Write {name}==VERSION in that line, or let a tool write the file:"
                    " uv pip compile --generate-hashes requirements.in -o requirements.txt",
                ),
            )
        )


class NoSuchPackageError(InstallError):
    """The index doesn't know the name."""

    def __init__(self, name: str, lines: Lines, known_as: str | None) -> None:
        known = (f"The package to import it from is called {known_as}: write {known_as}",)
        super().__init__(
            Explanation(
                "no such package",
                f"The package index knows no {name}.",
                lines,
                (
                    *(known if known_as else ()),
                    "Check the spelling.",
                    "If it is your own company's, name its index in the first line of"
                    " requirements.txt: --extra-index-url https://HOST/simple",
                    "If it is a folder of the app, write its path: ./" + name,
                ),
            )
        )


class StandardLibraryError(InstallError):
    """A module that comes with Python is asked for as a package."""

    def __init__(self, name: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "no such package: it comes with Python",
                f"{name} is part of Python itself, and the package index has nothing of that name.",
                lines,
                (f"Take {name} out of the requirements.",),
            )
        )


class NoSuchVersionError(InstallError):
    """The package is there, the version isn't."""

    def __init__(self, name: str, available: str, lines: Lines) -> None:
        there = f" What there is: {available}." if available else ""
        early = "If a version that isn't final will do, write this as the first line of"
        early += " requirements.txt: --pre"
        not_final = bool(re.search(r"\d(a|b|rc|\.dev)\d", available))
        super().__init__(
            Explanation(
                "no such version",
                f"No version of {name} fits what is asked for.{there}",
                lines,
                (
                    f"Write a version that exists, or take the newest: write only {name}",
                    *((early,) if not_final else ()),
                    "If it is on an index of your own, name that in the first line of"
                    " requirements.txt: --extra-index-url https://HOST/simple",
                ),
            )
        )


class ConflictError(InstallError):
    """Two requirements that no version satisfies both."""

    def __init__(self, lines: Lines, chain: Found, changes: Found) -> None:
        change = "Write this, and see whether it is what you want:\n" + "\n".join(changes)
        super().__init__(
            Explanation(
                "the requirements contradict each other",
                "There is no set of versions that satisfies all of them.",
                (*lines, *chain),
                (
                    *((change,) if changes else ()),
                    "Loosen one of the lines above: a range (>=2,<4) or no version at all.",
                    "Or leave the versions to a tool, and commit what it writes:"
                    " uv pip compile requirements.in -o requirements.txt",
                ),
            )
        )


class WrongPythonError(InstallError):
    """A package that doesn't run on this Python."""

    def __init__(self, name: str, current: str, needed: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a package needs another Python",
                f"{name} needs Python {needed}, and the app's is {current}.",
                lines,
                (
                    f"Take a version of {name} that runs on Python {current}.",
                    f"Or take another Python: pack build … --env 'BP_PYTHON_VERSION={needed}'",
                ),
            )
        )


class NoWheelError(InstallError):
    """Only built files are there (or allowed), and none fits this Python or machine."""

    def __init__(self, package: str, lines: Lines, hints: Found) -> None:
        name = package.partition("==")[0]
        super().__init__(
            Explanation(
                "a package has no file for this Python or machine",
                f"None of the files of {package} fits, and there is no source to build it from"
                " (or building is forbidden by --only-binary).",
                (*lines, *hints),
                (
                    f"Take another version; a newer one is likelier to fit: write only {name}",
                    "If the requirements say --only-binary, take that line out.",
                ),
            )
        )


class BrokenPackageError(InstallError):
    """A file that is no package."""

    def __init__(self, package: str, lines: Lines, hints: Found) -> None:
        super().__init__(
            Explanation(
                "a package is broken",
                f"The file of {package} can't be read as a package.",
                (*lines, *hints),
                (
                    "Take another version.",
                    "If the index is your own, upload the file again.",
                ),
            )
        )


class OtherIndexError(InstallError):
    """The package is on two indexes, and the first hasn't got the version."""

    def __init__(self, name: str, index: str, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "the index of a package lacks the version",
                f"{name} is on {index}, but not in the version that is asked for. For safety a"
                " package is taken only from the first index that has it: else anybody could"
                " publish a higher version of a private package elsewhere.",
                lines,
                (
                    f"Ask for a version of {name} that is there.",
                    f"Or publish that version of {name} there.",
                    "Or name its file in the line: "
                    f"{name} @ https://HOST/{name}-VERSION-py3-none-any.whl",
                ),
            )
        )


class NowhereToLookError(InstallError):
    """--no-index without what is needed."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(
            Explanation(
                "a package isn't among the files given",
                "The requirements say --no-index, and what the folders of --find-links hold is not"
                " enough.",
                lines,
                (
                    "Put the missing packages into the folder, those they depend on as well:"
                    " pip download -r requirements.txt -d wheels",
                    "Name the folder in requirements.txt: --find-links ./wheels",
                    "Or take the line --no-index out.",
                ),
            )
        )
