"""TOML documents: read with tomllib, written with toml and read back.

toml 0.10.2 mangles some strings when it writes (control characters, DEL, a backslash
before x). What we write holds digests, counts and checked names; should anything else
get in, the read-back below fails the build instead of a later one.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from buildpack.errors.platform import UnreadableInput, UnwritableDocument

Document = Mapping[str, Any]


def read(path: Path) -> dict[str, Any]:
    """The document at ``path``; empty where there is no such file.

    Raises UnreadableInput where the file can't be read or isn't TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnreadableInput(path, str(error)) from error


def write(path: Path, document: Document) -> None:
    """Write ``document``, sure that it reads back as it was.

    Raises UnwritableDocument for a string that the writer can't express.
    """
    import toml  # vendored, so not there where nothing is written: bin/explain in a checkout

    try:
        text = toml.dumps(document)
        faithful = tomllib.loads(text) == document
    except (IndexError, ValueError) as error:
        raise UnwritableDocument(path, str(error)) from error
    if not faithful:
        raise UnwritableDocument(path, "it reads back differently")
    path.write_text(text, encoding="utf-8")
