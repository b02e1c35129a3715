"""Credentials and certificates are files for the time of one run, and nobody else's."""

import os
from pathlib import Path

import pytest

from buildpack import private_files
from buildpack.network import Network
from buildpack.private_files import BUNDLE_VARIABLES, in_place


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    bundle = tmp_path / "system.pem"
    bundle.write_text("SYSTEM\n")
    monkeypatch.setattr(private_files, "SYSTEM_BUNDLES", (tmp_path / "absent", bundle))
    return bundle


def test_the_systems_authorities_where_there_is_nothing_more(tmp_path: Path, system: Path) -> None:
    with in_place(Network(), tmp_path) as variables:
        assert variables == {"SSL_CERT_FILE": str(system)}


def test_nothing_on_a_system_without_authorities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_files, "SYSTEM_BUNDLES", ())
    with in_place(Network(), tmp_path) as variables:
        assert variables == {}


@pytest.mark.usefixtures("system")
def test_certificates_stand_beside_the_systems(tmp_path: Path) -> None:
    with in_place(Network(certificates="MINE\n"), tmp_path) as variables:
        assert set(variables) == set(BUNDLE_VARIABLES)
        (bundle,) = set(variables.values())
        assert Path(bundle).read_text() == "SYSTEM\n\nMINE\n"
        assert not Path(bundle).is_relative_to(tmp_path)
    assert not Path(bundle).parent.exists()


@pytest.mark.usefixtures("system")
def test_a_netrc_is_readable_for_its_user_alone_and_gone_after_a_failure(tmp_path: Path) -> None:
    there = in_place(Network(netrc="machine host\n"), tmp_path)
    file = Path(there.__enter__()["NETRC"])
    assert file.read_text() == (tmp_path / ".netrc").read_text() == "machine host\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    failure = RuntimeError()
    assert not there.__exit__(RuntimeError, failure, None)
    assert not file.parent.exists()
    assert not os.path.lexists(tmp_path / ".netrc")
