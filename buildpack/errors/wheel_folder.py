"""What can be missing in an app's own folder of packages, and the words for it."""

from buildpack.errors import Explanation
from buildpack.errors.install import Found, InstallError, Lines


class MissingPackageError(InstallError):
    """A package that the folder lacks, or has in another version or for another machine.

    ``needed`` is a requirement ("dep>=2"), ``by`` the packages that need it, ``files`` what
    the folder has of it, ``target`` the Python and machine of the app ("Python 3.13, …").
    """

    def __init__(
        self,
        folder: str,
        needed: str,
        by: Found,
        files: Found,
        target: str,
        lines: Lines,
        download: str,
    ) -> None:
        first = folder.partition("/")[0]
        brings = f"The app brings its packages along in {folder}, so no index is asked."
        for_target = f" None of the files that are there fits it on {target}."
        for_others = f" Needed by: {', '.join(by)}." if by else ""
        super().__init__(
            Explanation(
                f"{folder} lacks a package",
                f"{brings} It has no {needed} that can be used.{for_others}"
                + (for_target if files else f" The app runs on {target}."),
                (*lines, *files),
                (
                    f"Put it there, where there is a network, with what it depends on:\n{download}",
                    f"If {folder} isn't meant to replace the index, name it in requirements.txt,"
                    f" and both are used:\n--find-links ./{first}",
                ),
            )
        )
