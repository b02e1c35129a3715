"""What is to be installed: the user's requirements, and what is added to them."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from buildpack.interpreter import Interpreter
from buildpack.requirements import Requirements, read_requirements

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
    """``requirements`` is None for a project without a requirements file."""

    requirements: Requirements | None
    additions: tuple[Addition, ...]


def read_dependencies(app_dir: Path, python: Interpreter, imports_flask: bool) -> Dependencies:
    """What the project needs; raises FlaskpackError for files that can't be used."""
    found = next((file for file in FILES if (app_dir / file).exists()), None)
    requirements = read_requirements(app_dir, found) if found else None
    return Dependencies(requirements, _additions(python, imports_flask))


def _additions(python: Interpreter, imports_flask: bool) -> tuple[Addition, ...]:
    gunicorn = GUNICORN_FOR_3_9 if python.minor == "3.9" else GUNICORN
    additions = [Addition("gunicorn", gunicorn, "the server")]
    if imports_flask:
        additions.insert(0, Addition("flask", FLASK, "the app imports it"))
    return tuple(additions)
