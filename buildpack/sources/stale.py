"""Whether a lock still belongs to its project file, as far as that shows without a network.

Poetry and Pipenv write a digest of the project file into the lock. uv writes down what the
project required: names and version conditions are compared.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from buildpack.errors.sources import MalformedError, StaleLockError
from buildpack.requirements.syntax import BadLineError, normalised, parse_requirement
from buildpack.requirements.versions import clauses
from buildpack.sources.document import Document, Table, read_toml, seen

_POETRY_PROJECT = ("requires-python", "dependencies", "optional-dependencies")
_POETRY_OLD = ("dependencies", "source", "extras", "dev-dependencies")
_POETRY = (*_POETRY_OLD, "group")
_NO_CATEGORY = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv")
_FOLDERS = ("editable", "virtual", "directory")
_PLACES = ("git", "url", "path", "directory", "editable", "virtual")


def check_poetry(lock: Document, project: Document) -> None:
    """Raise StaleLockError where ``content-hash`` is that of another pyproject.toml."""
    locked = lock.root.table("metadata").text("content-hash")
    if locked not in _poetry_digests(project.root):
        raise StaleLockError(
            lock.name,
            project.name,
            (f"content-hash in {lock.name}: {seen(locked)}",),
            "poetry lock",
        )


def check_pipenv(lock: Document, pipfile: Document) -> None:
    """Raise StaleLockError where the lock's digest is that of another Pipfile."""
    locked = lock.root.table("_meta").table("hash").text("sha256")
    data: dict[str, Any] = {
        "_meta": {
            "sources": pipfile.root.values.get("source", []),
            "requires": pipfile.root.values.get("requires", {}),
        },
        "default": pipfile.root.values.get("packages", {}),
        "develop": pipfile.root.values.get("dev-packages", {}),
    }
    for category, values in pipfile.root.values.items():
        if category not in (*_NO_CATEGORY, "default", "develop"):
            data[category] = values
    if locked != _digest(data, separators=(",", ":")):
        found = (f"hash in {lock.name}: {seen(locked)}",)
        raise StaleLockError(lock.name, pipfile.name, found, "pipenv lock")


def check_uv(app_dir: Path, lock: Document, project: Document) -> None:
    """Raise StaleLockError where the project, or another whose folder is locked (the members of
    its workspace), asks for what the lock doesn't know, or no more.
    """
    for package in lock.root.tables("package"):
        folder = _folder(package)
        own = project if folder == PurePosixPath() else _project_in(app_dir, folder)
        if own and _tells_what_it_required(package):
            _check_uvs(lock, package, own)


def _folder(package: Table) -> PurePosixPath | None:
    source = package.table("source")
    place = next((source.text(kind) for kind in _FOLDERS if kind in source), None)
    return None if place is None else PurePosixPath(place)


def _project_in(app_dir: Path, folder: PurePosixPath | None) -> Document | None:
    """The project file in a folder of the app; None where there is none that uv would read."""
    if folder is None or folder.is_absolute() or ".." in folder.parts:
        return None
    if not os.path.lexists(app_dir / folder / "pyproject.toml"):
        return None
    found = read_toml(app_dir, folder / "pyproject.toml")
    return found if "project" in found.root else None


def _tells_what_it_required(package: Table) -> bool:
    """Not in a lock of old. Of a project that required nothing, uv writes down nothing."""
    return "metadata" in package or "dependencies" not in package


def _check_uvs(lock: Document, package: Table, project: Document) -> None:
    root = project.root.table("project")
    if {"dependencies", "optional-dependencies"} & set(root.texts("dynamic")):
        return  # only its build tells
    metadata = package.table("metadata")
    # uv leaves out the version where [tool.uv.sources] gives a place.
    placed = {
        normalised(table.text("name"))
        for table in metadata.tables("requires-dist")
        if any(place in table for place in _PLACES)
    }
    known = {_without_version(way, placed) for way in _known(metadata)}
    asked = {(_without_version(way, placed), text) for way, text in _asked(root)}
    ways = {wanted for wanted, _ in asked}
    found = [f"{project.name}: {text}" for wanted, text in sorted(asked) if wanted not in known]
    found += [f"{lock.name}: {way[0]}{way[1]}" for way in sorted(known - ways)]
    if found:
        raise StaleLockError(lock.name, project.name, found, "uv lock")


def is_itself(package: Table) -> bool:
    """Whether a package of uv.lock is the project in the app's folder."""
    return _folder(package) == PurePosixPath()


def _without_version(way: tuple[str, str], placed: set[str]) -> tuple[str, str]:
    return (way[0], "") if way[0] in placed else way


def _poetry_digests(root: Table) -> Iterator[str]:
    project, poetry = root.table("project").values, root.table("tool").table("poetry").values
    own = {key: project[key] for key in _POETRY_PROJECT if key in project}
    groups = root.table("dependency-groups").values
    # With the groups, and without them as before Poetry 2.2.
    for grouped in (groups, {}):
        head: dict[str, Any] = {"project": own} if own else {}
        if grouped:
            head["dependency-groups"] = grouped
        rest = {
            key: poetry.get(key)
            for key in _POETRY
            if key in poetry or (key in _POETRY_OLD and not head)
        }
        yield _digest({**head, "tool": {"poetry": rest}} if head else rest)


def _digest(data: Mapping[str, Any], separators: tuple[str, str] | None = None) -> str:
    # A date can't be written as JSON: the tools themselves would stop there.
    text = json.dumps(data, sort_keys=True, separators=separators, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _known(metadata: Table) -> Iterator[tuple[str, str]]:
    for table in metadata.tables("requires-dist"):
        yield normalised(table.text("name")), _canonical(table.text("specifier", ""))


def _asked(project: Table) -> Iterator[tuple[tuple[str, str], str]]:
    texts = list(project.texts("dependencies"))
    extras = project.table("optional-dependencies")
    for extra in extras.values:
        texts += extras.texts(extra)
    for text in texts:
        try:
            parsed = parse_requirement(text)
        except BadLineError as bad:
            raise project_error(project, text, bad) from None
        yield (normalised(parsed.name or ""), _canonical(parsed.specifier)), text


def project_error(project: Table, text: str, bad: BadLineError) -> MalformedError:
    """The error for a requirement in pyproject.toml that isn't one."""
    return MalformedError(
        project.file, f"holds a requirement that {bad.problem}", seen(text), bad.remedy
    )


def _canonical(specifier: str) -> str:
    """One text for conditions that mean the same, however they are written."""
    found = clauses(specifier)
    if found is None:
        return specifier
    return ",".join(sorted(clause.operator + _plain(clause.version) for clause in found))


def _plain(version: str) -> str:
    version = version.lower().removeprefix("v")
    for long, short in (("alpha", "a"), ("beta", "b"), ("preview", "rc"), ("pre", "rc")):
        version = version.replace(long, short)
    version = re.sub(r"(?<=\d)[-_.]?(a|b|rc|c)(?:[-_.]?(?=\d)|$)", r"\1", version)
    version = re.sub(r"(?<=[abc])$", "0", version)
    return re.sub(r"(?<=\d)[-_.]?(post|dev)[-_.]?(?=\d)", r".\1", version)
