"""Small locks and project files, each of which asks for six 1.17.0, and their reading."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from buildpack.errors import FlaskpackError
from buildpack.requirements import Target
from buildpack.sources import Source, read_source

TARGET = Target("3.13.5")
PROJECT = '[project]\nname = "own"\nversion = "1"\ndependencies = ["six==1.17.0"]\n'
UV = """\
version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "own"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "six" }]

[package.metadata]
requires-dist = [{ name = "six", specifier = "==1.17.0" }]

[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://files.example/six-1.17.0.tar.gz", hash = "sha256:ff70", size = 1 }
"""
PYLOCK = """\
lock-version = "1.0"
[[packages]]
name = "six"
version = "1.17.0"
sdist = { name = "six-1.17.0.tar.gz", url = "https://files.example/six-1.17.0.tar.gz", \
hashes = { sha256 = "ff70" } }
"""
DIGEST = hashlib.sha256(
    json.dumps(
        {"project": {"dependencies": ["six==1.17.0"]}, "tool": {"poetry": {}}}, sort_keys=True
    ).encode()
).hexdigest()
POETRY = f"""\
[[package]]
name = "six"
version = "1.17.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{{ file = "six-1.17.0.tar.gz", hash = "sha256:ff70" }}]

[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
content-hash = "{DIGEST}"
"""
PIPENV = json.dumps(
    {
        "_meta": {"pipfile-spec": 6, "hash": {"sha256": "0"}, "sources": []},
        "default": {"six": {"version": "==1.17.0", "hashes": ["sha256:ff70"]}},
    }
)
LIST = "six==1.17.0\n"
ALL = {
    "uv.lock": UV,
    "pylock.toml": PYLOCK,
    "poetry.lock": POETRY,
    "Pipfile.lock": PIPENV,
    "requirements.txt": LIST,
    "app/requirements.txt": LIST,
    "pyproject.toml": PROJECT,
}


def read(
    folder: Path, files: Mapping[str, str], settings: Mapping[str, str] | None = None
) -> Source | None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return read_source(folder, settings or {}, TARGET)


def error(folder: Path, files: Mapping[str, str], settings: Mapping[str, str] | None = None) -> str:
    with pytest.raises(FlaskpackError) as raised:
        read(folder, files, settings)
    return raised.value.explanation.render()


def told(folder: Path, files: Mapping[str, str]) -> list[str]:
    source = read(folder, files)
    assert source is not None
    assert [entry.text for entry in source.requirements.entries] == ["six==1.17.0"]
    return list(source.told)
