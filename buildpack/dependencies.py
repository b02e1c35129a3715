"""What is to be installed: the user's requirements, and what is added to them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from buildpack import log
from buildpack.interpreter import Interpreter
from buildpack.requirements import Requirements, Role, Target, check_gunicorn, read_requirements

FILES = (PurePosixPath("requirements.txt"), PurePosixPath("app/requirements.txt"))
"""Where requirements are looked for; the first that is there."""

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
    """``requirements`` is None for a project without a requirements file.

    ``needs`` are installed together with them: an old gunicorn's setuptools.
    """

    requirements: Requirements | None
    needs: tuple[str, ...]
    additions: tuple[Addition, ...]


def read_dependencies(
    app_dir: Path,
    platform_env: Mapping[str, str],
    python: Interpreter,
    *,
    imports_flask: bool,
) -> Dependencies:
    """What the project needs; raises FlaskpackError for files that can't be used."""
    found = next((file for file in FILES if os.path.lexists(app_dir / file)), None)
    requirements = read_requirements(app_dir, found, platform_env) if found else None
    _log(requirements)
    needs = _needs_of_gunicorn(requirements, python)
    return Dependencies(requirements, needs, _additions(python, imports_flask))


def _additions(python: Interpreter, imports_flask: bool) -> tuple[Addition, ...]:
    gunicorn = GUNICORN_FOR_3_9 if python.minor == "3.9" else GUNICORN
    flask = (Addition("flask", FLASK, "the app imports it"),) if imports_flask else ()
    return (*flask, Addition("gunicorn", gunicorn, "the server"))


def _needs_of_gunicorn(requirements: Requirements | None, python: Interpreter) -> tuple[str, ...]:
    """What the gunicorn that the user pins needs beside it; raises GunicornTooOldError."""
    if not requirements:
        return ()
    advice = check_gunicorn(requirements, Target(python.version))
    if advice.warning:
        log.warning(advice.warning)
    return advice.needs


def _log(requirements: Requirements | None) -> None:
    if not requirements:
        log.line("There is no requirements.txt, at the root or in app/")
        return
    for warning in requirements.warnings:
        log.warning(str(warning))
    count = sum(entry.role is Role.REQUIREMENTS for entry in requirements.entries)
    files = len(requirements.files)
    more = f" in {files} files" if files > 1 else ""
    log.line(f"{requirements.files[0].path}: {count} requirement{'s' * (count != 1)}{more}")
