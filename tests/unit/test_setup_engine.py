"""Which of the engine's wheels are built, and what is said of the others."""

import os
from pathlib import Path

import pytest

from scripts.toolchain import debs, engine, headers, machine, pythons, release
from scripts.toolchain.errors import SetupError
from scripts.toolchain.headers import Headers
from scripts.toolchain.site import Site

PYTHON = Path("/tools/bin/python")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "repository", tmp_path / "cache", {"PATH": os.environ["PATH"]})


def name(minor: int, target: engine.Target) -> Path:
    return Path(f"meinheld-1.0.2+flaskpack.1-cp3{minor}-cp3{minor}-{target[1]}_{target[0]}.whl")


def built(_site: Site, _python: Path, minor: int, _: object, target: engine.Target) -> Path:
    if minor == 12 and target[1] == "musl":
        raise SetupError("no luck", "Try again")
    return name(minor, target)


def test_gaps_are_said_in_one_line(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "one", built)
    found = Headers({12: (Path("/h"),), 9: (Path("/h"),)}, {10: "none here. Install it"})
    wheels = engine.ready(site, PYTHON, found, engine.PACKAGED)

    assert wheels.built == tuple(name(9, target) for target in engine.PACKAGED)
    gaps = "Python 3.10 (none here. Install it); Python 3.12 (no luck. Try again)"
    assert capsys.readouterr().out == f"Engine: no wheel of meinheld for {gaps}\n"
    assert "; ".join(wheels.missing) == gaps
    assert wheels.version == "1.0.2+flaskpack.1"


def test_nothing_is_said_of_a_full_set(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "one", built)
    wheels = engine.ready(site, PYTHON, Headers({9: (Path("/h"),)}), engine.TARGETS)

    assert wheels == engine.Wheels(tuple(name(9, target) for target in engine.TARGETS), ())
    assert capsys.readouterr().out == ""


def test_a_failure_with_debians_headers_ends_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise SetupError("zig failed", "See the log")

    monkeypatch.setattr(engine, "one", fail)
    with pytest.raises(SetupError, match=r"^zig failed\."):
        engine.ready(site, PYTHON, Headers({13: (Path("/h"),)}), engine.TARGETS)


def test_headers_come_from_debian_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    here = pythons.Python(Path("/p/bin/python"), Path("/p/include/python"))
    monkeypatch.setattr(pythons, "find", lambda minor, *_: None if minor == 12 else here)

    def of_suite(_site: Site, minor: int, suite: str) -> tuple[Path, ...]:
        if suite == "bullseye":
            raise SetupError("bullseye is gone", "Look for it")
        return (Path(f"/{suite}/{minor}"),)

    monkeypatch.setattr(headers, "of_suite", of_suite)
    local = (here.include, here.include.parent)
    assert headers.ready(site, PYTHON.parent) == Headers(
        {
            9: local,
            10: local,
            11: (Path("/bookworm/11"),),
            13: (Path("/trixie/13"),),
            14: (Path("/forky/14"),),
        },
        {
            12: "No Debian release has Python 3.12, nor has this machine. "
            "To get it: uv python install 3.12"
        },
    )


def test_apt_works_apart_from_the_machine(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrors = machine.Mirrors("http://mirror.test/debian", "http://mirror.test/security")
    monkeypatch.setattr(machine, "mirrors", lambda: mirrors)
    log = tmp_path / "asked"
    apt = tmp_path / "bin" / "apt-get"
    apt.parent.mkdir()
    apt.write_text(f'#!/bin/sh\necho "$@" >>{log}\ncat "$PWD/sources.list" >>{log}\n')
    apt.chmod(0o755)
    site.cache.mkdir()
    site.env["PATH"] = f"{apt.parent}:{site.env['PATH']}"
    debs.unpack(site, "forky", ["libpython3.14-dev"], tmp_path / "to", "arm64")

    update, source, download, _ = log.read_text().splitlines()
    assert update.endswith(" update")
    assert "APT::Architecture=arm64" in update
    assert f"Dir::State={site.cache}/debs-" in update
    assert download.endswith(" download libpython3.14-dev")
    assert source == (
        "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
        "http://mirror.test/debian forky main"
    )
    assert list(site.cache.glob("debs-*")) == []


def test_a_release_has_no_gaps() -> None:
    release.refuse_gaps([])
    with pytest.raises(SetupError) as caught:
        release.refuse_gaps(["Python 3.10 (none)", "Python 3.12 (none)"])
    assert str(caught.value) == (
        "This is no release: wheels are missing for Python 3.10 (none); Python 3.12 (none). "
        "Install what is named, and run this again"
    )


def test_a_release_is_the_same_twice(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"")
    once = release.digests([tmp_path / "a.whl"])

    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert once == {"a.whl": empty}
    release.refuse_differences(once, {"a.whl": empty})
    with pytest.raises(SetupError, match=r"^Built twice, these are not the same: a\.whl, b\.whl\."):
        release.refuse_differences(once, {"a.whl": "other", "b.whl": empty})
