"""Files out of Debian packages of any suite, and their sources, without installing anything."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.toolchain import cache, machine, say, shell
from scripts.toolchain.site import Site


def kept(site: Site, what: str, package: str) -> Path:
    """The folder in the cache with a ``package`` of the machine's own release, unpacked only."""
    suite = machine.os_release().get("VERSION_CODENAME", "")

    def fill(to: Path) -> None:
        with say.step(f"{what} for the tests: unpacking {suite}'s"):
            unpack(site, suite, [package], to)

    return cache.entry(site.cache, package, cache.key_of(package, suite), fill)


def unpack(
    site: Site, suite: str, packages: Sequence[str], to: Path, architecture: str = "amd64"
) -> None:
    """The newest of a suite's ``packages``, unpacked into ``to``; what they depend on is not.

    apt checks them against the archive's signatures; the machine's own lists stay as they are.
    Raises SetupError where the mirror has no such suite or package.
    """
    with tempfile.TemporaryDirectory(dir=site.cache, prefix="debs-") as scratch:
        place = Path(scratch)
        (source, *_) = machine.mirrors().sources(suite)
        options = _apart(place, [source], architecture)
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


def sources(site: Site, suite: str, packages: Sequence[Sequence[str]], to: Path) -> None:
    """A suite's newest sources, as Debian publishes them, into the folder ``to``.

    A package stands with its options for ``apt-get source``. apt checks all as above.
    """
    with tempfile.TemporaryDirectory(dir=site.cache, prefix="debs-") as scratch:
        options = _apart(Path(scratch), machine.mirrors().sources(suite, "deb-src"), "amd64")
        for action in (["update"], *(["source", "--download-only", *one] for one in packages)):
            shell.do(
                ["apt-get", *options, *action],
                log=site.log(f"debs-{suite}-{action[-1]}"),
                failure=f"apt-get could not fetch sources of {suite} ({' '.join(action)})",
                remedy="It needs the Debian mirror that apt is configured with",
                env=site.env,
                cwd=to,
            )


def _apart(place: Path, sources: Sequence[str], architecture: str) -> list[str]:
    """Options that make apt work in ``place`` with one suite of one architecture."""
    # The Release files of suites that are archived, or still to be released, may be out of date.
    lines = [line.replace(" [", " [check-valid-until=no ", 1) for line in sources]
    (place / "sources.list").write_text("\n".join(lines) + "\n")
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
