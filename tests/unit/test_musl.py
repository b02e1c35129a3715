"""What a program and musl's loader say of musl."""

import sys
from pathlib import Path

import pytest

from buildpack import musl


@pytest.mark.parametrize(
    ("head", "loader"),
    [
        (b"\x7fELF\0/lib/ld-musl-x86_64.so.1\0rest", Path("/lib/ld-musl-x86_64.so.1")),
        (b"\x7fELF\0/lib/ld-musl-aarch64.so.1\0", Path("/lib/ld-musl-aarch64.so.1")),
        (b"\x7fELF\0/lib64/ld-linux-x86-64.so.2\0", None),
        (b"", None),
    ],
)
def test_the_loader_that_a_program_names(head: bytes, loader: Path | None) -> None:
    assert musl.loader_in(head) == loader


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("musl libc (x86_64)\nVersion 1.2.5\nDynamic Program Loader\nUsage: …\n", "1.2.5"),
        ("musl libc (aarch64)\nVersion 1.2.4_git20230717\n", "1.2.4"),
        ("something else\nVersion 3\n", ""),
        ("", ""),
    ],
)
def test_the_release_that_the_loader_says(said: str, version: str) -> None:
    assert musl.version_in(said) == version


def test_this_machines_python_is_not_musls() -> None:
    assert musl.version(Path(sys.executable)) == ""


def test_a_loader_that_is_gone_says_nothing(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF\0/lib/ld-musl-none.so.1\0")
    assert musl.version(program) == ""
