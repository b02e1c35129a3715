"""What the Dockerfiles start from: our run image, and an installer in it."""

from pathlib import Path

from benchmarks.build.made import Made
from benchmarks.build.rows import PIP, UV
from scripts.toolchain import images, machine, say, shell
from scripts.toolchain.images import Suite
from scripts.toolchain.setup import Toolchain

PIP_VERSION = "26.3"

INSTALLERS = {
    PIP: """\
# Beside Python's own packages, as in images that bring pip along.
RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && ln -sf python3 /usr/bin/python
COPY *.whl /
RUN pip=$(echo /*.whl) && python $pip/pip install --quiet --no-index $pip && rm $pip
""",
    UV: "COPY uv /usr/local/bin/\n",
}
"""What a base image gets; uv is the very one that Flaskpack installs with."""


def ready(tools: Toolchain, suite: Suite, installer: str, made: Made, place: Path) -> str:
    """Its image's name; ``place`` is for the build, and doesn't exist yet.

    The machine's certificates are added: without them a build in a container may not reach
    the package index.
    """
    name = made.name(f"base-{installer}-{suite.name}")
    run = images.run_base(suite).name
    place.mkdir(parents=True)
    _fetch(tools, installer, place)
    if tools.certificates:
        # The bundle may be a link; what it leads to is what has to arrive.
        (place / "bundle.crt").write_bytes(tools.certificates.read_bytes())
    text = dockerfile(run, installer, made.label, bool(tools.certificates))
    (place / "Dockerfile").write_text(text, encoding="utf-8")
    with say.step(f"The Dockerfile's base image: {run} with {installer}"):
        shell.do(
            ["docker", "build", "--tag", name, place],
            log=tools.site.log("bench-base"),
            failure="Docker could not make the Dockerfile's base image",
            remedy="Look at the engine's log",
            env={**tools.site.env, "DOCKER_BUILDKIT": "0"},
        )
    return name


def dockerfile(run: str, installer: str, label: str, certificates: bool) -> str:
    """Root's, as base images are: what is installed belongs to the image, and to no one else."""
    inside = machine.CERTIFICATES
    trusted = (
        f"COPY bundle.crt {inside}\nENV PIP_CERT={inside} SSL_CERT_FILE={inside}\n"
        if certificates
        else ""
    )
    return f"FROM {run}\nLABEL {label}\nUSER 0:0\n{INSTALLERS[installer]}{trusted}"


def _fetch(tools: Toolchain, installer: str, to: Path) -> None:
    if installer == UV:
        uv = to / "uv"
        uv.write_bytes((tools.buildpack / "vendor" / "bin" / "uv").read_bytes())
        uv.chmod(0o755)
        return
    shell.do(
        [tools.python, "-m", "pip", "download", "--no-deps", "--dest", to, f"pip=={PIP_VERSION}"],
        log=tools.site.log("bench-pip"),
        failure="pip could not be had from the package index",
        remedy="Look at pip's configuration and at the network",
        env=tools.site.env,
    )
