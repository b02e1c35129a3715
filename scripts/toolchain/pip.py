"""pip, which takes from the package index what a lock file names and nothing else."""

from pathlib import Path

from scripts.toolchain import shell
from scripts.toolchain.site import Site

STRICT = ("--quiet", "--no-deps", "--require-hashes")

WHEELS = ("--only-binary", ":all:")
BUILT_HERE = ("--no-build-isolation",)
"""Where there is no wheel, built with the setuptools that is installed already."""


def run(
    site: Site, python: Path, *action: str | Path, lock: Path, sources: tuple[str, ...] = WHEELS
) -> None:
    """``pip install`` or ``pip download`` of what ``lock`` names by its digests."""
    shell.do(
        [python, "-m", "pip", *action, *STRICT, *sources, "-r", lock],
        log=site.log(f"pip-{lock.stem}"),
        failure=f"What {lock.name} lists could not be had from the package index",
        remedy="Look at pip's configuration and at the network",
        env=site.env,
    )
