"""Real locks come to the same packages as their own tools' exports (locks/make.py)."""

from pathlib import Path

import pytest

from buildpack.requirements import Target
from buildpack.requirements.model import Entry
from buildpack.sources import read_source

LOCKS = Path(__file__).parent / "locks"


def shown(entry: Entry) -> str:
    """An entry as locks/make.py writes one down."""
    if entry.local:
        return f"{'-e ' if entry.editable else ''}./{entry.local.path}"
    return f"{entry.name}{entry.specifier} {len(entry.hashes)}"


@pytest.mark.parametrize(
    "file",
    sorted(LOCKS.glob("*/expected/*.txt")),
    ids=lambda file: f"{file.parent.parent.name}-{file.stem}",
)
def test_the_same_as_the_tools_own_export(file: Path) -> None:
    lines = file.read_text().splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines[:5])
    settings = {"BP_EXTRAS": head["extras"], "BP_GROUPS": head["groups"]}
    target = Target(head["python"], head["machine"])
    source = read_source(file.parent.parent, settings, target)
    assert source is not None
    assert sorted(map(shown, source.requirements.entries)) == lines[5:]
    assert source.requirements.arguments == ("--no-deps",)
