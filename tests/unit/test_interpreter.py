"""The stack's Python: declared by the builder, never guessed."""

import platform
import sys
from pathlib import Path

import pytest

from buildpack.errors.interpreter import BadStackPython, StackPythonMissing
from buildpack.interpreter import Interpreter, declared_minor, describe, stack_python


def test_the_declared_version_is_taken_by_its_full_name(tmp_path: Path) -> None:
    (tmp_path / "python3.13").symlink_to(sys.executable)
    python = stack_python({"BP_STACK_PYTHON": "3.13"}, folder=tmp_path)
    assert python is not None
    assert python.path == tmp_path / "python3.13"
    assert python.version == platform.python_version()


@pytest.mark.parametrize("environment", [{}, {"BP_STACK_PYTHON": ""}, {"BP_STACK_PYTHON": " "}])
def test_a_builder_without_the_declaration_has_none(environment: dict[str, str]) -> None:
    assert stack_python(environment) is None


@pytest.mark.parametrize("value", ["3", "3.13.5", "python3", "4.0", "../3.13"])
def test_a_declaration_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(BadStackPython) as caught:
        stack_python({"BP_STACK_PYTHON": value})
    assert f"BP_STACK_PYTHON={value!r}" in caught.value.explanation.render()


def test_the_build_image_needs_it_too(tmp_path: Path) -> None:
    with pytest.raises(StackPythonMissing) as caught:
        stack_python({"BP_STACK_PYTHON": "3.13"}, folder=tmp_path)
    assert f"there is no {tmp_path}/python3.13" in caught.value.explanation.render()


def test_what_an_interpreter_says_of_itself() -> None:
    python = describe(Path(sys.executable))
    assert python.version == platform.python_version()
    libc = platform.libc_ver()
    assert (python.implementation, python.libc, python.libc_version) == ("cpython", *libc)


@pytest.mark.parametrize(
    ("said", "version", "libc"),
    [
        ("3.14.0a1+ cpython glibc 2.41", "3.14.0a1", ("glibc", "2.41")),
        ("3.13.5 cpython - -", "3.13.5", ("", "")),
    ],
)
def test_what_other_interpreters_say(
    tmp_path: Path, said: str, version: str, libc: tuple[str, str]
) -> None:
    program = tmp_path / "python3.14"
    program.write_text(f"#!/bin/sh\necho {said}\n")
    program.chmod(0o755)
    python = describe(program)
    assert (python.version, python.libc, python.libc_version) == (version, *libc)


@pytest.mark.parametrize("said", ["", "Python 3"])
def test_an_interpreter_that_makes_no_sense(tmp_path: Path, said: str) -> None:
    program = tmp_path / "python3.14"
    program.write_text(f"#!/bin/sh\necho '{said}'\n")
    program.chmod(0o755)
    with pytest.raises(ValueError, match="unpack"):
        describe(program)


def test_minor_and_tag() -> None:
    python = Interpreter(Path("/usr/bin/python3.9"), "3.9.2", "cpython", "glibc", "2.31")
    assert (python.minor, python.minor_pair, python.tag) == ("3.9", (3, 9), "cp39")


@pytest.mark.parametrize(
    ("declared", "minor"), [("3.13", (3, 13)), ("", None), ("3", None), ("three", None)]
)
def test_the_declared_minor_version(declared: str, minor: tuple[int, int] | None) -> None:
    assert declared_minor({"BP_STACK_PYTHON": declared}) == minor
