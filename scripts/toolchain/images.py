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
    """A pair of base images.

    ``name`` is their tag, ``release`` Debian's name for what they are made of and ``version``
    its VERSION_ID; ``python`` is the minor version of their Python, if they have one; ``lists``
    are the files in builder/run/ that name the run image's packages. A build image that has no
    ``compilers`` holds what the run image holds.
    """

    name: str
    release: str
    version: str
    python: str | None
    lists: tuple[str, ...]
    compilers: bool = False


TRIXIE = Suite(
    "trixie", "trixie", "13", "3.13", ("ground", "shell", "python", "libraries"), compilers=True
)
TINY = Suite("tiny", "trixie", "13", "3.13", ("ground", "python"), compilers=True)
"""A run image in which nothing but the app runs; apps are built in trixie's build image."""

OTHERS = (
    Suite("bullseye", "bullseye", "11", "3.9", ("ground", "shell", "python", "distutils")),
    Suite("bookworm", "bookworm", "12", "3.11", ("ground", "shell", "python")),
    Suite("forky", "forky", "14", "3.14", ("ground", "shell", "python")),
    Suite("none", "trixie", "13", None, ("ground", "shell", "archive")),
    TINY,
)
"""For tests: other Pythons, no Python, and as little as possible."""


@dataclass(frozen=True)
class Base:
    """One of the two base images of a suite; ``recipe`` is its folder in builder/."""

    role: str
    suite: Suite
    recipe: str
    lists: tuple[str, ...]
    user: int

    @property
    def name(self) -> str:
        return f"flaskpack/{self.role}:{self.suite.name}"


def build_base(suite: Suite) -> Base:
    if suite.compilers:
        return Base("build", TRIXIE, "build", ("packages",), user=1001)
    return Base("build", suite, "run", suite.lists, user=1001)


def run_base(suite: Suite) -> Base:
    return Base("run", suite, "run", suite.lists, user=1002)


def ready(site: Site, base: Base, renew: bool = False) -> str:
    """Sees to the image; returns the beginning of its id.

    ``renew`` makes it anew, from today's Debian packages.
    """
    key = key_of(base, site.recipes)
    if renew or docker.label(base.name, KEY_LABEL) != key:
        before = docker.image_id(base.name)
        if base.role == "build" and base.recipe == "run":
            _derive(site, base, key)
        else:
            _make(site, base, key)
        docker.forget(before)
    return (docker.image_id(base.name) or "").removeprefix("sha256:")[:16]


def key_of(base: Base, recipes: Path) -> str:
    """Changes with the recipe's files and with what stands in this module."""
    files = [recipes / base.recipe / name for name in ("finish", "drop.txt")]
    return cache.key_of(
        *(file for file in files if file.exists()),
        base.suite.release,
        base.suite.python or "",
        *(part.replace(str(recipes), "builder") for part in debootstrap(base, recipes)),
        *docker_import(base, key=""),
    )


def _make(site: Site, base: Base, key: str) -> None:
    machine.need_mmdebstrap(site)
    files = site.cache / f"{base.role}-{base.suite.name}.tar"
    sources = machine.mirrors().sources(base.suite.release)
    options = [f"--aptopt={option}" for option in machine.apt_options()]
    command = debootstrap(base, site.recipes)
    with say.step(f"{base.name}: making it from Debian packages"):
        shell.do(
            [*command, *options, base.suite.release, files, *sources],
            log=site.log(f"{base.role}-{base.suite.name}-image"),
            failure=f"mmdebstrap could not make {base.name}",
            remedy="It needs root and the Debian mirror that apt is configured with",
            env={
                **site.env,
                "SOURCE_DATE_EPOCH": str(pack.EPOCH),
                "PYTHON": f"python{base.suite.python}" if base.suite.python else "",
                "DROP": str(site.recipes / base.recipe / "drop.txt"),
            },
        )
        shell.do(
            ["docker", "import", *docker_import(base, key), files, base.name],
            log=site.log(f"{base.role}-{base.suite.name}-import"),
            failure=f"Docker could not import {base.name}",
            remedy="Look at the free disk space and at the engine's log",
        )
    files.unlink()


def _derive(site: Site, base: Base, key: str) -> None:
    """A build image from the files of its run image, which is there."""
    container = f"flaskpack-{base.role}-{base.suite.name}"
    shell.ask(["docker", "rm", container])
    for command in (
        ["create", "--name", container, run_base(base.suite).name, "sh"],
        ["commit", *docker_import(base, key), container, base.name],
        ["rm", container],
    ):
        shell.do(
            ["docker", *command],
            log=site.log(f"{base.role}-{base.suite.name}-commit"),
            failure=f"Docker could not make {base.name}",
            remedy="Look at the engine's log",
        )


def debootstrap(base: Base, recipes: Path) -> list[str]:
    """mmdebstrap's command line up to the suite, without anything of this machine."""
    recipe = recipes / base.recipe
    packages = [package for name in base.lists for package in items(recipe / f"{name}.txt")]
    lists = [recipes / "excludes.txt", recipe / "excludes.txt"]
    excludes = [f"--dpkgopt={path}" for file in lists if file.exists() for path in items(file)]
    # For files that are unpacked only, mmdebstrap runs no other hook.
    variant, hook = ("minbase", "customize") if base.recipe == "build" else ("extract", "extract")
    return [
        "mmdebstrap",
        f"--variant={variant}",
        f"--include={','.join(packages)}",
        "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
        f'--{hook}-hook="{recipe / "finish"}" "$1"',
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
