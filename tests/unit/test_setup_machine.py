"""What is read from the machine: its Debian mirrors, apt's settings, its certificates."""

from pathlib import Path

import pytest

from scripts.toolchain import machine
from scripts.toolchain.machine import Mirrors

TARGETS = """\
http://mirror.example/debian/ bookworm bookworm main
http://mirror.example/debian/ bookworm bookworm contrib
http://mirror.example/debian/ bookworm-updates bookworm-updates main
http://security.example/debian-security/ bookworm-security bookworm-security main
https://vendor.example/apt/ nodistro nodistro main
"""


def test_mirrors_are_those_of_the_machines_own_release() -> None:
    assert machine.parse_mirrors(TARGETS, "bookworm") == Mirrors(
        "http://mirror.example/debian", "http://security.example/debian-security"
    )


def test_a_release_may_be_configured_by_its_suite() -> None:
    targets = TARGETS.replace("debian/ bookworm ", "debian/ oldstable ")
    assert machine.parse_mirrors(targets, "bookworm") == machine.parse_mirrors(TARGETS, "bookworm")


def test_codenames_are_not_known_before_the_first_update() -> None:
    targets = "http://mirror.example/debian/ bookworm  main\n"
    assert machine.parse_mirrors(targets, "bookworm") == Mirrors(
        "http://mirror.example/debian", None
    )


def test_a_machine_without_the_security_suite() -> None:
    targets = "http://mirror.example/debian/ bookworm bookworm main\n"
    assert machine.parse_mirrors(targets, "bookworm") == Mirrors(
        "http://mirror.example/debian", None
    )


@pytest.mark.parametrize(
    "targets",
    [
        "",
        "https://vendor.example/apt/ stable stable main\n",
        "http://m.example/debian/ bookworm bookworm contrib\n",
        "https://vendor.example/flat/ /  \n",
    ],
)
def test_no_mirror(targets: str) -> None:
    assert machine.parse_mirrors(targets, "bookworm") is None


def test_sources_of_another_suite() -> None:
    signed = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    assert Mirrors("http://m.example/debian", "http://s.example/sec").sources("trixie") == [
        f"deb {signed} http://m.example/debian trixie main",
        f"deb {signed} http://s.example/sec trixie-security main",
    ]
    assert Mirrors("http://m.example/debian", None).sources("trixie") == [
        f"deb {signed} http://m.example/debian trixie main"
    ]
    assert Mirrors("http://m.example/debian", None).sources("trixie", "deb-src") == [
        f"deb-src {signed} http://m.example/debian trixie main"
    ]


def test_apts_settings_that_reach_a_mirror() -> None:
    dump = (
        'APT::Architecture "amd64";\n'
        'Acquire::Languages "none";\n'
        'Acquire::Check-Valid-Until "false";\n'
        'Acquire::http::Proxy "http://proxy.example:3128";\n'
        'Acquire::https "";\n'
        'Acquire::https::CaInfo "";\n'
    )
    assert machine.relevant_options(dump) == [
        'Acquire::Check-Valid-Until "false"',
        'Acquire::http::Proxy "http://proxy.example:3128"',
    ]


def test_os_release() -> None:
    text = 'NAME="Debian GNU/Linux"\nID=debian\n# note\n\nVERSION_CODENAME=bookworm\n'
    assert machine.parse_os_release(text) == {
        "NAME": "Debian GNU/Linux",
        "ID": "debian",
        "VERSION_CODENAME": "bookworm",
    }


def test_certificates_named_by_the_environment_come_first(tmp_path: Path) -> None:
    bundle = tmp_path / "company.crt"
    bundle.touch()
    assert machine.certificates({"SSL_CERT_FILE": str(bundle)}) == bundle


def test_certificates_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "CERTIFICATES", tmp_path / "ca-certificates.crt")
    assert machine.certificates({"SSL_CERT_FILE": str(tmp_path / "absent")}) is None
    machine.CERTIFICATES.touch()
    assert machine.certificates({}) == machine.CERTIFICATES


def test_programs_are_told_of_certificates_unless_they_know_others() -> None:
    environ = {"PIP_CERT": "/mine", "HOME": "/h"}
    assert machine.trusting(environ, Path("/b")) == {
        "PIP_CERT": "/mine",
        "SSL_CERT_FILE": "/b",
        "HOME": "/h",
    }
    assert machine.trusting(environ, None) == environ
