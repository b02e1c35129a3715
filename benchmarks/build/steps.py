"""What is done for each row of a round: a build, or a start."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.build import apps, commands, rows, start
from benchmarks.build.apps import Sources
from benchmarks.build.contenders import Contender
from benchmarks.build.made import Made
from scripts.toolchain import docker, shell
from scripts.toolchain.setup import Toolchain


@dataclass(frozen=True)
class Bench:
    """What all apps share. ``place`` is a folder for this run."""

    tools: Toolchain
    made: Made
    place: Path


def first(bench: Bench, sources: Sources, contender: Contender, _round: int) -> float:
    apps.fresh(sources, contender.app)
    return build(bench, contender, from_nothing=True)


def code(bench: Bench, _sources: Sources, contender: Contender, number: int) -> float:
    apps.change_code(contender.app, number)
    return build(bench, contender)


def changed(bench: Bench, sources: Sources, contender: Contender, _round: int) -> float:
    apps.change_version(sources, contender.app)
    return build(bench, contender)


def added(bench: Bench, _sources: Sources, contender: Contender, _round: int) -> float:
    apps.add_requirement(contender.app)
    return build(bench, contender)


def other_python(bench: Bench, _sources: Sources, contender: Contender, _round: int) -> float:
    return build(bench, replace(contender, build=contender.otherwise))


def started(bench: Bench, _sources: Sources, contender: Contender, _round: int) -> float:
    return start.to_first_answer(contender, bench.made.name("started"))


STEPS: Mapping[str, Callable[[Bench, Sources, Contender, int], float]] = {
    rows.FIRST: first,
    rows.CODE: code,
    rows.START: started,
    rows.CHANGED: changed,
    rows.ADDED: added,
    rows.PYTHON: other_python,
}
"""By the row's key: each gives seconds, and finds what the step before it left."""


def build(bench: Bench, contender: Contender, from_nothing: bool = False) -> float:
    """Seconds. An image that loses its name to the new one is removed, outside that time.

    What the build before wrote is on the disk by then: whoever came next would pay for it.
    """
    before = docker.image_id(contender.image)
    if from_nothing:
        forget(contender)
    os.sync()
    command = [*contender.build, *(contender.from_nothing if from_nothing else ())]
    try:
        return commands.timed(
            command,
            # The classic builder: BuildKit's needs a part of the client that Debian 12 lacks.
            env={**bench.tools.site.env, "DOCKER_BUILDKIT": "0", "TMPDIR": str(bench.place)},
            log=bench.tools.site.log(f"bench-{contender.key}"),
            failure=f"{contender.image} could not be built",
        )
    finally:
        if before and before != docker.image_id(contender.image):
            docker.forget(before)


def forget(contender: Contender) -> None:
    """Image and caches: the next build is a first one."""
    shell.ask(["docker", "image", "rm", "--force", contender.image], timeout=120)
    for volume in contender.volumes:
        shell.ask(["docker", "volume", "rm", "--force", volume])
