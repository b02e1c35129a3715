"""Every place where a project may name its Python, read in a fixed order."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from buildpack.errors.python_version import BadPythonVersion
from buildpack.python_places import (
    PIPFILE,
    PIPFILE_LOCK,
    PROJECT,
    PYLOCKS,
    RUNTIME,
    SETTING,
    UV_LOCK,
    VERSION_FILE,
)
from buildpack.python_version.documents import (
    Document,
    read_head,
    read_json,
    read_text,
    read_toml,
)
from buildpack.python_version.lifetimes import DEFAULT
from buildpack.python_version.model import Asked, Form, Wish
from buildpack.python_version.names import (
    UnclearVersionError,
    read_name,
    read_poetry,
    read_specifier,
)

_RUNTIME = re.compile(r"(?:python-)?(?P<version>\S+)")

Reader = Callable[[str], Asked]


def read_wishes(app_dir: Path, platform_env: Mapping[str, str]) -> tuple[Wish, ...]:
    """What the project and the user ask for; () where nothing does. Raises FlaskpackError."""
    return (
        *_setting(platform_env),
        *_version_file(app_dir),
        *_runtime(app_dir),
        *_pyproject(app_dir),
        *_pipfile(app_dir),
        *_locks(app_dir),
    )


def _setting(platform_env: Mapping[str, str]) -> Iterator[Wish]:
    value = platform_env.get(SETTING, "").strip()
    if value:
        yield _wish(Form.SETTING, SETTING, value, value, read_name)


def _version_file(app_dir: Path) -> Iterator[Wish]:
    """pyenv's and uv's file: several versions may stand in it, the first CPython counts."""
    origins: list[tuple[str, str]] = []
    for number, line in _lines(app_dir, VERSION_FILE):
        # A specifier may hold blanks; names are separated by them.
        words = [line] if re.search(r"[<>=!~]", line) else line.split()
        origins += [(f"{VERSION_FILE}:{number}", word) for word in words]
    problems = []
    for origin, word in origins:
        try:
            yield Wish(Form.VERSION_FILE, origin, word, read_name(word))
        except UnclearVersionError as error:
            problems.append(_bad(Form.VERSION_FILE, origin, word, str(error)))
        else:
            return
    if problems:
        raise problems[0]


def _runtime(app_dir: Path) -> Iterator[Wish]:
    lines = list(_lines(app_dir, RUNTIME))
    if not lines:
        return
    number, line = lines[0]
    origin = f"{RUNTIME}:{number}"
    if len(lines) > 1:
        raise _bad(Form.RUNTIME, origin, line, "is not the only line")
    yield _wish(Form.RUNTIME, origin, line, line, _runtime_version)


def _runtime_version(text: str) -> Asked:
    found = _RUNTIME.fullmatch(text)
    if not found:
        raise UnclearVersionError("is not a version of Python")
    return read_name(found["version"])


def _pyproject(app_dir: Path) -> Iterator[Wish]:
    document = read_toml(app_dir, PROJECT)
    if document:
        yield from _value(document, Form.PROJECT, _requires_python, "project", "requires-python")
        poetry = ("tool", "poetry", "dependencies", "python")
        nested = isinstance(document.get(*poetry), dict)
        path = (*poetry, "version") if nested else poetry
        yield from _value(document, Form.POETRY, read_poetry, *path)


def _pipfile(app_dir: Path) -> Iterator[Wish]:
    document = read_toml(app_dir, PIPFILE)
    if document:
        for key in ("python_version", "python_full_version"):
            yield from _value(document, Form.PIPFILE, _pipenv, "requires", key)


def _locks(app_dir: Path) -> Iterator[Wish]:
    pipenv = read_json(app_dir, PIPFILE_LOCK)
    if pipenv:
        for key in ("python_version", "python_full_version"):
            path = ("_meta", "requires", key)
            yield from _value(pipenv, Form.PIPFILE_LOCK, _pipenv, *path)
    pylocks = (name for name in PYLOCKS if os.path.lexists(app_dir / name))
    for name, form in ((UV_LOCK, Form.UV_LOCK), (next(pylocks, ""), Form.PYLOCK)):
        document = read_head(app_dir, name) if name else None
        if document:
            yield from _value(document, form, _requires_python, "requires-python")


def _requires_python(text: str) -> Asked:
    """A specifier; a bare "3.12", which the standard doesn't allow, is clear enough."""
    return read_specifier(text) if re.match(r"[<>=!~]", text) else read_name(text)


def _pipenv(text: str) -> Asked:
    return Asked(("",)) if text == "*" else read_name(text)


def _value(document: Document, form: Form, read: Reader, *path: str) -> Iterator[Wish]:
    value = document.get(*path)
    if value is None or value == "":
        return
    origin, line = document.place(path[-1], *path[:-1])
    if not isinstance(value, str):
        raise _bad(form, origin, line, "is not a string: put quotes around it")
    if value.strip():
        yield _wish(form, origin, line, value.strip(), read)


def _wish(form: Form, origin: str, text: str, value: str, read: Reader) -> Wish:
    try:
        return Wish(form, origin, text, read(value))
    except UnclearVersionError as error:
        raise _bad(form, origin, text, str(error)) from error


def _bad(form: Form, origin: str, text: str, problem: str) -> BadPythonVersion:
    return BadPythonVersion(f"{origin}: {text}", problem, form.written(DEFAULT))


def _lines(app_dir: Path, name: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, without comments; numbered from 1."""
    for number, line in enumerate((read_text(app_dir, name) or "").splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if said:
            yield number, said
