"""User-mode Linux: a kernel that is a program, with cgroup v2 whatever this machine's has."""

from pathlib import Path

from scripts.toolchain import cache, debs, machine, say
from scripts.toolchain.site import Site


def ready(site: Site) -> Path:
    """The one of the machine's Debian release, unpacked only; it needs nothing but its libc."""
    suite = machine.os_release().get("VERSION_CODENAME", "")

    def fill(to: Path) -> None:
        with say.step(f"User-mode Linux for the tests: unpacking {suite}'s"):
            debs.unpack(site, suite, ["user-mode-linux"], to)

    place = cache.entry(site.cache, "uml", cache.key_of("uml", suite), fill)
    return place / "usr" / "bin" / "linux.uml"
