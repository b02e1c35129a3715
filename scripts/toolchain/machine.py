"""What this machine is and what its Debian packages can add to it."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scripts.toolchain import say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Where Debian keeps its bundle; the same path inside our images."""


def certificates(environ: Mapping[str, str]) -> Path | None:
    """The bundle that programs on this machine trust, a company's own CA included."""
    for candidate in (environ.get("SSL_CERT_FILE"), CERTIFICATES):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    return None


def trusting(environ: Mapping[str, str], bundle: Path | None) -> dict[str, str]:
    """The environment for programs that bring certificates of their own (pip, uv)."""
    if bundle is None:
        return dict(environ)
    return {"PIP_CERT": str(bundle), "SSL_CERT_FILE": str(bundle), **environ}


@dataclass(frozen=True)
class Mirrors:
    """Where this machine gets Debian from; no address stands in our own files."""

    main: str
    security: str | None

    def sources(self, suite: str, kind: str = "deb") -> list[str]:
        """Lines of a sources.list for another suite, newest security updates included.

        ``kind`` is "deb", or "deb-src" for sources.
        """
        keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        lines = [f"{kind} {keyring} {self.main} {suite} main"]
        if self.security:
            lines.append(f"{kind} {keyring} {self.security} {suite}-security main")
        return lines


def parse_mirrors(targets: str, codename: str) -> Mirrors | None:
    """Reads ``apt-get indextargets``: one line an index: address, suite, codename, component.

    Other vendors' repositories have other suites, so the release's own name tells Debian's
    mirror from them. The suite is what was configured ("bookworm" or "oldstable"); the
    codename is known once the mirror has been asked, and empty before.
    """
    found: dict[str, str] = {}
    for line in targets.splitlines():
        match line.split():  # a repository without components ends with its suite
            case [address, *names, "main"]:
                for name in names:
                    found.setdefault(name, address.rstrip("/"))
    if codename not in found:
        return None
    return Mirrors(found[codename], found.get(f"{codename}-security"))


def mirrors() -> Mirrors:
    """The Debian mirrors that apt is configured with."""
    fields = "$(REPO_URI) $(RELEASE) $(CODENAME) $(COMPONENT)"
    targets = shell.ask(["apt-get", "indextargets", "--format", fields, "Created-By: Packages"])
    codename = os_release().get("VERSION_CODENAME", "")
    found = parse_mirrors(targets or "", codename)
    if os_release().get("ID") != "debian" or found is None:
        raise SetupError(
            "The base images are made from Debian packages, and apt on this machine names no "
            "Debian mirror for its own release",
            "Run this on Debian 12 or newer with a 'main' repository in /etc/apt",
        )
    return found


def apt_options() -> list[str]:
    """The machine's settings that decide whether a mirror can be used at all."""
    return relevant_options(shell.ask(["apt-config", "dump"]) or "")


def relevant_options(dump: str) -> list[str]:
    """Proxies, certificates and the checking of dates, out of ``apt-config dump``."""
    wanted = ("Acquire::Check-", "Acquire::http::", "Acquire::https::")
    return [
        line.rstrip(";")
        for line in dump.splitlines()
        if line.startswith(wanted) and not line.endswith('"";')
    ]


@cache
def os_release() -> dict[str, str]:
    path = Path("/etc/os-release")
    return parse_os_release(path.read_text(encoding="utf-8")) if path.exists() else {}


def parse_os_release(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: value.strip("'\"") for name, _, value in pairs}


def need_mmdebstrap(site: Site) -> None:
    if not shutil.which("mmdebstrap"):
        install(["mmdebstrap"], site, "mmdebstrap, which makes images from Debian packages")


def need_dpkg_source(site: Site) -> None:
    if not shutil.which("dpkg-source"):
        install(["dpkg-dev"], site, "dpkg-source, which unpacks Debian's sources")


def install(packages: Sequence[str], site: Site, why: str) -> None:
    """Installs Debian packages, or says what to type."""
    by_hand = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupError(f"{why} is missing here", f"As root on Debian: {by_hand}")
    with say.step(f"{why}: apt-get install {' '.join(packages)}"):
        _update(site.log("apt-update"))
        # An archive folder of our own: another apt-get on this machine may empty the usual one.
        archives = site.cache / "apt"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        shell.do(
            [
                "apt-get",
                "-o",
                f"Dir::Cache::archives={archives}",
                "-o",
                "DPkg::Lock::Timeout=300",
                "install",
                "-y",
                "--no-install-recommends",
                *packages,
            ],
            log=site.log("apt-install"),
            failure=f"apt-get could not install {' '.join(packages)}",
            remedy=f"Look at apt's configuration, then try: {by_hand}",
            env={**site.env, "DEBIAN_FRONTEND": "noninteractive"},
        )
        shutil.rmtree(archives)


@cache
def _update(log: Path) -> None:
    shell.do(
        ["apt-get", "-o", "DPkg::Lock::Timeout=300", "update"],
        log=log,
        failure="apt-get update failed",
        remedy="Look at /etc/apt and at the network, then try: apt-get update",
    )
