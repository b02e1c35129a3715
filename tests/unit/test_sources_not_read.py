"""Files of other tools: told of where nothing else says the same."""

from pathlib import Path

import pytest
from support.lock_files import PROJECT, UV, read

from buildpack.sources import not_read

PDM = (
    "pdm.lock isn't read: pdm export --prod -o requirements.txt writes what is locked into a file"
    " that is"
)
SETUP = "setup.py isn't read: write the line -e . into requirements.txt"
LIST = (
    "requirements.in isn't read: uv pip compile requirements.in -o requirements.txt makes a list"
    " that is"
)
CONDA = (
    "environment.yml isn't read: conda's packages can't be had; write those of pip into"
    " requirements.txt"
)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, ()),
        ({"pdm.lock": "", "pyproject.toml": PROJECT}, (PDM,)),
        ({"pdm.lock": "", "requirements.txt": "six==1.17.0"}, ()),
        ({"pdm.lock": "", "uv.lock": UV, "pyproject.toml": PROJECT}, ()),
        ({"setup.py": "", "pyproject.toml": "[tool.black]"}, (SETUP,)),
        ({"setup.py": "", "pyproject.toml": PROJECT}, ()),
        ({"requirements.in": "six", "environment.yml": "", "setup.py/x": ""}, (LIST, CONDA)),
    ],
)
def test_what_is_not_read(tmp_path: Path, files: dict[str, str], told: tuple[str, ...]) -> None:
    assert not_read(tmp_path, read(tmp_path, files)) == told
