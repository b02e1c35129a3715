"""A git that is missing is told before anything is installed."""

from pathlib import Path

import pytest
from support.lock_files import PROJECT, UV, read

from buildpack.errors.install_network import GitMissingError
from buildpack.repositories import check_git
from buildpack.requirements import InstallerInput, Target, without_engine

TARGET = Target("3.13.5")


def given(folder: Path, requirements: str) -> InstallerInput:
    source = read(folder, {"requirements.txt": requirements})
    assert source is not None
    return without_engine(source.requirements)


def test_every_line_that_needs_git_is_named(tmp_path: Path) -> None:
    lines = (
        "six\n"
        "tool @ git+https://me:hunter2@host.example/tool@v1\n"
        "other @ git+https://host.example/other ; python_version < '3'\n"
        "-e git+ssh://git@host.example/third.git#egg=third\n"
    )
    with pytest.raises(GitMissingError) as raised:
        check_git(given(tmp_path, lines), TARGET, str(tmp_path))
    assert raised.value.explanation.found == (
        "requirements.txt:2: tool @ git+https://****@host.example/tool@v1",
        "requirements.txt:4: -e git+ssh://git@host.example/third.git#egg=third",
    )


def test_a_lock_names_its_line(tmp_path: Path) -> None:
    place = 'source = { registry = "https://index.example/simple" }'
    lock = UV.replace(place, 'source = { git = "https://host.example/six#0a1b" }')
    source = read(tmp_path, {"uv.lock": lock, "pyproject.toml": PROJECT})
    assert source is not None
    with pytest.raises(GitMissingError) as raised:
        check_git(without_engine(source.requirements), TARGET, str(tmp_path))
    found = ("uv.lock:14: six @ git+https://host.example/six@0a1b",)
    assert raised.value.explanation.found == found


def test_with_git_or_without_need_all_is_well(tmp_path: Path) -> None:
    check_git(given(tmp_path, "six\n"), TARGET, str(tmp_path))
    program = tmp_path / "git"
    program.touch(mode=0o755)
    check_git(given(tmp_path, "tool @ git+https://host.example/t\n"), TARGET, str(tmp_path))
