"""pip, which takes from the package index what a lock file names and nothing else."""

from pathlib import Path

from scripts.toolchain import shell
from scripts.toolchain.site import Site

STRICT = ("--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:")


def run(site: Site, python: Path, *action: str | Path, lock: Path) -> None:
    """``pip install`` or ``pip download`` of wheels whose digests stand in ``lock``."""
    shell.do(
        [python, "-m", "pip", *action, *STRICT, "-r", lock],
        log=site.log(f"pip-{lock.stem}"),
        failure=f"What {lock.name} lists could not be had from the package index",
        remedy="Look at pip's configuration and at the network",
        env=site.env,
    )
