"""TOML documents are written so that they read back, or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildpack.cnb import toml_file
from buildpack.errors.platform import UnreadableInput, UnwritableDocument

DOCUMENT = {
    "types": {"launch": True, "build": False, "cache": False},
    "metadata": {"key": [{"name": "requirements.txt", "digest": "0f"}], "count": 3},
}


def test_a_document_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "venv.toml"
    toml_file.write(path, DOCUMENT)
    assert toml_file.read(path) == DOCUMENT


def test_a_missing_file_is_an_empty_document(tmp_path: Path) -> None:
    assert toml_file.read(tmp_path / "store.toml") == {}


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_broken_file_is_our_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "venv.toml"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput) as caught:
        toml_file.read(path)
    assert str(path) in caught.value.explanation.render()


@pytest.mark.parametrize("value", ["\x00", "\x1b[0m", "\x7f", "a\\x41"])
def test_what_the_writer_mangles_is_refused(tmp_path: Path, value: str) -> None:
    path = tmp_path / "venv.toml"
    with pytest.raises(UnwritableDocument):
        toml_file.write(path, {"metadata": {"name": value}})
    assert not path.exists()


@given(st.text())
def test_any_text_reads_back_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("toml") / "venv.toml"
    try:
        toml_file.write(path, {"metadata": {"name": text}})
    except UnwritableDocument:
        return
    assert toml_file.read(path) == {"metadata": {"name": text}}
