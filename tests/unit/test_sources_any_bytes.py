"""Any bytes as a lock or project file: an answer or one of our errors, soon, never a traceback."""

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lock_files import ALL, PROJECT

from buildpack.errors import FlaskpackError
from buildpack.requirements import Target, fingerprint, without_engine
from buildpack.sources import read_source

SECONDS = 2.0
BYTES = 200_000_000
PIPFILE = """\
[[source]]
url = "https://u:p@index.example/simple"
name = "own"
[packages]
six = "==1.17.0"
tool = { git = "https://host.example/tool.git", ref = "main", editable = true }
idna = { version = "*", markers = "python_version < '4'", extras = ["all"] }
"""
POETRY = """\
[tool.poetry]
name = "own"
[tool.poetry.dependencies]
python = "^3.9"
six = "^1.17"
idna = [{ version = "~3", python = "<3.9" }, { version = "3.*", optional = true }]
tool = { git = "https://host.example/tool.git", tag = "v1" }
[tool.poetry.extras]
more = ["idna"]
"""
OTHERS = {"Pipfile": PIPFILE, "poetry": POETRY}
FILES = {**{name: text for name, text in ALL.items() if "requirements" not in name}, **OTHERS}
VALUES = (
    *("3", "true", '""', "[]", "{}", '"x"', '["x"]', "[1]", "[[]]", "[{}]", '{ x = "y" }'),
    *('"${A}"', '"a b"', '"a\\nb"', '"\\u0000"', '"../x"', '"https://["', "9" * 30, "1e400"),
    *('"' + "9" * 300 + '"', '"sha256:zz"', "1979-05-27", "nan", '"(((((("', '"==1.*"', '"^"'),
)


def check(folder: Path, name: str, data: bytes) -> None:
    for old in folder.iterdir():
        old.unlink()
    place = "pyproject.toml" if name == "poetry" else name
    if name in ("uv.lock", "poetry.lock"):
        (folder / "pyproject.toml").write_text(PROJECT)
    (folder / place).write_bytes(data)
    started = time.process_time()
    try:
        settings_of_a_build = {"A": "a", "BP_EXTRAS": "more"} if name == "poetry" else {"A": "a"}
        source = read_source(folder, settings_of_a_build, Target("3.13.5"))
        if source:
            fingerprint(source.requirements)
            given_to_uv = without_engine(source.requirements)
            lines = given_to_uv.requirements.splitlines()
            assert len(lines) == 2 * len(given_to_uv.requirements_origins)
    except FlaskpackError as error:
        error.explanation.render()
    assert time.process_time() - started < SECONDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app")


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes(folder: Path, name: str, data: bytes) -> None:
    check(folder, name, data)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_files_with_pieces_exchanged(folder: Path, name: str, data: st.DataObject) -> None:
    lines = FILES[name].splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[at].partition("=")
        if equals and data.draw(st.booleans()):
            lines[at] = f"{key}= {data.draw(st.sampled_from(VALUES))}"
        elif data.draw(st.booleans()):
            lines[at] = lines[data.draw(st.integers(0, len(lines) - 1))]
        else:
            text = lines[at]
            start = data.draw(st.integers(0, len(text)))
            end = data.draw(st.integers(start, len(text)))
            lines[at] = text[:start] + data.draw(st.sampled_from(VALUES)) + text[end:]
    check(folder, name, "\n".join(lines).encode())


HUGE = {
    "brackets": b"x = " + b"[" * 100_000,
    "braces": b"{" * 100_000,
    "dots": b"a." * 5_000 + b"a = 1",
    "a long text": b'x = "' + b"a" * 1_000_000 + b'"',
    "many tables": b"[[package]]\n" * 50_000,
    "a long number": b"x = " + b"9" * 100_000,
    "a marker": b'lock-version = "1.0"\n[[packages]]\nname = "six"\nmarker = "'
    + b"(" * 100_000
    + b'"',
    "a version": b'lock-version = "1.0"\n[[packages]]\nname = "six"\nversion = "'
    + b"1." * 50_000
    + b'"\nsdist = { hashes = { sha256 = "00" } }',
}


@pytest.mark.parametrize("data", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("name", FILES)
def test_nothing_takes_long(folder: Path, name: str, data: bytes) -> None:
    check(folder, name, data)


@pytest.mark.parametrize("name", FILES)
def test_nothing_takes_much_memory(folder: Path, name: str) -> None:
    tracemalloc.start()
    check_memory = b"[[package]]\nname = 'x'\n" * 10_000
    (folder / ("pyproject.toml" if name == "poetry" else name)).write_bytes(check_memory)
    try:
        with pytest.raises(FlaskpackError):
            read_source(folder, {}, Target("3.13.5"))
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()
