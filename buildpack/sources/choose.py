"""Which file says what the app depends on, where there are several."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from buildpack.errors.sources import LockAloneError
from buildpack.sources.document import Document, read_toml

PROJECT = PurePosixPath("pyproject.toml")
PIPFILE = PurePosixPath("Pipfile")


class Kind(Enum):
    """What a file is; each is read in a way of its own."""

    UV = "uv.lock"
    PYLOCK = "pylock.toml"
    POETRY = "poetry.lock"
    PIPENV = "Pipfile.lock"
    REQUIREMENTS = "requirements"
    PROJECT = "pyproject.toml"
    PIPFILE = "Pipfile"


CANDIDATES = (
    (Kind.UV, "uv.lock"),
    (Kind.PYLOCK, "pylock.toml"),
    (Kind.PYLOCK, "pylock.prod.toml"),
    (Kind.PYLOCK, "pylock.production.toml"),
    (Kind.POETRY, "poetry.lock"),
    (Kind.PIPENV, "Pipfile.lock"),
    (Kind.REQUIREMENTS, "requirements.txt"),
    (Kind.REQUIREMENTS, "app/requirements.txt"),
    (Kind.REQUIREMENTS, "requirements/prod.txt"),
    (Kind.REQUIREMENTS, "requirements/production.txt"),
    (Kind.REQUIREMENTS, "requirements-prod.txt"),
    (Kind.REQUIREMENTS, "requirements-production.txt"),
    (Kind.REQUIREMENTS, "requirements/base.txt"),
    (Kind.REQUIREMENTS, "requirements/requirements.txt"),
    (Kind.PROJECT, "pyproject.toml"),
    (Kind.PIPFILE, "Pipfile"),
)
"""Where dependencies come from, the first that is there: what is exact before what isn't, and a
list that somebody wrote for installing before a project file, which often only configures tools.
"""

_BELONGS_TO = {Kind.UV: Kind.PROJECT, Kind.POETRY: Kind.PROJECT, Kind.PIPENV: Kind.PIPFILE}


@dataclass(frozen=True)
class Choice:
    """The file that decides, the project file that it belongs to, and those that are left out."""

    kind: Kind
    path: PurePosixPath
    project: Document | None
    left_out: tuple[PurePosixPath, ...]


def choose(app_dir: Path) -> Choice | None:
    """The file that decides; None where no file says anything. Raises a SourceError."""
    found = [
        (kind, PurePosixPath(name)) for kind, name in CANDIDATES if os.path.lexists(app_dir / name)
    ]
    for position, (kind, path) in enumerate(found):
        belongs_to = _project_of(app_dir, kind, path)
        if kind is Kind.PROJECT and belongs_to and not has_dependencies(belongs_to):
            continue
        return Choice(kind, path, belongs_to, tuple(_left_out(kind, found[position + 1 :])))
    return None


def _left_out(kind: Kind, others: list[tuple[Kind, PurePosixPath]]) -> Iterator[PurePosixPath]:
    """The others that say something of their own; requirements often include each other."""
    for other, path in others:
        includes = kind is Kind.REQUIREMENTS and other is Kind.REQUIREMENTS
        if other not in (_BELONGS_TO.get(kind), Kind.PROJECT) and not includes:
            yield path


def _project_of(app_dir: Path, kind: Kind, path: PurePosixPath) -> Document | None:
    if kind in (Kind.PIPENV, Kind.PIPFILE):  # a Pipfile.lock says all by itself
        return read_toml(app_dir, PIPFILE) if os.path.lexists(app_dir / PIPFILE) else None
    if kind is not Kind.PROJECT and _BELONGS_TO.get(kind) is not Kind.PROJECT:
        return None
    if not os.path.lexists(app_dir / PROJECT):
        raise LockAloneError(str(path), str(PROJECT))
    return read_toml(app_dir, PROJECT)


def has_dependencies(project: Document) -> bool:
    """Whether the file says what the app depends on, and doesn't only configure tools."""
    poetry = project.root.table("tool").table("poetry")
    return "project" in project.root or "dependencies" in poetry
