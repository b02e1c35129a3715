"""What a project asks for: one wish for each place that names a Python."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from buildpack.requirements.versions import allows, release

_FINAL = re.compile(r"\d+(?:\.\d+)*")


class Form(Enum):
    """How a place names a Python, and so what is to be written there."""

    SETTING = auto()
    VERSION_FILE = auto()
    RUNTIME = auto()
    PROJECT = auto()
    POETRY = auto()
    PIPFILE = auto()
    PIPFILE_LOCK = auto()
    UV_LOCK = auto()
    PYLOCK = auto()

    def written(self, minor: str) -> str:
        """How to ask here for a minor version, as in "3.13": a sentence and the exact text."""
        return _WRITTEN[self].format(minor=minor)


_WRITTEN = {
    Form.SETTING: "Build with: pack build … --env BP_PYTHON_VERSION={minor}",
    Form.VERSION_FILE: "Write this into .python-version:\n{minor}",
    Form.RUNTIME: "Write this into runtime.txt:\npython-{minor}",
    Form.PROJECT: 'Write this into pyproject.toml, below [project]:\nrequires-python = ">={minor}"',
    Form.POETRY: "Write this into pyproject.toml, below [tool.poetry.dependencies]:\n"
    'python = "^{minor}"',
    Form.PIPFILE: 'Write this into Pipfile, below [requires]:\npython_version = "{minor}"',
    Form.PIPFILE_LOCK: "Write this into Pipfile, below [requires], then run pipenv lock:\n"
    'python_version = "{minor}"',
    Form.UV_LOCK: "Write this into pyproject.toml, below [project], then run uv lock:\n"
    'requires-python = ">={minor}"',
    Form.PYLOCK: "Make the lock again for Python {minor}.",
}


@dataclass(frozen=True)
class Version:
    """A version of CPython: "3.13.5", or "3.15.0rc1", which isn't final."""

    text: str

    @property
    def numbers(self) -> tuple[int, ...]:
        """As in (3, 13, 5)."""
        return release(self.text)

    @property
    def minor(self) -> str:
        """As in "3.13"."""
        return ".".join(self.text.split(".")[:2])

    @property
    def final(self) -> bool:
        """Whether it is a release, and not an alpha, beta or candidate of one."""
        return bool(_FINAL.fullmatch(self.text))


@dataclass(frozen=True)
class Asked:
    """Which versions: those that satisfy any of ``alternatives``, which are PEP 440 specifiers.

    ``prerelease`` is a single version that isn't final ("3.15.0rc1"), or empty.
    """

    alternatives: tuple[str, ...]
    prerelease: str = ""

    @property
    def exact(self) -> bool:
        """Whether it names one version, patch included."""
        one = re.fullmatch(r"===?\s*\d+(?:\.\d+){2}", "".join(self.alternatives))
        return bool(self.prerelease or one)

    def allows(self, version: Version) -> bool:
        """Whether it may be that version; one that isn't final counts as its release."""
        if self.prerelease:
            return version.text == self.prerelease
        return any(allows(specifier, version.numbers) for specifier in self.alternatives)


@dataclass(frozen=True)
class Wish:
    """What one place asks for. ``origin`` is "file:line", ``text`` what is written there."""

    form: Form
    origin: str
    text: str
    asked: Asked

    def shown(self) -> str:
        """As errors show it."""
        return f"{self.origin}: {self.text}"


@dataclass(frozen=True)
class Search:
    """What is looked for.

    ``wishes`` are the project's, or one of ours where it has none; ``why`` is the origin of the
    choice, as the log tells it; ``last`` is the minor version of the last build, or empty.
    """

    wishes: tuple[Wish, ...]
    why: str
    last: str


def minor_numbers(minor: str) -> tuple[int, int]:
    """(3, 13) for "3.13"."""
    major, second = minor.split(".")
    return int(major), int(second)
