"""Small projects for the app finder's tests: a dict of path to text or bytes, made real."""

import os
from collections.abc import Mapping
from pathlib import Path

from buildpack.app_finder import Answer, Found, Said, UserWord, find_app
from buildpack.errors import FlaskpackError

PYTHON = (3, 13)
Files = Mapping[str, str | bytes]

FLASK = "from flask import Flask\n"
APP = FLASK + "app = Flask(__name__)\n"
FACTORY = FLASK + "def create_app():\n    return Flask(__name__)\n"
WSGI = "def app(environ, start_response):\n    return []\n"


def make(folder: Path, files: Files) -> Path:
    """Write the files below a folder; a path that ends in "/" is an empty folder."""
    for path, content in files.items():
        full = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(path))))  # noqa: PTH118 (bytes)
        if path.endswith("/"):
            full.mkdir(parents=True, exist_ok=True)
            continue
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def word(text: str = "") -> UserWord:
    """The user's word: "MODULE_NAME=main&VARIABLE_NAME=app"."""
    given = dict(part.split("=", 1) for part in text.split("&")) if text else {}

    def said(name: str) -> Said | None:
        return Said(given[name], "pack build --env") if name in given else None

    return UserWord(
        said("APP_MODULE"),
        said("MODULE_NAME"),
        said("VARIABLE_NAME"),
        given.get("BP_FLASK") == "true",
    )


def answer(folder: Path, files: Files, said: str = "") -> Answer:
    return find_app(make(folder, files), word(said), PYTHON, PYTHON)


def found(folder: Path, files: Files, said: str = "") -> Found:
    result = answer(folder, files, said)
    assert isinstance(result, Found), result
    return result


def refused(folder: Path, files: Files, said: str = "") -> str:
    """The whole text of the error that the project meets."""
    try:
        result = answer(folder, files, said)
    except FlaskpackError as error:
        return error.explanation.render()
    raise AssertionError(f"no error, but {result}")
