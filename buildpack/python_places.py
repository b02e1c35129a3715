"""Where a project may name its Python: whether there is anything to read at all.

Apart from what reads it (buildpack.python_version), so that most detections don't load that: 16 ms.
"""

from collections.abc import Mapping
from os.path import lexists
from pathlib import Path

SETTING = "BP_PYTHON_VERSION"

VERSION_FILE = ".python-version"
RUNTIME = "runtime.txt"
PROJECT = "pyproject.toml"
PIPFILE = "Pipfile"
PIPFILE_LOCK = "Pipfile.lock"
UV_LOCK = "uv.lock"
PYLOCKS = ("pylock.toml", "pylock.prod.toml", "pylock.production.toml")
"""The first that is there counts, as for the dependencies (buildpack/sources/choose.py)."""

FILES = (VERSION_FILE, RUNTIME, PROJECT, PIPFILE, PIPFILE_LOCK, UV_LOCK, *PYLOCKS)


def may_name_python(app_dir: Path, platform_env: Mapping[str, str]) -> bool:
    """Whether the setting or one of the files is there."""
    return bool(platform_env.get(SETTING)) or any(lexists(app_dir / name) for name in FILES)
