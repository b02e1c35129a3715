"""Setting up: everything from the Docker engine to the builder, each made once."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.toolchain import (
    builder,
    cache,
    clang,
    devenv,
    docker,
    engine,
    go,
    headers,
    images,
    interpreter,
    machine,
    nginx,
    pack,
    package,
    peers,
    say,
    uml,
    vendor,
)
from scripts.toolchain.site import Site

REPOSITORY = Path(__file__).resolve().parents[2]

SUITE = images.TRIXIE

BUILDER = builder.name(SUITE)

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


def site() -> Site:
    """This checkout with the user's cache and environment."""
    # Without a key pack warns, in what looks like a container, about caches it may lose.
    env = {"PACK_VOLUME_KEY": "flaskpack", **os.environ}
    return Site(REPOSITORY, cache.folder(os.environ), env)


def set_up(for_tests: bool = False, builders: bool = False, renew: bool = False) -> Toolchain:
    """Makes what is missing; ``for_tests`` is whether what only tests need is wanted too.

    ``builders`` asks for the other builders, which tests need; ``renew`` makes the base images
    anew from today's Debian packages.
    """
    here = site()
    with cache.locked(here.cache):
        certificates = see_to_certificates(here)
        here = replace(here, env=machine.trusting(here.env, certificates))
        python = devenv.ready(here)
        engine_version = docker.ready(here)
        here = replace(here, env=docker.reachable(here.env))

        compiler = compiler_for(here, python)
        pack_program = pack.pack(here, compiler)
        lifecycle = pack.lifecycle(here, compiler)
        go.clear_workshop(here)

        build, run = images.build_base(SUITE), images.run_base(SUITE)
        ids = (images.ready(here, build, renew), images.ready(here, run, renew))

        wheels = engine.ready(here, python, headers.ready(here, python.parent), engine.PACKAGED)
        runs_on = interpreter.ready(here, python, build, renew)
        buildpack = package.ready(here, vendor.ready(here, python), wheels, runs_on)

        made_of = builder.Ingredients(build, run, ids, lifecycle, buildpack)
        builder.ready(here, pack_program, BUILDER, made_of)
        if for_tests or builders:
            _other_builders(here, pack_program, made_of, renew)
        if for_tests:
            devenv.compiler(here)
            devenv.valgrind(here)
            nginx.ready(here)
            peers.ready(here, renew)
            uml.ready(here)
            clang.ready(here)
            builder.ready(here, pack_program, UNDECLARED, made_of, declared=False)
    say.line(
        f"Ready after {say.elapsed()}: Docker engine {engine_version}, {pack_program}, {BUILDER}"
    )
    return Toolchain(here, python, pack_program, buildpack, certificates)


def _other_builders(
    site: Site, pack_program: Path, first: builder.Ingredients, renew: bool
) -> None:
    for suite in images.OTHERS:
        build, run = images.build_base(suite), images.run_base(suite)
        # A build image may be made from its run image; one that we have by now is not renewed.
        run_id = images.ready(site, run, renew)
        build_id = images.ready(site, build, renew and build != first.build)
        made_of = replace(first, build=build, run=run, ids=(build_id, run_id))
        builder.ready(site, pack_program, builder.name(suite), made_of)


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
