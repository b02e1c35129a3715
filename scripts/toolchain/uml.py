"""User-mode Linux: a kernel that is a program, with cgroup v2 whatever this machine's has."""

from pathlib import Path

from scripts.toolchain import debs
from scripts.toolchain.site import Site


def ready(site: Site) -> Path:
    """The one of the machine's Debian release, unpacked only; it needs nothing but its libc."""
    return debs.kept(site, "User-mode Linux", "user-mode-linux") / "usr" / "bin" / "linux.uml"
