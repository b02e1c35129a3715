"""Files that a project's metadata is read from, besides those with usual names (setuptools).

``[tool.setuptools.dynamic]`` of pyproject.toml and ``file:`` in setup.cfg name them:
https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_FILE = "file:"


def metadata_files(project: Path) -> frozenset[str]:
    """Paths relative to the project's folder; none where its files can't be understood."""
    return frozenset((*_of_pyproject(project), *_of_setup_cfg(project)))


def _of_pyproject(project: Path) -> Iterator[str]:
    text = _text(project / "pyproject.toml")
    if "dynamic" not in text:
        return
    import tomllib  # here and below: most projects have nothing of the kind

    try:
        value: Any = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    for key in ("tool", "setuptools", "dynamic"):
        value = value.get(key) if isinstance(value, dict) else None
    dynamic = value if isinstance(value, dict) else {}
    optional = dynamic.get("optional-dependencies")
    groups = optional.values() if isinstance(optional, dict) else ()
    for told in (dynamic.get("version"), dynamic.get("dependencies"), *groups):
        files = told.get("file") if isinstance(told, dict) else None
        yield from _texts(files if isinstance(files, list) else [files])


def _of_setup_cfg(project: Path) -> Iterator[str]:
    text = _text(project / "setup.cfg")
    if _FILE not in text:
        return
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    values = [parser.get("metadata", "version", fallback="")]
    values += [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        values += [value for _, value in parser.items("options.extras_require")]
    for value in values:
        if value.strip().startswith(_FILE):
            yield from (name.strip() for name in value.strip().removeprefix(_FILE).split(","))


def _texts(values: Iterable[object]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
