"""What is to be installed: the user's requirements, and what is added to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from buildpack import log
from buildpack.interpreter import Interpreter
from buildpack.machines import machine_of
from buildpack.requirements import Requirements, Target, check_gunicorn
from buildpack.sources import Source, not_read, read_source, settings_of

FLASK = "flask==3.1.3"
GUNICORN = "gunicorn==27.0.1"
GUNICORN_FOR_3_9 = "gunicorn==23.0.0"
"""What is added where nobody requires it: exact, so that an image is made twice alike.
gunicorn 23 is the last one for Python 3.9."""


@dataclass(frozen=True)
class Addition:
    """A requirement of ours, installed only where the user's requirements lack it."""

    name: str
    requirement: str
    why: str


@dataclass(frozen=True)
class Dependencies:
    """``requirements`` is None for a project without a file that says any.

    ``needs`` are installed together with them: an old gunicorn's setuptools. ``settings`` are
    those of the user that chose among what the file says, by name, for the key.
    """

    requirements: Requirements | None
    needs: tuple[str, ...]
    additions: tuple[Addition, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


def read_dependencies(
    app_dir: Path,
    platform_env: Mapping[str, str],
    python: Interpreter,
    *,
    imports_flask: bool,
    arch: str = "amd64",
) -> Dependencies:
    """What the project needs; raises FlaskpackError for files that can't be used."""
    target = Target(python.version, machine_of(arch))
    source = read_source(app_dir, platform_env, target)
    _log(source)
    for warning in not_read(app_dir, source):
        log.warning(warning)
    requirements = source.requirements if source else None
    needs = _needs_of_gunicorn(requirements, target)
    additions = _additions(python, imports_flask)
    return Dependencies(requirements, needs, additions, settings_of(platform_env))


def _additions(python: Interpreter, imports_flask: bool) -> tuple[Addition, ...]:
    gunicorn = GUNICORN_FOR_3_9 if python.minor == "3.9" else GUNICORN
    flask = (Addition("flask", FLASK, "the app imports it"),) if imports_flask else ()
    return (*flask, Addition("gunicorn", gunicorn, "the server"))


def _needs_of_gunicorn(requirements: Requirements | None, target: Target) -> tuple[str, ...]:
    """What the gunicorn that the user pins needs beside it; raises GunicornTooOldError."""
    if not requirements:
        return ()
    advice = check_gunicorn(requirements, target)
    if advice.warning:
        log.warning(advice.warning)
    return advice.needs


def _log(source: Source | None) -> None:
    if not source:
        log.line("There is no requirements.txt, lock file or pyproject.toml with dependencies")
        return
    for warning in source.requirements.warnings:
        log.warning(str(warning))
    for line in source.told:
        log.line(line)
