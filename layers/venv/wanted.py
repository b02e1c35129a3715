"""Which packages an environment is to have, in which versions, before any is installed."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from buildpack.requirements import Form, InstallerInput, Role
from buildpack.requirements.syntax import normalised

EXACT = re.compile(r"==([^=*,]+)")
LISTED = re.compile(r"(?P<name>[^=@ ]+)==(?P<version>\S+)(?P<elsewhere> \(from .*)?")
"""A package that uv would install."""


@dataclass(frozen=True)
class Wanted:
    """By normalised names. ``identities`` are of what an index has, ``versions`` are of that too;
    ``elsewhere`` are packages from folders, addresses and repositories, ``brought`` are those
    that Flaskpack brings along.
    """

    identities: Mapping[str, str]
    versions: Mapping[str, str]
    elsewhere: frozenset[str] = frozenset()
    brought: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        return self.elsewhere | self.identities.keys()


Hashes = Mapping[str, tuple[str, ...]]
"""Those that the user's files allow, by the normalised name of the package."""


def hashes_of(user: InstallerInput | None) -> Hashes:
    entries = user.entries if user else ()
    return {entry.name: entry.hashes for entry in entries if entry.name and entry.hashes}


def identity(version: str, hashes: Iterable[str]) -> str:
    """The same one, from the same indexes by the same settings, means the same files.

    Without hashes an index is trusted not to put other files in the place of a version's.
    """
    known = "\n".join(sorted(hashes))
    return f"{version}~{hashlib.sha256(known.encode()).hexdigest()[:32]}" if known else version


def locked(user: InstallerInput) -> Wanted | None:
    """What a lock says; None where it leaves something to uv."""
    if "--no-deps" not in user.own_arguments or user.needs:
        return None
    versions, elsewhere = {}, set()
    for entry in user.entries:
        exact = EXACT.fullmatch(entry.specifier)
        if not entry.name or entry.marker or entry.role is not Role.REQUIREMENTS:
            return None
        if entry.form is not Form.INDEX:
            elsewhere.add(entry.name)
        elif exact:
            versions[entry.name] = exact[1]
        else:
            return None
    return _wanted(versions, elsewhere, hashes_of(user))


def resolved(lines: Iterable[str], hashes: Hashes) -> Wanted:
    """What uv would install."""
    versions, elsewhere = {}, set()
    for line in lines:
        if listed := LISTED.fullmatch(line):
            name = normalised(listed["name"])
            if listed["elsewhere"]:
                elsewhere.add(name)
            else:
                versions[name] = listed["version"]
    return _wanted(versions, elsewhere, hashes)


def _wanted(versions: dict[str, str], elsewhere: Iterable[str], hashes: Hashes) -> Wanted:
    identities = {name: identity(text, hashes.get(name, ())) for name, text in versions.items()}
    return Wanted(identities, versions, frozenset(elsewhere))


def bringing(wanted: Wanted, requirements: Iterable[str]) -> Wanted:
    """The same with what is brought along, "gunicorn==27.0.1", whatever else was required."""
    ours = dict(requirement.split("==") for requirement in requirements)
    return Wanted(
        {**wanted.identities, **ours},
        {**wanted.versions, **ours},
        wanted.elsewhere - ours.keys(),
        frozenset(ours),
    )


def both(one: Wanted, other: Wanted) -> Wanted:
    return Wanted(
        {**other.identities, **one.identities},
        {**other.versions, **one.versions},
        one.elsewhere | other.elsewhere,
    )

