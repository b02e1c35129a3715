"""The base images: what apps are built in, and what they run in, from Debian packages."""

from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import cache, docker, machine, pack, say, shell
from scripts.toolchain.site import Site

KEY_LABEL = "flaskpack.key"
"""Holds the digest of what an image was made from."""

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Suite:
    """A Debian release: its name, its VERSION_ID and its Python's minor version."""

    name: str
    version: str
    python: str


TRIXIE = Suite("trixie", "13", "3.13")


@dataclass(frozen=True)
class Base:
    """One of the two base images of a suite; ``role`` names its folder in builder/."""

    role: str
    suite: Suite
    variant: str
    hook: str
    user: int

    @property
    def name(self) -> str:
        return f"flaskpack/{self.role}:{self.suite.name}"


def build_base(suite: Suite) -> Base:
    return Base("build", suite, variant="minbase", hook="customize", user=1001)


def run_base(suite: Suite) -> Base:
    # mmdebstrap runs no other hook for files that are unpacked only.
    return Base("run", suite, variant="extract", hook="extract", user=1002)


def ready(site: Site, base: Base) -> str:
    """Sees to the image; returns its key."""
    key = key_of(base, site.recipes)
    if docker.label(base.name, KEY_LABEL) == key:
        return key
    machine.need_mmdebstrap(site)
    with say.step(f"{base.name}: making it from Debian packages"):
        _make(site, base, key)
    return key


def key_of(base: Base, recipes: Path) -> str:
    """Changes with the recipe's files and with what stands in this module."""
    return cache.key_of(
        recipes / base.role,
        recipes / "excludes.txt",
        base.suite.python,
        *debootstrap(base, Path("builder")),
        *docker_import(base, key=""),
    )


def _make(site: Site, base: Base, key: str) -> None:
    files = site.cache / f"{base.role}.tar"
    sources = machine.mirrors().sources(base.suite.name)
    options = [f"--aptopt={option}" for option in machine.apt_options()]
    shell.do(
        [*debootstrap(base, site.recipes), *options, base.suite.name, files, *sources],
        log=site.log(f"{base.role}-image"),
        failure=f"mmdebstrap could not make {base.name}",
        remedy="It needs root and the Debian mirror that apt is configured with",
        env={
            **site.env,
            "SOURCE_DATE_EPOCH": str(pack.EPOCH),
            "PYTHON": f"python{base.suite.python}",
            "DROP": str(site.recipes / base.role / "drop.txt"),
        },
    )
    before = docker.image_id(base.name)
    shell.do(
        ["docker", "import", *docker_import(base, key), files, base.name],
        log=site.log(f"{base.role}-import"),
        failure=f"Docker could not import {base.name}",
        remedy="Look at the free disk space and at the engine's log",
    )
    files.unlink()
    docker.forget(before)


def debootstrap(base: Base, recipes: Path) -> list[str]:
    """mmdebstrap's command line up to the suite, without anything of this machine."""
    recipe = recipes / base.role
    lists = [recipes / "excludes.txt", recipe / "excludes.txt"]
    excludes = [f"--dpkgopt={path}" for file in lists if file.exists() for path in items(file)]
    return [
        "mmdebstrap",
        f"--variant={base.variant}",
        f"--include={','.join(items(recipe / 'packages.txt'))}",
        "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
        f'--{base.hook}-hook="{recipe / "finish"}" "$1"',
        *excludes,
    ]


def docker_import(base: Base, key: str) -> list[str]:
    """docker import's changes: what a root file system doesn't say by itself."""
    settings = [
        f"ENV PATH={PATH}",
        "ENV LANG=C.UTF-8",
        f"USER {base.user}:1000",
        "LABEL io.buildpacks.base.distro.name=debian",
        f"LABEL io.buildpacks.base.distro.version={base.suite.version}",
        f"LABEL {KEY_LABEL}={key}",
    ]
    if base.role == "build":
        settings += [f"ENV CNB_USER_ID={base.user}", "ENV CNB_GROUP_ID=1000"]
    return [part for setting in settings for part in ("--change", setting)]


def items(file: Path) -> list[str]:
    """The lines of a list, without comments and blanks."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def headers(site: Site, base: Base, key: str) -> list[Path]:
    """The include folders of the build image's Python, taken out of the image."""
    name = f"python{base.suite.python}"

    def fill(to: Path) -> None:
        with say.step(f"Headers of Python {base.suite.python}: copying them out of {base.name}"):
            copy = f"cp -rL --parents /usr/include/{name} /usr/include/*/{name} /out"
            shell.do(
                [
                    "docker",
                    "run",
                    "--rm",
                    "--user",
                    "0",
                    "--volume",
                    f"{to}:/out",
                    base.name,
                    "sh",
                    "-c",
                    copy,
                ],
                log=site.log("headers"),
                failure=f"Docker could not copy Python's headers out of {base.name}",
                remedy="Look at the engine's log",
            )

    place = cache.entry(site.cache, "headers", key, fill) / "usr" / "include"
    # pyconfig.h includes its other half by a path that begins with the architecture.
    return [place / name, place]
