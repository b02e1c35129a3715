"""Files out of Debian packages of any suite, without installing anything."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.toolchain import machine, shell
from scripts.toolchain.site import Site


def unpack(
    site: Site, suite: str, packages: Sequence[str], to: Path, architecture: str = "amd64"
) -> None:
    """The newest of a suite's ``packages``, unpacked into ``to``; what they depend on is not.

    apt checks them against the archive's signatures; the machine's own lists stay as they are.
    Raises SetupError where the mirror has no such suite or package.
    """
    with tempfile.TemporaryDirectory(dir=site.cache, prefix="debs-") as scratch:
        place = Path(scratch)
        options = _apart(place, suite, architecture)
        for action in (["update"], ["download", *packages]):
            shell.do(
                ["apt-get", *options, *action],
                log=site.log(f"debs-{suite}"),
                failure=f"apt-get could not fetch {' '.join(packages)} of {suite}",
                remedy="It needs the Debian mirror that apt is configured with",
                env=site.env,
                cwd=place,
            )
        for package in sorted(place.glob("*.deb")):
            shell.do(
                ["dpkg-deb", "--extract", package, to],
                log=site.log(f"debs-{suite}-unpack"),
                failure=f"{package.name} could not be unpacked",
                remedy="Look at the free disk space",
            )


def _apart(place: Path, suite: str, architecture: str) -> list[str]:
    """Options that make apt work in ``place`` with one suite of one architecture."""
    # The Release files of suites that are archived, or still to be released, may be out of date.
    (source, *_) = machine.mirrors().sources(suite)
    source = source.replace("deb [", "deb [check-valid-until=no ", 1)
    (place / "sources.list").write_text(f"{source}\n")
    (place / "status").touch()
    for partial in ("state/lists/partial", "cache/archives/partial"):
        (place / partial).mkdir(parents=True)
    settings = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "Acquire::IndexTargets::deb::CNF::DefaultEnabled": "false",
        "Dir::Cache": str(place / "cache"),
        "Dir::Etc::sourcelist": str(place / "sources.list"),
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": str(place / "state"),
        "Dir::State::status": str(place / "status"),
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
