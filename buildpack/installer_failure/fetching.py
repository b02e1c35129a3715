"""Failures on the way to an index, a file or a git server."""

import re

from buildpack.errors import install_network as errors
from buildpack.errors.install import InstallError
from buildpack.installer_failure.output import Output
from buildpack.installer_failure.places import Places

_ADDRESS = re.compile(r"\b(?:https?|ssh|git|file)://[^\s`'\")>]+")
_NAMES_ADDRESS = re.compile(r"Failed to fetch|\bAn index\b")
_STATUS = re.compile(r"HTTP status (?:client|server) error \((?P<status>\d{3}) ?(?P<words>[^)]*)\)")
_REFUSED_HINT = re.compile(r"(?P<status>401 Unauthorized|403 Forbidden)")
_REVISION = re.compile(r"failed to (?:fetch|find) (?:branch or tag|branch|tag|commit) `(.+?)`")
_GIT_REFUSED = re.compile(
    r"Authentication failed|could not read (?:Username|Password)|Permission denied"
    r"|returned error: 40[13]\b|repository '[^']*' not found"
)
_UNKNOWN_HOST = ("dns error", "failed to lookup address", "Could not resolve host")
_UNTRUSTED = ("invalid peer certificate", "certificate verif", "SSL certificate problem")
_SILENT = ("operation timed out", "deadline has elapsed", "Connection timed out")
_BROKEN_OFF = (
    "Connection refused",
    "Connection reset",
    "Network is unreachable",
    "No route to host",
    "connection closed",
    "corrupt message",
    "unexpected EOF",
    "unexpected end of file",
    "tunnel error",
)


def explain_fetch(output: Output, places: Places) -> InstallError | None:
    """The error if something could not be fetched."""
    if any("Git executable not found" in cause for cause in output.causes):
        return errors.GitMissingError(places.of_repositories())
    lines = places.of_host(_host(output))
    if any(cause.startswith("Git operation failed") for cause in output.causes):
        return _git(output, lines)
    return _connection(output.said, _address(output), lines) or _answer(output, lines)


def _git(output: Output, lines: tuple[str, ...]) -> InstallError:
    text = output.said + "\n" + "\n".join(output.backend)
    address = _address(output)
    words = tuple(line for line in output.backend if line.strip()) or output.causes[1:]
    if _GIT_REFUSED.search(text):
        return errors.GitRefusedError(address, lines, words)
    revision = _REVISION.search(text)
    if revision and ("couldn't find remote ref" in text or "not our ref" in text):
        return errors.NoSuchRevisionError(address, revision[1], lines)
    return _connection(text, address, lines) or errors.GitFailedError(address, lines, words)


def _connection(text: str, address: str, lines: tuple[str, ...]) -> InstallError | None:
    host = _host_of(address).partition(":")[0] or "the index"
    words = tuple(text.splitlines()[-1:])
    if any(sign in text for sign in _UNKNOWN_HOST):
        return errors.UnknownHostError(host, lines)
    if any(sign in text for sign in _UNTRUSTED):
        return errors.UntrustedError(address, _reason(text, _UNTRUSTED), lines)
    if any(sign in text for sign in _SILENT):
        return errors.NoAnswerError(address, lines)
    if any(sign in text for sign in _BROKEN_OFF):
        return errors.NoConnectionError(address, _reason(text, _BROKEN_OFF), lines)
    if "error sending request" in text:
        return errors.NoConnectionError(address, "".join(words), lines)
    return None


def _answer(output: Output, lines: tuple[str, ...]) -> InstallError | None:
    address = _address(output)
    if found := _STATUS.search(output.said):
        status, words = int(found["status"]), f"{found['status']} {found['words']}".strip()
        if status in (401, 403):
            return errors.IndexRefusedError(address, words, lines)
        if status == 407:
            return errors.ProxyRefusedError(address, words)
        if status == 404:
            return errors.NotThereError(address, lines)
        return errors.IndexFailedError(address, words)
    for hint in output.hints:
        if found := _REFUSED_HINT.search(hint):
            return errors.IndexRefusedError(address, found["status"], lines)
    return None


def _reason(text: str, signs: tuple[str, ...]) -> str:
    lines = text.splitlines()
    return next(line.strip() for line in lines if any(sign in line for sign in signs))


def _address(output: Output) -> str:
    likely = [text for text in (*output.causes, *output.hints) if _NAMES_ADDRESS.search(text)]
    found = (_ADDRESS.search(text) for text in (*likely, output.text))
    return next((address[0].rstrip(".,;") for address in found if address), "")


def _host(output: Output) -> str:
    return _host_of(_address(output))


def _host_of(address: str) -> str:
    """Host, with a port if one is named. Not urlsplit(): it refuses some addresses."""
    return re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]
