"""Signs of a Flask project other than its code: its requirements, the retired image's layout."""

import re

from buildpack.app_finder.files import AppFiles, Refused
from buildpack.app_finder.shown import shown

_FLASK = re.compile(rb"(?i)(?<![a-z0-9])flask(?![a-z0-9])")
_REQUIREMENTS = ("requirements.txt", "app/requirements.txt", "pyproject.toml", "Pipfile")
_LAYOUT = ("prestart.sh", "app/prestart.sh", "gunicorn_conf.py", "app/gunicorn_conf.py")
_MOST_SHOWN = 12


def mentions_flask(files: AppFiles, path: str) -> bool:
    """Whether a file has the word flask, as code that imports it does."""
    data = files.read(path)
    return not isinstance(data, Refused) and bool(_FLASK.search(data))


def names_app(files: AppFiles, path: str) -> bool:
    """Whether a file can name an app at all: reading the others is spared."""
    data = files.read(path)
    words = (b"app", b"lask", b"server", b"import *")
    return not isinstance(data, Refused) and any(word in data for word in words)


def requires_flask(files: AppFiles) -> bool:
    """Whether the project's requirements name Flask."""
    return any(mentions_flask(files, path) for path in _REQUIREMENTS)


def requires(files: AppFiles, name: str) -> bool:
    """Whether the requirements ask for a distribution of this name, at a line's begin or quoted."""
    spelling = re.escape(name).replace("_", "[-_.]").encode()
    wanted = re.compile(rb"(?im)(?:^\s*|[\"'])" + spelling + rb"(?![\w-])")
    for path in _REQUIREMENTS:
        data = files.read(path)
        if not isinstance(data, Refused) and wanted.search(data):
            return True
    return False


def layout(files: AppFiles) -> str | None:
    """The file that tells the retired image's layout, if it stands beside Python code."""
    if not any(_is_code(name) for folder in ("", "app") for name in files.names(folder)):
        return None
    return next((path for path in _LAYOUT if files.is_file(path)), None)


def what_is_there(files: AppFiles) -> tuple[str, ...]:
    """The names at the top of the app dir, folders with a slash, some of them if many."""
    names = [n for n in files.names("") if not n.startswith(".")]
    names.sort(key=lambda name: not name.endswith(".py"))
    lines = [shown(name) + ("/" if files.is_folder(name) else "") for name in names]
    left = len(lines) - _MOST_SHOWN
    return (*lines[:_MOST_SHOWN], *((f"and {left} more",) if left > 0 else ()))


def _is_code(name: str) -> bool:
    return name.endswith(".py") and name != "gunicorn_conf.py"
