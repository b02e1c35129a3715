"""The forms in which people write a version: names as of pyenv and uv, specifiers, poetry's.

pyenv: plugins/python-build's definitions are named "3.12.4", "pypy3.10-7.3.19", …; uv: "Requesting
a version" in its documentation; poetry: "Dependency specification" in its documentation.
"""

import re

from buildpack.python_version.model import Asked
from buildpack.requirements.versions import clauses, release

_PREFIX = re.compile(r"(?:cpython|python|cp)\s*[-@]?\s*(?=[\d<>=!~])", re.IGNORECASE)
_PLATFORM = re.compile(r"-(?:linux|macos|darwin|windows|any|none)\b.*", re.IGNORECASE | re.DOTALL)
# ASCII: an Arabic or full-width 3 is a digit too, and no specifier would be made of it.
_TAG = re.compile(r"cp(3)(\d{1,2})", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,2}", re.ASCII)
_WILDCARD = re.compile(r"\d{1,4}(?:\.\d{1,4})?\.\*", re.ASCII)
_PRERELEASE = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}(?:a|b|rc)\d{1,3}", re.ASCII)
_FREE_THREADED = re.compile(r"\d[\d.]*(?:t|td|\+freethreaded.*)", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"\d[\d.]*-dev", re.IGNORECASE)
_OTHERS = re.compile(
    r"(pypy|graalpy|jython|ironpython|micropython|pyston|stackless|cinder|pyodide|nogil"
    r"|miniconda|anaconda|miniforge|mambaforge|activepython)|(?:pp|gp)\d",
    re.IGNORECASE,
)
_POETRY = re.compile(
    r"\s*(?P<operator>\^|~=|~|===|==|=|!=|<=|>=|<|>)?\s*(?P<version>v?\d\w*(?:\.\w+)*(?:\.\*)?|\*)\s*,?"
)


class UnclearVersionError(ValueError):
    """Not a version of CPython: what it is instead, as the end of a sentence."""


def read_name(text: str) -> Asked:
    """A name ("3.12", "cpython@3.12.4", "cp312") or a specifier. Raises UnclearVersionError."""
    if tag := _TAG.fullmatch(text):
        text = f"{tag[1]}.{tag[2]}"
    if _OTHERS.match(text):
        raise UnclearVersionError("names another implementation than CPython")
    if text.lower() == "system":
        raise UnclearVersionError('means "whatever is there", which an image can\'t keep to')
    version = _PLATFORM.sub("", _PREFIX.sub("", text, count=1)).strip()
    if _FREE_THREADED.fullmatch(version):
        raise UnclearVersionError("names the free-threaded build")
    if _DEVELOPMENT.fullmatch(version):
        raise UnclearVersionError("names a development version, which nobody offers ready to use")
    return _read_plain(version) or read_specifier(version)


def _read_plain(version: str) -> Asked | None:
    if _PRERELEASE.fullmatch(version):
        return Asked((), version)
    if _WILDCARD.fullmatch(version):
        return Asked((f"=={version}",))
    if _PLAIN.fullmatch(version):
        whole = version.count(".") == 2
        return Asked((f"=={version}" if whole else f"=={version}.*",))
    return None


def read_specifier(text: str) -> Asked:
    """Conditions as of PEP 440 (">=3.10,<3.13"). Raises UnclearVersionError."""
    if not clauses(text):
        raise UnclearVersionError("is not a version of Python")
    return Asked((text,))


def read_poetry(text: str) -> Asked:
    """Poetry's form: ``^3.11``, ``~3.11``, ``>=3.9 <4``, ``^3.9 || ^3.12``, ``*``."""
    return Asked(tuple(_conjunction(part.strip()) for part in re.split(r"\|\|?", text)))


def _conjunction(text: str) -> str:
    found, position = [], 0
    while position < len(text):
        piece = _POETRY.match(text, position)
        if not piece:
            raise UnclearVersionError("is not a version of Python")
        found.append(_constraint(piece["operator"] or "", piece["version"]))
        position = piece.end()
    specifier = ",".join(filter(None, found))
    if not found or clauses(specifier) is None:
        raise UnclearVersionError("is not a version of Python")
    return specifier


def _constraint(operator: str, version: str) -> str:
    numbers = release(version)
    if version == "*" and not operator:
        return ""
    if operator == "^" and numbers:
        return f">={version},<{numbers[0] + 1}"
    if operator == "~" and numbers:
        bound = f"{numbers[0]}.{numbers[1] + 1}" if len(numbers) > 1 else f"{numbers[0] + 1}"
        return f">={version},<{bound}"
    if operator in ("", "="):
        return (
            f"=={version}.*" if _PLAIN.fullmatch(version) and len(numbers) < 3 else f"=={version}"
        )
    return f"{operator}{version}"
