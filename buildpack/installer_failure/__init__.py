"""From uv's words when it failed to one of our errors, with a remedy."""

from buildpack.errors.install import UnknownInstallError
from buildpack.installer_failure.context import Context
from buildpack.requirements.credentials import mask_credentials

__all__ = ["Context", "classify", "mask_credentials"]


def classify(stderr: str, exit_code: int, context: Context) -> UnknownInstallError:
    """The error that says why uv failed."""
    secrets = [*context.secrets, *(context.given.environment.values() if context.given else ())]
    return UnknownInstallError(tuple(mask_credentials(stderr, secrets).splitlines()), exit_code)
