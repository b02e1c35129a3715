"""Real locks come to the same packages as their own tools' exports (locks/make.py)."""

import tomllib
from pathlib import Path, PurePosixPath

import pytest

from buildpack.errors.sources import MalformedError
from buildpack.requirements import Target
from buildpack.requirements.model import Entry
from buildpack.sources import read_source
from buildpack.sources.document import read_uv_toml, seen

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


FILE = '{ url = "https://h/a.whl", hash = "sha256:00", size = 5, upload-time = "2026" }'
BROKEN = {
    "beside a file": f"wheels = [{FILE}, x]\n",
    "in a file": f"wheels = [\n    {FILE.replace('5', 'x')},\n]\n",
    "in a file's address": f"wheels = [\n    {FILE.replace('/a', chr(1))},\n]\n",
    "after a file": f"wheels = [\n    {FILE},\n]\nx\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_where_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "uv.lock").write_text(text)
    with pytest.raises(tomllib.TOMLDecodeError) as plain:
        tomllib.loads(text)
    with pytest.raises(MalformedError) as told:
        read_uv_toml(tmp_path, PurePosixPath("uv.lock"))
    assert told.value.explanation.found == (seen(str(plain.value)),)


def test_of_files_only_the_hashes_are_read(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(f'wheels = [{FILE}]\nsdist = {FILE}\n[source]\nurl = "x"\n')
    read = read_uv_toml(tmp_path, PurePosixPath("uv.lock"))
    hashed = {"hash": "sha256:00"}
    assert read.root.values == {"wheels": [hashed], "sdist": hashed, "source": {"url": "x"}}
