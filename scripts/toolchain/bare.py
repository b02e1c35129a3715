"""scripts/bare: a command in a clean Debian 12, with nothing of this machine but its mirror."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.toolchain import cache, debian, docker, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site

ENOUGH_FOR_AN_ENGINE = [
    *("--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", "--cap-add", "SYS_PTRACE"),
    *("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"),
    *("--security-opt", "systempaths=unconfined", "--cgroupns", "host"),
    *("--volume", "/sys/fs/cgroup:/sys/fs/cgroup"),
]
"""What a Docker engine in a container needs; --privileged asks for more than some hosts have."""

SUITE = "bookworm"
IMAGE = f"flaskpack/bare:{SUITE}"


def run(site: Site, arguments: Sequence[str]) -> int:
    """Runs ``[DOCKER-RUN-OPTION ...] -- COMMAND [ARGUMENT ...]`` in a clone of what is committed.

    The container is no prison: it may do what a Docker engine of its own needs.
    """
    options, command = split(arguments)
    docker.ready(site)
    with cache.locked(site.cache):
        _see_to_image(site)
    with tempfile.TemporaryDirectory(dir=site.cache, prefix="bare-") as place:
        clone = Path(place) / "flaskpack"
        shell.do(
            ["git", "clone", "--quiet", site.repository, clone],
            log=site.log("bare-clone"),
            failure="git could not clone the checkout",
            remedy="Install git, and commit what is to be tried",
        )
        # A volume without a name ends with its container: the engine inside begins empty.
        volumes = ["--volume", "/var/lib/docker", "--volume", f"{clone}:/flaskpack"]
        line = ["docker", "run", "--rm", *ENOUGH_FOR_AN_ENGINE, *volumes, "--workdir", "/flaskpack"]
        return subprocess.run([*line, *options, IMAGE, *command], check=False).returncode


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """docker run's options and the command, which two dashes part."""
    given = list(arguments)
    if "--" not in given or given[-1] == "--":
        raise SetupError(
            "scripts/bare needs a command after two dashes",
            "For example: scripts/bare -- scripts/try",
        )
    at = given.index("--")
    return given[:at], given[at + 1 :]


def _see_to_image(site: Site) -> None:
    if not docker.image_id(IMAGE):
        with say.step(f"{IMAGE}: making a bare Debian"):
            debian.make(site, IMAGE, SUITE)
