"""What the app requires: its requirements files read, keyed, and prepared for uv."""

from buildpack.requirements.credentials import mask_credentials
from buildpack.requirements.direct import directly_required, entries_for
from buildpack.requirements.gunicorn import GunicornAdvice, check_gunicorn
from buildpack.requirements.installer_input import is_engine, without_engine
from buildpack.requirements.key import (
    digest_of_options,
    fingerprint,
    reasons,
    said_what,
    says_what,
)
from buildpack.requirements.model import (
    Coverage,
    Entry,
    Form,
    InstallerInput,
    LocalPath,
    Option,
    Origin,
    Requirements,
    RequirementsFile,
    Role,
    Target,
    Warned,
)
from buildpack.requirements.read import read_requirements

__all__ = [
    "Coverage",
    "Entry",
    "Form",
    "GunicornAdvice",
    "InstallerInput",
    "LocalPath",
    "Option",
    "Origin",
    "Requirements",
    "RequirementsFile",
    "Role",
    "Target",
    "Warned",
    "check_gunicorn",
    "digest_of_options",
    "directly_required",
    "entries_for",
    "fingerprint",
    "is_engine",
    "mask_credentials",
    "read_requirements",
    "reasons",
    "said_what",
    "says_what",
    "without_engine",
]
