"""From uv's words, when it couldn't install a Python, to one of our errors with its remedy."""

import re
from collections.abc import Iterable, Sequence

from buildpack.errors import python_install as errors
from buildpack.errors.python_install import PythonInstallError
from buildpack.installer_failure.output import Output, read_output
from buildpack.python_version import Version, Wish, meets
from buildpack.requirements import mask_credentials

_ADDRESS = re.compile(r"\b(?:https?|file)://[^\s`'\")>]+")
_STATUS = re.compile(r"HTTP status (?:client|server) error \((?P<code>\d{3}) ?(?P<words>[^)]*)\)")
_HASHES = re.compile(r"Expected:\s*(?P<expected>\w+)\s*Computed:\s*(?P<computed>\w+)")
_UNKNOWN_HOST = ("dns error", "failed to lookup address")
_UNTRUSTED = ("invalid peer certificate", "certificate verif")
_LIST = ("Unable to parse the JSON Python download list", "remote python downloads json")
_ARCHIVE = ("Failed to extract archive", "supported file extension")
_MIRROR = (
    "Or fetch it from a mirror of python-build-standalone's releases: "
    "pack build … --env UV_PYTHON_INSTALL_MIRROR=https://HOST/PATH"
)
_FULL = ("No space left on device", "Disk quota exceeded")


def classify(
    words: str, version: str, secrets: Iterable[str], ways: tuple[str, ...]
) -> PythonInstallError:
    """Why uv failed. ``version`` is empty where it was asked for its list; ``ways`` are remedies
    that hold whatever failed.

    Nothing secret gets into the error.
    """
    output = read_output(mask_credentials(words, secrets))
    what = f"Python {version}" if version else "the list of Pythons"
    return _disk(output, what) or _content(output, what, ways) or _fetching(output, what, ways)


def other_ways(wishes: Sequence[Wish], stack: Version | None) -> tuple[str, ...]:
    """Remedies that hold whatever failed: a mirror, or the run image's own Python.

    All wishes have to hold, so those that it doesn't meet are to be changed where they stand.
    """
    if not stack:
        return (_MIRROR,)
    others = [wish for wish in wishes if not meets(stack, (wish,))]
    written = "\n".join(dict.fromkeys(wish.form.written(stack.minor) for wish in others))
    return (_MIRROR, f"Or take the run image's own Python. {written}")


def _disk(output: Output, what: str) -> PythonInstallError | None:
    for cause in reversed(output.causes):
        if any(sign in cause for sign in _FULL):
            return errors.PythonDiskFull(what, cause)
    return None


def _content(output: Output, what: str, ways: tuple[str, ...]) -> PythonInstallError | None:
    if found := _HASHES.search(output.said):
        return errors.PythonHashMismatch(what, found["expected"], found["computed"], ways)
    if output.causes and output.causes[0].startswith(_LIST[0]):
        return errors.BadPythonList(": ".join(output.causes))
    if any(sign in output.said for sign in _ARCHIVE):
        return errors.PythonArchiveBroken(what, output.causes[-1], ways)
    return None


def _fetching(output: Output, what: str, ways: tuple[str, ...]) -> PythonInstallError:
    address = _address(output)
    if _LIST[1] in output.said:
        what = "the list of Pythons"
    if found := _STATUS.search(output.said):
        status = f"{found['code']} {found['words']}".strip()
        if found["code"] in ("401", "403", "407"):
            return errors.PythonRefused(what, address, status, ways)
        if found["code"] in ("404", "410"):
            return errors.PythonNotThere(what, address, ways)
        return errors.PythonServerFailed(what, address, status, ways)
    if any(sign in output.said for sign in _UNKNOWN_HOST):
        return errors.PythonHostUnknown(what, _host(address), ways)
    if any(sign in output.said for sign in _UNTRUSTED):
        return errors.PythonHostUntrusted(what, address, output.causes[-1], ways)
    if "error sending request" in output.said or "timed out" in output.said:
        return errors.PythonHostUnreachable(what, address, output.causes[-1], ways)
    lines = tuple(line for line in output.text.splitlines() if line.strip())
    return errors.PythonInstallFailed(what, lines, ways)


def _address(output: Output) -> str:
    found = (_ADDRESS.search(cause) for cause in output.causes)
    return next((address[0].rstrip(".,;") for address in found if address), "the server")


def _host(address: str) -> str:
    """Not urlsplit(): it refuses some addresses."""
    return re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]
