"""Which clang the tests get."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.toolchain import clang, machine
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A machine of Debian 13 without clang."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(machine, "os_release", lambda: {"VERSION_CODENAME": "trixie"})
    path = f"{tmp_path / 'bin'}{os.pathsep}/bin"
    return Site(tmp_path, tmp_path / "cache", {"PATH": path})


def place(site: Site, library: Path) -> Path:
    """A program that knows where its libraries are."""
    program = site.repository / "bin" / "clang"
    program.write_text(f"#!/bin/sh\necho {library}\n")
    program.chmod(0o755)
    return program


def test_machines_own_is_taken(site: Site) -> None:
    library = site.repository / "fuzzer.a"
    library.touch()
    program = place(site, library)

    assert clang.ready(site) == program


def test_release_whose_parts_are_not_known_installs_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def install(packages: Sequence[str], site: Site, why: str) -> None:
        asked.append((*packages, why))
        (site.repository / "fuzzer.a").touch()
        place(site, site.repository / "fuzzer.a")

    monkeypatch.setattr(machine, "install", install)
    place(site, site.repository / "missing.a")

    assert clang.ready(site) == site.repository / "bin" / "clang"
    assert asked == [("clang", "libclang-rt-dev", "clang for the tests")]


def test_one_without_libfuzzer_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "install", lambda *_: None)
    place(site, site.repository / "missing.a")
    with pytest.raises(SetupError, match=r"^clang has no libFuzzer here"):
        clang.ready(site)
