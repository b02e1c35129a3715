"""Requirements that are git repositories, and whether there is a git to get them with."""

import shutil

from buildpack.errors.install_network import GitMissingError
from buildpack.requirements import Form, InstallerInput, Target, mask_credentials
from buildpack.requirements.markers import marker_holds


def check_git(given: InstallerInput, target: Target, path: str) -> None:
    """Raise GitMissingError before uv runs, which would say so late and without the line.

    ``path`` is the PATH that uv gets.
    """
    lines = tuple(
        f"{entry.origin}: {mask_credentials(entry.text)}"
        for entry in given.entries
        if entry.form is Form.VCS and marker_holds(entry.marker, target) is not False
    )
    if lines and not shutil.which("git", path=path):
        raise GitMissingError(lines)
