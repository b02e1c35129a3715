"""Virtual environments of any Python with any gunicorn and the engine, each made once."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from maker import recipe
from maker.target import Target

REQUIREMENTS = Path(__file__).parents[1] / "tests" / "requirements.txt"


def tested_python() -> str:
    """FLASKPACK_ENGINE_PYTHON, else the Python that runs this."""
    return os.environ.get("FLASKPACK_ENGINE_PYTHON") or sys.executable


def tested_gunicorn() -> str:
    """The version in FLASKPACK_ENGINE_GUNICORN, else the pinned one."""
    version = os.environ.get("FLASKPACK_ENGINE_GUNICORN")
    return f"gunicorn=={version}" if version else pinned_gunicorn()


def pinned_gunicorn() -> str:
    """The one in engine/tests/requirements.txt."""
    return REQUIREMENTS.read_text().splitlines()[-1]


def include(python: str) -> tuple[Path, ...]:
    """Header folders of a Python."""
    code = "import sysconfig; print(sysconfig.get_path('include'))"
    folder = Path(output([python, "-c", code]).strip())
    # Debian's pyconfig.h stands in a folder for the architecture beside this one.
    return folder, folder.parent


def environment(python: str, gunicorn: str) -> Path:
    """The Python of a virtual environment with the engine and a gunicorn ("gunicorn==23.0.0")."""
    made = folder_for("test-environments", python, gunicorn)
    inside = made / "bin" / "python"
    if not (made / "complete").exists():
        output([python, "-m", "venv", "--clear", "--without-pip", str(made)])
        wheel = recipe.build(include(python), Target(os.uname().machine, "glibc"), made / "wheel")
        code = "import sysconfig as s; print(s.get_python_version(), s.get_path('purelib'))"
        minor, _, site = output([str(inside), "-c", code]).strip().partition(" ")
        # Our own pip: Debian 12's doesn't run on Python 3.12 or newer.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", site]
        pip += ["--python-version", minor, "--only-binary=:all:"]
        output([*pip, gunicorn])
        output([*pip, "--no-deps", "--no-index", str(wheel)])
        (made / "complete").touch()
    return inside


def folder_for(kind: str, python: str, *parts: str) -> Path:
    """A folder in the cache for what is made with a Python of our sources and ``parts``."""
    key = "".join([recipe.recipe_digest(), *parts, output([python, "-VV"])])
    return recipe.cache_folder() / kind / hashlib.sha256(key.encode()).hexdigest()


def output(command: list[str]) -> str:
    """What a program prints; CalledProcessError where it fails."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
