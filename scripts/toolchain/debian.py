"""Images of a whole Debian, with apt in it: for tests only."""

from collections.abc import Mapping, Sequence

from scripts.toolchain import images, machine, shell
from scripts.toolchain.site import Site


def make(
    site: Site,
    image: str,
    suite: str,
    packages: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
) -> None:
    """A suite's essential packages and these, under this name."""
    machine.need_mmdebstrap(site)
    name = image.partition("/")[2].partition(":")[0]
    files = site.cache / f"{name}.tar"
    include = [f"--include={','.join(packages)}"] if packages else []
    # These stay in the image: apt in there needs them as much.
    options = [f"--aptopt={option}" for option in machine.apt_options()]
    sources = machine.mirrors().sources(suite)
    shell.do(
        ["mmdebstrap", "--variant=minbase", *include, *options, suite, files, *sources],
        log=site.log(f"{name}-image"),
        failure=f"mmdebstrap could not make {image}",
        remedy="It needs root and the Debian mirror that apt is configured with",
        env=site.env,
    )
    changes = [f"ENV PATH={images.PATH}", *(f"LABEL {k}={v}" for k, v in (labels or {}).items())]
    shell.do(
        [
            *("docker", "import"),
            *(part for change in changes for part in ("--change", change)),
            *(files, image),
        ],
        log=site.log(f"{name}-import"),
        failure=f"Docker could not import {image}",
        remedy="Look at the free disk space and at the engine's log",
    )
    files.unlink()
