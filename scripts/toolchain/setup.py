"""Setting up: everything from the Docker engine to the builder, each made once."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.toolchain import (
    builder,
    cache,
    devenv,
    docker,
    engine,
    go,
    images,
    machine,
    pack,
    package,
    say,
    vendor,
)
from scripts.toolchain.site import Site

REPOSITORY = Path(__file__).resolve().parents[2]

SUITE = images.TRIXIE

BUILDER = f"flaskpack/builder:{SUITE.name}"

UNDECLARED = "flaskpack/builder:undeclared"
"""A builder that doesn't say that its run image has a Python: for tests."""


@dataclass(frozen=True)
class Toolchain:
    """What is ready, and with what."""

    site: Site
    python: Path
    pack: Path
    buildpack: Path
    certificates: Path | None


def set_up(undeclared: bool = False) -> Toolchain:
    """Makes what is missing; ``undeclared`` is whether that builder is wanted too."""
    # Without a key pack warns, in what looks like a container, about caches it may lose.
    env = {"PACK_VOLUME_KEY": "flaskpack", **os.environ}
    site = Site(REPOSITORY, cache.folder(os.environ), env)
    with cache.locked(site.cache):
        certificates = see_to_certificates(site)
        site = replace(site, env=machine.trusting(site.env, certificates))
        python = devenv.ready(site)
        engine_version = docker.ready(site)
        site = replace(site, env=docker.reachable(site.env))

        compiler = compiler_for(site, python)
        pack_program = pack.pack(site, compiler)
        lifecycle = pack.lifecycle(site, compiler)

        build, run = images.build_base(SUITE), images.run_base(SUITE)
        keys = (images.ready(site, build), images.ready(site, run))

        headers = images.headers(site, build, keys[0])
        wheel = engine.ready(site, python, headers)
        buildpack = package.ready(site, vendor.ready(site, python), wheel)

        made_of = builder.Ingredients(build, run, keys, lifecycle, buildpack)
        builder.ready(site, pack_program, BUILDER, made_of)
        if undeclared:
            builder.ready(site, pack_program, UNDECLARED, made_of, declared=False)
    say.line(
        f"Ready after {say.elapsed()}: Docker engine {engine_version}, {pack_program}, {BUILDER}"
    )
    return Toolchain(site, python, pack_program, buildpack, certificates)


def see_to_certificates(site: Site) -> Path | None:
    """The machine's bundle; a bare Debian gets one."""
    found = machine.certificates(site.env)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        machine.install(["ca-certificates"], site, "Certificates")
        found = machine.certificates(site.env)
    return found


def compiler_for(site: Site, python: Path) -> Callable[[Path], str]:
    """Gives the go program for a module; asked only when something is to be built."""

    def of(module: Path) -> str:
        go_mod = (module / "go.mod").read_text(encoding="utf-8")
        return go.compiler(site, python, go.required_go(go_mod))

    return of
