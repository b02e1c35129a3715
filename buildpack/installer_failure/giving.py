"""Failures before anything is fetched: the disk, the lines themselves, their hashes."""

import re

from buildpack.errors import install as errors
from buildpack.installer_failure.output import Output
from buildpack.installer_failure.places import Places

_AT_OFFSET = re.compile(r"in `(?P<file>[^`]+)` at position (?P<offset>\d+)")
_AT_LINE = re.compile(r": (?P<file>[^:\s]+\.txt):(?P<line>\d+):\d+$")
_NO_HASH = re.compile(
    r"(?:none were provided for|no trusted hash was provided for): `?(?P<name>[A-Za-z0-9][\w.-]*)"
)
_NOT_PINNED = re.compile(r"versions pinned with `==`, but found: (?P<name>[A-Za-z0-9][\w.-]*)")


def explain_input(output: Output, places: Places) -> errors.InstallError | None:
    """The error if the disk, a line or a hash is at fault."""
    return _disk(output) or _rejected(output, places) or _hashes(output, places)


def _disk(output: Output) -> errors.InstallError | None:
    for line in reversed(output.text.splitlines()):
        if "No space left on device" in line or "Disk quota exceeded" in line:
            return errors.DiskFullError(line.strip().removeprefix("cause: "))
    return None


def _rejected(output: Output, places: Places) -> errors.InstallError | None:
    if not output.causes:
        return None
    first = output.causes[0]
    if found := _AT_OFFSET.search(first):
        lines = places.at_offset(found["file"], int(found["offset"]))
    elif found := _AT_LINE.search(first):
        lines = places.at_line(found["file"], int(found["line"]))
    else:
        return None
    reasons = output.causes[1:] or (_AT_LINE.sub("", first),)
    return errors.RejectedLineError(lines, tuple("\n".join(reasons).splitlines()))


def _hashes(output: Output, places: Places) -> errors.InstallError | None:
    for cause in output.causes:
        if found := re.match(r"Hash mismatch for `([^`]+)`", cause):
            name = re.split(r"[=@ ]", found[1])[0]
            known, _, computed = cause.partition("Computed:")
            digests = re.findall(r"\w+:[0-9a-f]{32,}", known)
            seen = re.findall(r"\w+:[0-9a-f]{32,}", computed)
            lines = places.of_names(name)
            return errors.HashMismatchError(found[1], tuple(digests), tuple(seen), lines)
    if found := _NO_HASH.search(output.said):
        return errors.HashMissingError(found["name"], places.of_names(found["name"]))
    if found := _NOT_PINNED.search(output.said):
        return errors.NotPinnedError(found["name"], places.of_names(found["name"]))
    return None
