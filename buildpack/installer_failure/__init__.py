"""From uv's words when it failed to one of our errors, with the user's line and a remedy."""

import re

from buildpack.errors.install import InstallError, UnknownInstallError
from buildpack.installer_failure.building import explain_build
from buildpack.installer_failure.fetching import explain_fetch
from buildpack.installer_failure.giving import explain_input
from buildpack.installer_failure.output import read_output
from buildpack.installer_failure.places import Places
from buildpack.installer_failure.resolving import explain_resolution
from buildpack.requirements.credentials import mask_credentials
from buildpack.requirements.installer_input import VARIABLE_PREFIX
from buildpack.requirements.model import InstallerInput

__all__ = ["classify", "mask_credentials"]


def classify(words: str, exit_code: int, given: InstallerInput | None = None) -> InstallError:
    """Why uv failed. ``words`` is what it printed; ``given`` what it was given, if anything.

    Nothing secret gets into the error: credentials in addresses are masked, and so are the
    values of the variables in ``given``.
    """
    secrets = given.environment.values() if given else ()
    masked = mask_credentials(words, secrets).replace(VARIABLE_PREFIX, "")
    # What was printed before is progress.
    plain = re.sub(r"\A(?:(?!error: ).*\n)+(?=error: )", "", masked)
    output, places = read_output(plain), Places(given)
    # What lies deepest first: a full disk makes a build fail, a refusal a resolution.
    explanations = (explain_input, explain_fetch, explain_build, explain_resolution)
    found = (explain(output, places) for explain in explanations)
    return next(
        filter(None, found),
        UnknownInstallError(tuple(line for line in plain.splitlines() if line.strip()), exit_code),
    )
