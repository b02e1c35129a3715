"""What the app asks for by name, itself."""

from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Entry, Requirements, Role, Target


def directly_required(requirements: Requirements, target: Target) -> frozenset[str]:
    """The normalised names of what is required on the target, constraints left out.

    A requirement whose marker can't be decided counts as required.
    """
    return frozenset(
        entry.name
        for entry in requirements.entries
        if entry.role is Role.REQUIREMENTS and entry.name and _applies(entry, target)
    )


def entries_for(name: str, requirements: Requirements, target: Target) -> tuple[Entry, ...]:
    """The requirements and constraints of a normalised name that apply on the target."""
    return tuple(
        entry for entry in requirements.entries if entry.name == name and _applies(entry, target)
    )


def _applies(entry: Entry, target: Target) -> bool:
    return marker_holds(entry.marker, target) is not False
