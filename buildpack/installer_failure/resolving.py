"""Failures of a resolution: no set of versions fits what is required."""

import re
import sys

from buildpack.errors import install as errors
from buildpack.errors.install_added import NoSuchAdditionError
from buildpack.installer_failure.output import Output
from buildpack.installer_failure.places import Places
from buildpack.requirements.model import Form

_NAME = r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)"
_EXTRAS = r"(?:\[[^\]]*\])?"
_WANTED = r"(?P<wanted>[=<>!~][^\s,]+(?:,[=<>!~][^\s,]+)*)"
_NOT_FOUND = re.compile(rf"{_NAME}{_EXTRAS} was not found in the [\w ]+?(?: and|,|\.)")
_NO_VERSION = re.compile(rf"there (?:is|are) no versions? of {_NAME}{_EXTRAS}{_WANTED}")
_AVAILABLE = re.compile(rf"only {_NAME}(?P<which>[=<>]\S+) is available")
_PYTHON = re.compile(
    r"the current Python version \((?P<current>[^)]+)\) does not satisfy Python(?P<needed>\S+)"
    rf" and {_NAME}"
)
_NO_WHEEL = re.compile(rf"{_NAME}(?P<version>==\S+)? has no (?:usable )?wheels")
_BROKEN = re.compile(rf"{_NAME}(?P<version>==\S+)? has an invalid package format")
_NEEDED = re.compile(rf"(?P<by>\S+) depends? on {_NAME}{_EXTRAS}{_WANTED}")
_OTHER_INDEX = re.compile(
    rf"`{_NAME}` was found on (?P<index>\S+), but not at the requested version"
)


def explain_resolution(output: Output, places: Places) -> errors.InstallError | None:
    """The error if the requirements, as they stand, can't be met."""
    if not output.causes or not output.causes[0].startswith("No solution found"):
        return None
    text = " ".join(" ".join(output.causes[1:]).split()) + " "
    explanations = (_offline, _other_index, _python, _wheel, _broken, _added, _not_found, _version)
    for explain in explanations:
        if error := explain(text, output, places):
            return error
    return _conflict(output, places)


def _offline(_: str, output: Output, places: Places) -> errors.InstallError | None:
    for hint in output.hints:
        if "index lookups were disabled" in hint or "the network was disabled" in hint:
            return errors.NowhereToLookError(places.named_in(output.causes[-1]))
    return None


def _other_index(_: str, output: Output, places: Places) -> errors.InstallError | None:
    for hint in output.hints:
        if found := _OTHER_INDEX.search(hint):
            name = found["name"]
            return errors.OtherIndexError(name, found["index"], places.of_names(name))
    return None


def _python(text: str, _: Output, places: Places) -> errors.InstallError | None:
    if found := _PYTHON.search(text):
        name = found["name"]
        lines = places.of_names(name) or places.named_in(text)
        return errors.WrongPythonError(name, found["current"], found["needed"], lines)
    return None


def _wheel(text: str, output: Output, places: Places) -> errors.InstallError | None:
    if found := _NO_WHEEL.search(text):
        package = found["name"] + (found["version"] or "")
        return errors.NoWheelError(package, places.of_names(found["name"]), output.hints)
    return None


def _broken(text: str, output: Output, places: Places) -> errors.InstallError | None:
    if found := _BROKEN.search(text):
        package = found["name"] + (found["version"] or "")
        return errors.BrokenPackageError(package, places.of_names(found["name"]), output.hints)
    return None


def _added(text: str, _: Output, places: Places) -> errors.InstallError | None:
    """What none of the user's lines names and yet is required: by us."""
    known = _NO_VERSION.search(text)
    found = known or _NOT_FOUND.search(text)
    if not found or places.of_names(found["name"]):
        return None
    required = re.search(
        rf"you require (?P<wanted>{re.escape(found['name'])}(?:[=<>!~]\S+)?)", text
    )
    if not required:
        return None
    return NoSuchAdditionError(found["name"], required["wanted"].rstrip(",."), known=bool(known))


def _not_found(text: str, _: Output, places: Places) -> errors.InstallError | None:
    found = _NOT_FOUND.search(text)
    if not found:
        return None
    name = found["name"]
    lines = places.of_names(name) or places.named_in(text)
    if name.replace("-", "_") in sys.stdlib_module_names:
        return errors.StandardLibraryError(name, lines)
    return errors.NoSuchPackageError(name, lines, _IMPORTED_AS.get(name))


def _version(text: str, _: Output, places: Places) -> errors.InstallError | None:
    """No version of a package that a single line asks for: nothing conflicts with it."""
    if "depend" in text or text.count("you require") != 1:
        return None
    if found := _NO_VERSION.search(text):
        return errors.NoSuchVersionError(found["name"], "", places.of_names(found["name"]))
    if found := _AVAILABLE.search(text):
        name = found["name"]
        return errors.NoSuchVersionError(name, name + found["which"], places.of_names(name))
    return None


def _conflict(output: Output, places: Places) -> errors.InstallError:
    chain = tuple("\n".join(output.causes[1:]).splitlines())
    text = " ".join(chain)
    changes: dict[str, str] = {}
    for found in _NEEDED.finditer(text):
        for entry in places.entries([found["name"]]):
            wanted = found["wanted"].rstrip(".,")
            if entry.form is Form.INDEX and entry.specifier and entry.specifier != wanted:
                change = f"{entry.origin}: {entry.name}{wanted}"
                # The first is who says so; uv then draws conclusions about those above it.
                changes.setdefault(change, f"{change}   ({found['by']} depends on it)")
    lines = places.named_in(text)
    return errors.ConflictError(lines, chain, tuple(changes.values()))


# The name that is imported -> the name that is required, where they differ.
_IMPORTED_AS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "crypto": "pycryptodome",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "magic": "python-magic",
    "mysqldb": "mysqlclient",
    "openssl": "pyopenssl",
    "pil": "pillow",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "usb": "pyusb",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
