"""The contenders for one app, each built once so that the next ones can be counted."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.build import apps, builders, contenders, floor, lock, sizes
from benchmarks.build.apps import APPS, Sources
from benchmarks.build.contenders import Contender
from benchmarks.build.rows import CODE, FIRST, FLOOR, PIP, UV, Row
from benchmarks.build.steps import Bench, build
from scripts.toolchain import docker

LAYERS = "/layers/flaskpack"


@dataclass(frozen=True)
class Bases:
    """Names of images; of each pair the second has ``other_python``. ``run`` is ours."""

    other_python: str
    builders: tuple[str, str]
    run: str
    pip: tuple[str, str]
    uv: tuple[str, str]


@dataclass(frozen=True)
class Contest:
    """Each contender has a folder of its own."""

    app: str
    sources: Sources
    contenders: tuple[Contender, ...]

    @property
    def with_app(self) -> tuple[Contender, ...]:
        return tuple(each for each in self.contenders if each.key != FLOOR)

    def for_row(self, row: Row) -> tuple[Contender, ...]:
        """The floor installs nothing and answers nothing: it takes part in two rows."""
        return self.contenders if row.key in (FIRST, CODE) else self.with_app


def prepare(bench: Bench, bases: Bases, name: str) -> Contest:
    """Ours goes first: the floor needs our layers, and an image of its own."""
    app, folder, env = APPS[name], bench.place / name, bench.tools.site.env
    sources = apps.lay_out(
        app, folder / "sources", lambda at: lock.make(bench.tools, bench.made, bases.uv[0], at)
    )

    def image(key: str) -> str:
        return bench.made.name(f"{name}-{key}")

    def built(contender: Contender) -> Contender:
        apps.fresh(sources, contender.app)
        build(bench, contender, from_nothing=True)
        return contender

    def dockerfile(key: str, of: tuple[str, str]) -> Contender:
        recipe = f"{key}-locked" if app.locked else key
        return contenders.dockerfile(key, image(key), folder / key, recipe, of, env)

    builder, other = bases.builders
    ours = built(
        contenders.flaskpack(
            bench.tools,
            image("flaskpack"),
            folder / "flaskpack",
            builder,
            (other, bases.other_python),
        )
    )
    archive = copied(bench, ours.image, LAYERS)
    its_builder = _floor_builder(bench, image("floor-builder"), our_layers(ours.image), folder)
    lowest = contenders.floor(bench.tools, image("floor"), folder / "floor", its_builder, archive)
    others = [
        built(dockerfile(key, of))
        for key, of in ((PIP, bases.pip), (UV, bases.uv))
        if key in app.sides
    ]
    return Contest(name, sources, (ours, built(lowest), *others))


def _floor_builder(bench: Bench, name: str, layers: dict[str, Any], folder: Path) -> str:
    buildpack = folder / "floor-buildpack"
    description = (bench.tools.buildpack / "buildpack.toml").read_text(encoding="utf-8")
    floor.write(buildpack, description, sorted(layers))
    builders.of_buildpack(bench.tools, bench.made, name, buildpack)
    return name


def our_layers(image: str) -> dict[str, Any]:
    """What the lifecycle wrote down of our launch layers."""
    told = json.loads(docker.label(image, "io.buildpacks.lifecycle.metadata") or "{}")
    (ours,) = (buildpack for buildpack in told["buildpacks"] if buildpack["key"] == "flaskpack")
    layers: dict[str, Any] = ours["layers"]
    return layers


def copied(bench: Bench, image: str, folder: str) -> Path:
    """An archive of a folder of an image."""
    to = bench.place / f"{image}.tar"
    sizes.copy_out(image, folder, bench.made.name("looked-into"), to)
    return to
