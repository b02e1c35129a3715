"""The measurement itself: in each round every contender in turn, for each app."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.build import apps, commands, contenders, floor, sizes, start
from benchmarks.build.contenders import Contender
from benchmarks.build.made import Made
from benchmarks.build.results import ROWS, AppResult
from scripts.toolchain import builder, docker, pack, say, setup, shell
from scripts.toolchain.images import build_base, run_base
from scripts.toolchain.setup import SUITE, Toolchain

LAYERS = "/layers/flaskpack"
INSTALLED = "/usr/local/lib"
"""Where the Dockerfile's pip puts packages."""


@dataclass(frozen=True)
class Bench:
    """What all apps share. ``place`` is a folder for this run, ``builder`` is ours."""

    tools: Toolchain
    made: Made
    place: Path
    builder: str
    base: str


@dataclass(frozen=True)
class Contest:
    """The contenders for one app, each with a folder of its own."""

    app: str
    ours: Contender
    floor: Contender
    theirs: Contender

    @property
    def all(self) -> tuple[Contender, ...]:
        return (self.ours, self.floor, self.theirs)


class Samples(defaultdict[str, dict[str, list[float]]]):
    """Collects what is measured, see ``results.Samples``."""

    def __init__(self) -> None:
        super().__init__(lambda: defaultdict(list))

    def add(self, row: str, contender: Contender, value: float) -> None:
        self[row][contender.key].append(value)


def measure(bench: Bench, app: str, rounds: int) -> AppResult:
    with say.step(f"{app}: builds that aren't counted, and a look into their images"):
        contest = prepare(bench, app)
        samples = measure_sizes(bench, contest)
        packages, only = compare_packages(bench, contest)
    for number in range(1, rounds + 1):
        take_round(bench, contest, samples, number)
        say.line(f"{app}, round {number} of {rounds}: {told(samples)}")
    return AppResult(app, {row: dict(of) for row, of in samples.items()}, packages, only)


def prepare(bench: Bench, app: str) -> Contest:
    """Each contender built once: the floor needs our layers, and an image of its own."""
    image, folder = bench.made.name, bench.place / app
    ours = contenders.flaskpack(
        bench.tools, image(f"{app}-flaskpack"), folder / "flaskpack", bench.builder
    )
    apps.fresh(app, ours.app)
    build(bench, ours, from_nothing=True)

    layers = our_layers(ours.image)
    archive = copied(bench, ours.image, LAYERS)
    floors = image(f"{app}-floor-builder")
    make_floor_builder(bench, floors, sorted(layers), folder / "floor-buildpack")
    lowest = contenders.floor(bench.tools, image(f"{app}-floor"), folder / "floor", floors, archive)
    theirs = contenders.dockerfile(
        bench.tools.site.env,
        image(f"{app}-dockerfile"),
        folder / "dockerfile",
        bench.base,
        layers["venv"]["data"]["versions"]["gunicorn"],
    )
    for contender in (lowest, theirs):
        apps.fresh(app, contender.app)
        build(bench, contender, from_nothing=True)
    return Contest(app, ours, lowest, theirs)


def take_round(bench: Bench, contest: Contest, samples: Samples, number: int) -> None:
    for contender in contest.all:
        apps.fresh(contest.app, contender.app)
    startable = (contest.ours, contest.theirs)
    for contender in startable:
        samples.add("first", contender, build(bench, contender, from_nothing=True))
    for contender in contest.all:
        apps.change_code(contender.app, number)
        samples.add("code", contender, build(bench, contender))
    for contender in startable:
        container = bench.made.name("started")
        samples.add("start", contender, start.to_first_answer(contender, container))
    for contender in startable:
        apps.add_requirement(contender.app)
        samples.add("requirement", contender, build(bench, contender))


def told(samples: Samples) -> str:
    """The newest times, for whoever waits."""
    return "; ".join(
        f"{row.title.lower()} " + " / ".join(f"{of[-1]:.2f}" for of in samples[row.key].values())
        for row in ROWS
        if row.unit == "s"
    )


def measure_sizes(bench: Bench, contest: Contest) -> Samples:
    samples = Samples()
    for contender, base in (
        (contest.ours, run_base(SUITE).name),
        (contest.theirs, bench.base),
    ):
        samples.add("size", contender, sizes.image_size(contender.image))
        samples.add("own", contender, sizes.compressed(contender.image, base))
    return samples


def compare_packages(bench: Bench, contest: Contest) -> tuple[int, dict[str, list[str]]]:
    """How many both sides have alike, and what only one has."""
    ours = sizes.distributions(sizes.files_in(copied(bench, contest.ours.image, LAYERS)))
    theirs = sizes.distributions(sizes.files_in(copied(bench, contest.theirs.image, INSTALLED)))
    only = {contest.ours.key: sorted(ours - theirs), contest.theirs.key: sorted(theirs - ours)}
    return len(ours & theirs), only


def build(bench: Bench, contender: Contender, from_nothing: bool = False) -> float:
    """Seconds. An image that loses its name to the new one is removed, outside that time."""
    before = docker.image_id(contender.image)
    if from_nothing:
        forget(contender)
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


def copied(bench: Bench, image: str, folder: str) -> Path:
    """An archive of a folder of an image."""
    to = bench.place / f"{image}.tar"
    sizes.copy_out(image, folder, bench.made.name("looked-into"), to)
    return to


def our_layers(image: str) -> dict[str, Any]:
    """What the lifecycle wrote down of our launch layers."""
    told = json.loads(docker.label(image, "io.buildpacks.lifecycle.metadata") or "{}")
    (ours,) = (buildpack for buildpack in told["buildpacks"] if buildpack["key"] == "flaskpack")
    layers: dict[str, Any] = ours["layers"]
    return layers


def make_floor_builder(bench: Bench, name: str, layers: list[str], buildpack: Path) -> None:
    """Ours with the floor's buildpack in the place of ours."""
    tools = bench.tools
    description = (tools.buildpack / "buildpack.toml").read_text(encoding="utf-8")
    floor.write(buildpack, description, layers)
    lifecycle = pack.lifecycle(tools.site, setup.compiler_for(tools.site, tools.python))
    names = {
        "buildpack": str(buildpack),
        "lifecycle": str(lifecycle),
        "build_image": build_base(SUITE).name,
        "run_image": run_base(SUITE).name,
        "version": builder.version_of(buildpack),
    }
    template = (tools.site.recipes / "builder.toml").read_text(encoding="utf-8")
    config = buildpack.with_name("builder.toml")
    config.write_text(builder.render(template, names, SUITE.python), encoding="utf-8")
    create: list[str | Path] = [tools.pack, "builder", "create", name, "--config", config]
    shell.do(
        [*create, "--pull-policy", "never", "--label", bench.made.label],
        log=tools.site.log("bench-floor-builder"),
        failure="pack could not make the builder of the floor",
        remedy="The log says why",
        env=tools.site.env,
    )
