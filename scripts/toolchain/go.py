"""Programs in Go, built from modules whose go.sum is committed."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.toolchain import cache, pip, say, shell
from scripts.toolchain.site import Site

Version = tuple[int, ...]

WORKSHOP = "go-workshop"
"""What builds download and compile on the way: shared, and of no use after the last one."""


def version_in(text: str) -> Version | None:
    """The first dotted number: ``go version go1.26.6 linux/amd64`` gives (1, 26, 6)."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(part) for part in found[0].split(".")) if found else None


def required_go(go_mod: str) -> Version:
    """The least version that a go.mod's ``go`` line allows."""
    found = re.search(r"^go (\S+)$", go_mod, re.MULTILINE)
    return (found and version_in(found[1])) or (1,)


def required_module(go_mod: str, module: str) -> str:
    """The version, without its v, at which a go.mod requires a module."""
    found = re.search(rf"^(?:require )?\s*{re.escape(module)} v(\S+)", go_mod, re.MULTILINE)
    if found is None:
        raise ValueError(f"{module} is not required")
    return found[1]


def compiler(site: Site, python: Path, least: Version) -> str:
    """A go program of at least this version: the machine's, else one from the index."""
    own = shutil.which("go")
    told = shell.ask([own, "version"]) if own else None
    if own and told and (version_in(told) or (0,)) >= least:
        return own
    pin = site.recipes / "go.txt"

    def fill(to: Path) -> None:
        with say.step("Go: installing the pinned release"):
            pip.run(site, python, "install", "--no-compile", "--target", to, lock=pin)

    place = cache.entry(site.cache, "go", cache.key_of(pin), fill)
    return str(place / "go" / "bin" / "go")


def build(
    site: Site,
    go: str,
    module: Path,
    programs: Mapping[str, str],
    define: str,
    to: Path,
) -> None:
    """Builds ``{file name: package}`` statically from one module.

    ``define`` is the linker's ``-X`` assignment that tells the programs their version.
    """
    workshop = site.cache / WORKSHOP
    for name, package in programs.items():
        flags = ["-mod=readonly", "-modcacherw", "-trimpath", "-ldflags", f"-s -w -X {define}"]
        shell.do(
            [go, "build", *flags, "-o", to / name, package],
            log=site.log(f"go-build-{module.name}"),
            failure=f"go could not build {package}",
            remedy="It needs the Go module proxy (GOPROXY): look at the network",
            cwd=module,
            env={
                **site.env,
                "CGO_ENABLED": "0",
                "GOTOOLCHAIN": "local",
                "GOPATH": str(workshop / "path"),
                "GOCACHE": str(workshop / "cache"),
            },
        )


def clear_workshop(site: Site) -> None:
    shutil.rmtree(site.cache / WORKSHOP, ignore_errors=True)
