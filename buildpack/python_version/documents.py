"""The project's files that name a Python: read, and where in them something stands."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buildpack.errors.python_version import UnreadableVersionFile
from buildpack.requirements.text import NotTextError, decode

LARGEST = 1_000_000
"""Bytes; a larger file names no Python, and parsing it would cost seconds."""

LARGEST_LOCK = 50_000_000

_AT_LINE = re.compile(r"\(at line (\d+)")
_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")


@dataclass(frozen=True)
class Document:
    """A file's text, and what it means as TOML or JSON."""

    name: str
    text: str
    content: Mapping[str, Any]

    def get(self, *path: str) -> object:
        """The value below these keys, None where there is none."""
        value: object = self.content
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def place(self, key: str, *table: str) -> tuple[str, str]:
        """Where the key of a table stands, "pyproject.toml:5", and the line; both as good as can
        be: of an unusual spelling only the file and the key.
        """
        assignment = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=:]")
        current = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := _TABLE.match(line):
                current = re.sub(r"[\s\"']", "", header[1])
            elif assignment.match(line) and current in (".".join(table), ""):
                return f"{self.name}:{number}", line.strip().rstrip(",")
        return self.name, key


def read_text(app_dir: Path, name: str, largest: int = LARGEST) -> str | None:
    """A file's text, None where there is no such file. Raises UnreadableVersionFile."""
    path = app_dir / name
    try:
        if not path.is_file():
            return None
        size = path.stat().st_size
        if size > largest:
            raise UnreadableVersionFile(name, f"it has {size} bytes")
        text = decode(path.read_bytes())
    except NotTextError as error:
        raise UnreadableVersionFile(f"{name}:{error.line}", f"it {error}") from error
    except OSError as error:
        raise UnreadableVersionFile(name, error.strerror or str(error)) from error
    before, null, _ = text.partition("\0")
    if null:
        number = len(before.splitlines()) or 1
        raise UnreadableVersionFile(f"{name}:{number}", "it holds a null byte")
    return text


def read_toml(app_dir: Path, name: str) -> Document | None:
    """A TOML file, None where there is none. Raises UnreadableVersionFile."""
    text = read_text(app_dir, name)
    return None if text is None else _parsed(name, text)


def read_head(app_dir: Path, name: str) -> Document | None:
    """A TOML file up to its first table: lock files are long, and tomllib is slow."""
    text = read_text(app_dir, name, LARGEST_LOCK)
    if text is None:
        return None
    return _parsed(name, re.split(r"^\s*\[", text, maxsplit=1, flags=re.MULTILINE)[0])


def read_json(app_dir: Path, name: str) -> Document | None:
    """A JSON file, None where there is none. Raises UnreadableVersionFile."""
    text = read_text(app_dir, name, LARGEST_LOCK)
    if text is None:
        return None
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableVersionFile(f"{name}:{error.lineno}", f"{error.msg}") from error
    except RecursionError as error:
        raise UnreadableVersionFile(name, "it is nested too deeply") from error
    return Document(name, text, content if isinstance(content, dict) else {})


def _parsed(name: str, text: str) -> Document:
    try:
        return Document(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        line = _AT_LINE.search(words)
        number = line[1] if line else len(text.splitlines())
        raise UnreadableVersionFile(f"{name}:{number}", words) from error
    except RecursionError as error:
        raise UnreadableVersionFile(name, "it is nested too deeply") from error
