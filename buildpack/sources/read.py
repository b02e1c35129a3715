"""Reading the file that says what the app depends on, whichever it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack.errors.sources import LockedForAnotherPythonError
from buildpack.requirements import Requirements, Role, Target, read_requirements
from buildpack.requirements.model import Entry, RequirementsFile, shown
from buildpack.requirements.versions import allows, clauses, release
from buildpack.sources.asked import Asked, read_asked
from buildpack.sources.choose import Choice, Kind, choose
from buildpack.sources.document import Document, read_json, read_toml, read_uv_toml
from buildpack.sources.gather import Gatherer

# Readers are loaded where they are used: a build needs one of them.


@dataclass(frozen=True)
class Source:
    """What the app depends on; ``told`` are the lines that say where that stands."""

    requirements: Requirements
    told: tuple[str, ...]


def read_source(app_dir: Path, platform_env: Mapping[str, str], target: Target) -> Source | None:
    """The app's dependencies on the target; None where no file says any.

    Raises a SourceError or a RequirementsError for files that can't be followed, BadSetting.
    """
    asked = read_asked(platform_env)
    choice = choose(app_dir)
    if not choice:
        asked.check("The app")
        return None
    left_out = tuple(
        f"{shown(path)} is left out: {shown(choice.path)} comes first" for path in choice.left_out
    )
    source = _read(choice, asked, Gatherer(app_dir, platform_env, target))
    return Source(source.requirements, (*source.told, *left_out))


def _read(choice: Choice, asked: Asked, gatherer: Gatherer) -> Source:
    app_dir, path = gatherer.app_dir, choice.path
    match choice.kind:
        case Kind.REQUIREMENTS:
            asked.check(shown(path))
            return _told_list(read_requirements(app_dir, path, gatherer.environment))
        case Kind.PROJECT:
            assert choice.project  # choose() reads it
            return _read_project(choice.project, asked, gatherer)
        case Kind.PIPFILE:
            assert choice.project
            return _read_pipfile(choice.project, asked, gatherer)
        case Kind.PIPENV:
            return _read_pipenv(read_json(app_dir, path), choice.project, asked, gatherer)
        case Kind.PYLOCK:
            return _read_pylock(read_toml(app_dir, path), asked, gatherer)
        case Kind.UV:
            assert choice.project
            return _read_uv(read_uv_toml(app_dir, path), choice.project, asked, gatherer)
        case Kind.POETRY:
            assert choice.project
            return _read_poetry(read_toml(app_dir, path), choice.project, asked, gatherer)


def _read_uv(lock: Document, project: Document, asked: Asked, gatherer: Gatherer) -> Source:
    from buildpack.sources.stale import check_uv
    from buildpack.sources.uv_lock import read_uv_lock

    _check_python(lock, lock.root.text("requires-python", ""), gatherer.target)
    check_uv(gatherer.app_dir, lock, project)
    read = read_uv_lock(lock, project, asked, gatherer)
    return _told_lock(lock, (lock.file, project.file), read.total, gatherer, read.project)


def _read_pylock(lock: Document, asked: Asked, gatherer: Gatherer) -> Source:
    from buildpack.sources.pylock import read_pylock

    total = read_pylock(lock, asked, gatherer)
    return _told_lock(lock, (lock.file,), total, gatherer)


def _read_poetry(lock: Document, project: Document, asked: Asked, gatherer: Gatherer) -> Source:
    from buildpack.sources.poetry_dependencies import constraint_allows
    from buildpack.sources.poetry_lock import read_poetry_lock
    from buildpack.sources.project import itself
    from buildpack.sources.stale import check_poetry

    check_poetry(lock, project)
    wanted, python = (
        lock.root.table("metadata").text("python-versions", "*"),
        gatherer.target.python,
    )
    if not constraint_allows(wanted, python):
        raise LockedForAnotherPythonError(lock.name, wanted, python)
    total = read_poetry_lock(lock, project, asked, gatherer)
    own = itself(project, gatherer)
    return _told_lock(lock, (lock.file, project.file), total, gatherer, own)


def _read_pipenv(
    lock: Document, pipfile: Document | None, asked: Asked, gatherer: Gatherer
) -> Source:
    from buildpack.sources.pipenv import read_pipfile_lock
    from buildpack.sources.stale import check_pipenv

    if pipfile:
        check_pipenv(lock, pipfile)
    files = (lock.file, pipfile.file) if pipfile else (lock.file,)
    return _told_lock(lock, files, read_pipfile_lock(lock, asked, gatherer), gatherer)


def _read_pipfile(pipfile: Document, asked: Asked, gatherer: Gatherer) -> Source:
    from buildpack.sources.pipenv import read_pipfile

    read_pipfile(pipfile, asked, gatherer)
    return _told_list(gatherer.requirements((pipfile.file,), exact=False))


def _read_project(project: Document, asked: Asked, gatherer: Gatherer) -> Source:
    from buildpack.sources.project import itself, read_project

    read_project(project, asked, gatherer)
    is_required = any(entry.local and str(entry.local.path) == "." for entry in gatherer.entries)
    own = None if is_required else itself(project, gatherer)
    return _told_list(gatherer.requirements((project.file,), exact=False, project=own))


def _check_python(lock: Document, wanted: str, target: Target) -> None:
    if clauses(wanted) is not None and not allows(wanted, release(target.python)):
        raise LockedForAnotherPythonError(lock.name, wanted, target.python)


def _told_list(requirements: Requirements) -> Source:
    count = sum(entry.role is Role.REQUIREMENTS for entry in requirements.entries)
    files = len(requirements.files)
    more = f" in {files} files" if files > 1 else ""
    plural = "s" * (count != 1)
    line = f"{shown(requirements.files[0].path)}: {count} requirement{plural}{more}"
    return Source(requirements, (line, *_own(requirements)))


def _told_lock(
    lock: Document,
    files: tuple[RequirementsFile, ...],
    total: int,
    gatherer: Gatherer,
    project: Entry | None = None,
) -> Source:
    requirements = gatherer.requirements(files, exact=True, project=project)
    count = len(requirements.entries)
    others = total - count
    are = "is" if others == 1 else "are"
    rest = f" (of {total}; {others} {are} for other platforms or groups)" if others else ""
    line = f"{lock.name}: {count} package{'s' * (count != 1)}{rest}"
    return Source(requirements, (line, *_own(requirements)))


def _own(requirements: Requirements) -> tuple[str, ...]:
    own = requirements.project
    return (f"The project itself, {own.name}, is installed too",) if own else ()
