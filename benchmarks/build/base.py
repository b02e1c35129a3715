"""What the Dockerfile starts from: Debian with Python and pip, as slim as such images are."""

from pathlib import Path

from benchmarks.build.made import Made
from scripts.toolchain import cache, images, machine, say, shell
from scripts.toolchain.images import Suite
from scripts.toolchain.site import Site

PACKAGES = ("ca-certificates", "python3", "python3-pip")

FINISH = (
    # As in Python's own images: what pip installs belongs to the image, and to no one else.
    'rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED',
    'rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/* "$1"/var/log/*',
    'rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap',
    'ln -sf python3 "$1/usr/bin/python"',
)


def ready(site: Site, suite: Suite, made: Made, bundle: Path | None) -> str:
    """Its image's name. The files stay in the cache, the image goes with the run.

    The machine's certificates are added: without them a build in a container may not reach
    the package index.
    """
    files = root_files(site, suite)
    plain, trusting = made.name("plain"), made.name("base")
    settings = (f"ENV PATH={images.PATH}", "ENV LANG=C.UTF-8", f"LABEL {made.label}")
    changes = [part for setting in settings for part in ("--change", setting)]
    with say.step("The Dockerfile's base image: importing it"):
        shell.do(
            ["docker", "import", *changes, files, plain],
            log=site.log("bench-import"),
            failure="Docker could not import the Dockerfile's base image",
            remedy="Look at the free disk space and at the engine's log",
        )
        if bundle is None:
            return plain
        _trust(site, plain, trusting, bundle)
    return trusting


def root_files(site: Site, suite: Suite) -> Path:
    """The root file system as a tar archive."""
    command = debootstrap(site.recipes)

    def fill(to: Path) -> None:
        machine.need_mmdebstrap(site)
        options = [f"--aptopt={option}" for option in machine.apt_options()]
        sources = machine.mirrors().sources(suite.name)
        with say.step("The Dockerfile's base image: making it from Debian packages"):
            shell.do(
                [*command, *options, suite.name, to / "base.tar", *sources],
                log=site.log("bench-base"),
                failure="mmdebstrap could not make the Dockerfile's base image",
                remedy="It needs root and the Debian mirror that apt is configured with",
                env=site.env,
            )

    return (
        cache.entry(site.cache, "bench-base", cache.key_of(suite.name, *command), fill) / "base.tar"
    )


def debootstrap(recipes: Path) -> list[str]:
    """mmdebstrap's command line up to the suite; manuals and locales are left out as in ours."""
    excludes = [f"--dpkgopt={path}" for path in images.items(recipes / "excludes.txt")]
    hooks = [f"--customize-hook={line}" for line in FINISH]
    packages = f"--include={','.join(PACKAGES)}"
    return ["mmdebstrap", "--variant=minbase", packages, *hooks, *excludes]


def _trust(site: Site, plain: str, trusting: str, bundle: Path) -> None:
    """pip reads its own variable, other programs the usual path."""
    inside = str(machine.CERTIFICATES)
    container = trusting
    shell.do(
        ["docker", "create", "--name", container, plain, "true"],
        log=site.log("bench-create"),
        failure="Docker could not create a container of the Dockerfile's base image",
        remedy="Look at the engine's log",
    )
    shell.do(
        # The bundle may be a link; what it leads to is what has to arrive.
        ["docker", "cp", "--follow-link", bundle, f"{container}:{inside}"],
        log=site.log("bench-certificates"),
        failure="Docker could not copy the machine's certificates into the base image",
        remedy=f"Look at {bundle}",
    )
    shell.do(
        ["docker", "commit", "--change", f"ENV PIP_CERT={inside}", container, trusting],
        log=site.log("bench-commit"),
        failure="Docker could not keep the base image with the machine's certificates",
        remedy="Look at the engine's log",
    )
    shell.ask(["docker", "rm", container])
