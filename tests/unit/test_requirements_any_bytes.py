"""Any bytes as requirements.txt: an answer or one of our errors, soon, and never a traceback."""

import time
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.soak import examples

from buildpack.errors.requirements import RequirementsError
from buildpack.requirements import (
    InstallerInput,
    Target,
    check_gunicorn,
    directly_required,
    fingerprint,
    read_requirements,
    without_engine,
)

SECONDS = 2.0  # of our own: the machine may have other things to do
PARTS = st.sampled_from(
    (
        *("flask", "Flask-X", "meinheld", "greenlet", "gunicorn", "six", "a.b_c"),
        *("==", ">=", "<", "~=", "===", "!=", "=", "1", "1.0", "0.5", "*", ".*", "9" * 5000),
        *("[", "]", "(", ")", ",", ";", "@", "#", "'", '"', "\\", "\\\n", "\n", "\r", " ", "\t"),
        *("-r ", "-c ", "-e ", "-i ", "-f ", "--hash=", "--no-binary ", "--pre", "--", "-"),
        *("requirements.txt", "other.txt", "folder", "./", "../", "/", "//", ".", "~", "file:"),
        *("https://", "git+https://", "git@h:", "u:p@", "h.example", ":80", "#egg=", "?token=x"),
        *("${A}", "${B}", "${", "python_version", " in ", " and ", " or ", "'3'", "<<<<<<< "),
        *("sha256:", "ab", "\0", "\x1b", "\u2028", "\u202e", "é", "٣", "²", "\ufeff"),
    )
)
SEEDS = (
    b"",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x00\x00\xfe\xff\x00",
    b"#coding:utf-16\n",
    b"# coding: undefined\n",
    b"flask==" + b"9" * 5000,
    b"===" * 100,
    b"a===" + b"9" * 5000,
    b"greenlet===" + b"9" * 5000,
    b"x @ http://[",
    b"http://[::1/x",
    b"file://\\",
    b"-r \x7f",
    b"-r " + b"../" * 1000,
    b"-e " + b"[" * 1000,
    "flask==٣".encode(),
    b"gunicorn==20.1.0;" + b"(" * 3000,
    b"-r requirements.txt\n" * 50,
)


def judge(folder: Path, data: bytes) -> InstallerInput | None:
    """All that a build asks of the file; None where it can't be followed."""
    (folder / "requirements.txt").write_bytes(data)
    try:
        requirements = read_requirements(
            folder, PurePosixPath("requirements.txt"), {"A": "a", "B": "${A}"}
        )
        fingerprint(requirements)
        directly_required(requirements, Target("3.13.5"))
        check_gunicorn(requirements, Target("3.13.5"))
    except RequirementsError as error:
        error.explanation.render()
        return None
    return without_engine(requirements)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("app")
    (folder / "other.txt").write_text("idna\n-r requirements.txt\n")
    (folder / "folder").mkdir()
    (folder / "folder" / "pyproject.toml").write_text("")
    return folder


def check(folder: Path, data: bytes) -> None:
    started = time.process_time()
    given = judge(folder, data)
    assert time.process_time() - started < SECONDS
    if given:
        written = given.requirements.splitlines() + given.constraints.splitlines()
        assert len(written) == 2 * (
            len(given.requirements_origins) + len(given.constraints_origins)
        )
        assert "meinheld==" not in [line for line in written if not line.startswith("#")]


@settings(max_examples=examples(300), deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes(folder: Path, data: bytes) -> None:
    check(folder, data)


@settings(max_examples=examples(600), deadline=None)
@given(parts=st.lists(PARTS, max_size=25))
@example(parts=["flask", "==", "${B}"])
def test_anything_that_looks_like_requirements(folder: Path, parts: list[str]) -> None:
    check(folder, "".join(parts).encode())


@pytest.mark.parametrize("data", SEEDS, ids=[repr(seed[:30]) for seed in SEEDS])
def test_seeds(folder: Path, data: bytes) -> None:
    check(folder, data)


LONG = 49_000  # characters of a line
SLOW = (
    b" ",
    b"#",
    b"a#",
    b"-",
    b" -",
    b"a,",
    b"==1,",
    b"a[",
    b"ab://",
    b"ab://x:y",
    b"ab://x@",
    b"#egg=",
    b"&egg=a",
    b"'x' ",
    b"${A}",
    b"a;",
    b";a",
    b"(",
    b"--hash=sha256:ab ",
    b" --hash",
    b"a.",
    b"../",
    b"a/",
    b"\\",
    b"?token=",
)


@pytest.mark.parametrize("part", SLOW, ids=repr)
def test_no_line_takes_long(folder: Path, part: bytes) -> None:
    for start in (b"", b"-e ", b"--pre ", b"flask ", b"flask ; ", b"x @ ", b"https://"):
        check(folder, start + part * (LONG // len(part)) + b"@x")
