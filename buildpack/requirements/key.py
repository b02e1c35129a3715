"""The key of what was installed: when it must be installed again, and why.

A fingerprint maps what a user knows by name to a digest, and says how it came in. Nothing
in it can be turned back into a secret: credentials are taken out of addresses, values of
variables included, before anything is digested.
"""

import hashlib
from collections.abc import Mapping

from buildpack.requirements import local
from buildpack.requirements.credentials import without_credentials
from buildpack.requirements.model import Coverage, LocalPath, Requirements, shown
from buildpack.requirements.variables import VARIABLE

# How something came in -> what is said when it does, and when it no longer does.
_COMING_AND_GOING = {
    "read": ("is read now", "is no longer read"),
    "included": ("is new", "is no longer included"),
    "required": ("is new", "is no longer required"),
    "used": ("is new", "is no longer used"),
    "set": ("is set now", "is no longer set"),
}


def fingerprint(
    requirements: Requirements,
    facts: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """All that decides what gets installed, by name, in a stable order.

    ``facts`` are kept as they are ("Python": "3.13.5") and told with both values; of
    ``settings`` only digests are kept. Values are ``sha256:HEX HOW`` or a fact's text.
    """
    found = dict(facts or {})
    for name, value in sorted((settings or {}).items()):
        found[name] = _digested(without_credentials(value), "set")
    for file in requirements.files:
        how = f"included by {file.included_by}" if file.included_by else "read"
        found.setdefault(shown(file.path), f"sha256:{file.sha256} {how}")
    for path in requirements.locals:
        if (name := _local_name(path)) not in found:  # digested once, however often it is named
            found[name] = _local_value(requirements, path)
    return found | _variables(requirements)


def says_what(requirements: Requirements) -> frozenset[str]:
    """The names in a fingerprint that say what is installed, and nothing of how."""
    files = [shown(file.path) for file in requirements.files]
    places = [entry.local for entry in (*requirements.entries, requirements.project) if entry]
    folders = {_local_name(path) for path in places if path}
    folders -= {_local_name(option.local) for option in requirements.options if option.local}
    options = " ".join(without_credentials(option.value) for option in requirements.options)
    variables = set(_variables(requirements)) - {
        f"${{{name}}}" for name in VARIABLE.findall(options)
    }
    return frozenset(files) | folders | variables


def said_what(value: str) -> bool:
    """Whether a fingerprint's value that is gone said what was installed, and nothing of how."""
    return _how(value) in ("read", "included", "required", "used")


def digest_of_options(requirements: Requirements) -> str:
    """What the files say of how everything is installed; credentials don't count."""
    options = [f"{option.name} {option.value}" for option in requirements.options]
    text = "\n".join((*map(without_credentials, options), *requirements.arguments))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def reasons(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Every difference of two fingerprints as a sentence without a full stop; () if none."""
    names = [*new, *(name for name in old if name not in new)]
    told = (_reason(name, old.get(name), new.get(name)) for name in names)
    return tuple(reason for reason in told if reason)


def _reason(name: str, old: str | None, new: str | None) -> str | None:
    if old == new:
        return None
    if old is None:
        return _came(name, new or "")
    if new is None:
        return _went(name, old)
    if not new.startswith("sha256:"):
        return f"{name} {old} became {new}"
    if old.split(" ")[0] == new.split(" ")[0]:
        return None
    return f"{name} changed{_by(new)}"


def _came(name: str, value: str) -> str:
    coming = _COMING_AND_GOING.get(_how(value), ("is new", ""))[0]
    return f"{name} {coming}{_by(value)}"


def _went(name: str, value: str) -> str:
    return f"{name} {_COMING_AND_GOING.get(_how(value), ('', 'is gone'))[1]}"


def _how(value: str) -> str:
    return value.split(" ")[1] if value.startswith("sha256:") and " " in value else ""


def _by(value: str) -> str:
    how = value.partition(" ")[2]
    return f", {how}" if " by " in how else ""


def _digested(text: str, how: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()} {how}"


def _local_name(path: LocalPath) -> str:
    place = f"./{shown(path.path)}" if str(path.path) != "." else "./"
    return place if path.covers is Coverage.CONTENTS else f"metadata of {place}"


def _local_value(requirements: Requirements, path: LocalPath) -> str:
    keyed = frozenset(file.path for file in requirements.files)
    digest = local.digest(requirements.app_dir, path, keyed)
    return f"sha256:{digest} required by {path.origin}"


def _variables(requirements: Requirements) -> dict[str, str]:
    """The variables that are used for more than credentials, and by which line first."""
    texts = [(entry.origin, entry.text) for entry in requirements.entries]
    texts += [(option.origin, option.value) for option in requirements.options]
    found: dict[str, str] = {}
    for origin, text in texts:
        for name in VARIABLE.findall(without_credentials(text)):
            value = _digested(requirements.variables[name], f"used by {origin}")
            found.setdefault(f"${{{name}}}", value)
    return found
