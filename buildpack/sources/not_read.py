"""Files that say what an app depends on, which nobody here reads: what to write instead."""

from collections.abc import Iterator
from pathlib import Path

from buildpack.sources.choose import PROJECT
from buildpack.sources.read import Source

PDM = "pdm.lock"
PDM_REMEDY = "pdm export --prod -o requirements.txt writes what is locked into a file that is"
ALONE = {
    "requirements.in": "uv pip compile requirements.in -o requirements.txt makes a list that is",
    "setup.py": "write the line -e . into requirements.txt",
    "environment.yml": "conda's packages can't be had; write those of pip into requirements.txt",
    "environment.yaml": "conda's packages can't be had; write those of pip into requirements.txt",
}
"""What is told only of an app that has nothing else: beside a list such a file is another use."""


def not_read(app_dir: Path, source: Source | None) -> tuple[str, ...]:
    """What to warn about; ``source`` is what was read, None where there was nothing."""
    return tuple(_not_read(app_dir, source))


def _not_read(app_dir: Path, source: Source | None) -> Iterator[str]:
    unlocked = source is None or source.requirements.files[0].path == PROJECT
    remedies = {PDM: PDM_REMEDY} if unlocked else {}
    for name, remedy in {**remedies, **({} if source else ALONE)}.items():
        if (app_dir / name).is_file():
            yield f"{name} isn't read: {remedy}"
