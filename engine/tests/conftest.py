"""Builds the engine and installs it beside gunicorn, once for each content.

FLASKPACK_ENGINE_PYTHON names another Python to build for and serve with, and
FLASKPACK_ENGINE_GUNICORN another version of gunicorn (both by hand; the suite itself
takes the Python that runs it).
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from maker import recipe  # noqa: E402  (after the path it is found on)
from maker.target import Target  # noqa: E402
from serving import Server, serving  # noqa: E402


@pytest.fixture(scope="session")
def include() -> tuple[Path, ...]:
    """Header folders of the Python that the engine is tested with."""
    code = "import sysconfig; print(sysconfig.get_path('include'))"
    folder = Path(_output([_tested_python(), "-c", code]).strip())
    # Debian's pyconfig.h stands in a folder for the architecture beside this one.
    return folder, folder.parent


@pytest.fixture(scope="session")
def installed(include: tuple[Path, ...]) -> Path:
    """The Python of a virtual environment with the engine and gunicorn."""
    gunicorn = _gunicorn()
    version = _output([_tested_python(), "-VV"])
    key = hashlib.sha256(f"{recipe.recipe_digest()}{gunicorn}{version}".encode()).hexdigest()
    made = recipe.cache_folder() / "test-environments" / key
    python = made / "bin" / "python"
    if not (made / "complete").exists():
        _output([_tested_python(), "-m", "venv", "--clear", "--without-pip", str(made)])
        wheel = recipe.build(include, Target(os.uname().machine, "glibc"), made / "wheel")
        code = "import sysconfig as s; print(s.get_python_version(), s.get_path('purelib'))"
        minor, _, site = _output([str(python), "-c", code]).strip().partition(" ")
        # Our own pip: Debian 12's doesn't run on Python 3.12 or newer.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", site]
        pip += ["--python-version", minor, "--only-binary=:all:"]
        _output([*pip, gunicorn])
        _output([*pip, "--no-deps", "--no-index", str(wheel)])
        (made / "complete").touch()
    return python


@pytest.fixture(scope="module")
def server(installed: Path) -> Iterator[Server]:
    """One worker with default settings, for the tests of one module."""
    with serving(installed) as running:
        yield running


def _tested_python() -> str:
    return os.environ.get("FLASKPACK_ENGINE_PYTHON") or sys.executable


def _gunicorn() -> str:
    version = os.environ.get("FLASKPACK_ENGINE_GUNICORN")
    lines = (HERE / "requirements.txt").read_text().splitlines()
    return f"gunicorn=={version}" if version else lines[-1]


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
