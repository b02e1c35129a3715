"""What a project's files ask for, read and tried on a few versions."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from buildpack.errors import FlaskpackError
from buildpack.python_version import Version, Wish, check_together, meets, read_wishes

FEW = tuple(
    Version(text)
    for text in (
        *("2.7.18", "3.8.20", "3.9.25", "3.10.22", "3.11.0", "3.11.2", "3.11.18"),
        *("3.12.0", "3.12.4", "3.12.16", "3.13.0", "3.13.5", "3.14.2", "3.15.0rc1", "4.0.0"),
    )
)
V39_UP = "3.9.25 3.10.22 3.11.0 3.11.2 3.11.18 3.12.0 3.12.4 3.12.16 3.13.0 3.13.5 3.14.2"
ALL = f"2.7.18 3.8.20 {V39_UP} 4.0.0"


def read(folder: Path, files: Mapping[str, str | bytes], setting: str = "") -> tuple[Wish, ...]:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return read_wishes(folder, {"BP_PYTHON_VERSION": setting})


def allowed(wishes: tuple[Wish, ...]) -> str:
    return " ".join(version.text for version in FEW if meets(version, wishes))


def refusal(folder: Path, files: Mapping[str, str | bytes], setting: str = "") -> str:
    with pytest.raises(FlaskpackError) as caught:
        check_together(read(folder, files, setting), ("3.13",))
    return caught.value.explanation.render()
