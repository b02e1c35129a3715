"""Which Pythons of other versions are found on a machine."""

from pathlib import Path

import pytest

from scripts.toolchain import pythons


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "headers").mkdir()
    (tmp_path / "headers" / "Python.h").touch()
    program(tmp_path / "tools" / "uv", "exit 2")
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def find(machine: Path) -> pythons.Python | None:
    environ = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    return pythons.find(12, machine / "tools", environ)


def test_nothing_is_found_on_a_bare_machine(machine: Path) -> None:
    assert find(machine) is None


def test_the_one_on_path_comes_first(machine: Path) -> None:
    here = program(machine / "bin/python3.12", f"echo cpython3.12 {machine}/headers")
    program(machine / ".pyenv/versions/3.12.1/bin/python3.12", "exit 1")
    assert find(machine) == pythons.Python(here, machine / "headers")


def test_one_of_uv_is_found(machine: Path) -> None:
    here = program(machine / "uv/python3.12", f"echo cpython3.12 {machine}/headers")
    program(
        machine / "tools" / "uv",
        'test "$*" = "python find --no-config --no-project --managed-python '
        f'--no-python-downloads 3.12" && echo {here}',
    )
    assert find(machine) == pythons.Python(here, machine / "headers")


@pytest.mark.parametrize(
    "script",
    [
        "echo 'pyenv: python3.12: command not found'; exit 127",
        "echo cpython3.11 {headers}",
        "echo pypy3.12 {headers}",
        "echo cpython3.12 {headers}/none",
    ],
)
def test_what_does_not_serve_is_passed_over(machine: Path, script: str) -> None:
    program(machine / "bin/python3.12", script.format(headers=machine / "headers"))
    of_pyenv = program(
        machine / ".pyenv/versions/3.12.1/bin/python3.12",
        f"echo cpython3.12 {machine}/headers",
    )
    assert find(machine) == pythons.Python(of_pyenv, machine / "headers")
