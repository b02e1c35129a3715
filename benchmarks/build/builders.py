"""Builders of a run: ours under names of its own, and those that hold another buildpack."""

from pathlib import Path

from benchmarks.build.made import Made
from scripts.toolchain import builder, pack, setup, shell
from scripts.toolchain.images import Suite, build_base, run_base
from scripts.toolchain.setup import SUITE, Toolchain


def ours(tools: Toolchain, suite: Suite, made: Made, place: Path) -> str:
    """The suite's, so that setting up elsewhere can't replace it under way.

    The copies that pack makes of it inherit the label. ``place`` doesn't exist yet.
    """
    name, of = made.name(f"builder-{suite.name}"), builder.name(suite)
    place.mkdir(parents=True)
    (place / "Dockerfile").write_text(f"FROM {of}\nLABEL {made.label}\n", encoding="utf-8")
    shell.do(
        ["docker", "build", "--tag", name, place],
        log=tools.site.log("bench-builder"),
        failure=f"Docker could not name {of} anew",
        remedy="Look at the engine's log",
        env={**tools.site.env, "DOCKER_BUILDKIT": "0"},
    )
    return name


def of_buildpack(tools: Toolchain, made: Made, name: str, buildpack: Path) -> None:
    """A builder that holds that buildpack alone, which is called as ours is."""
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
        [*create, "--pull-policy", "never", "--label", made.label],
        log=tools.site.log("bench-other-builder"),
        failure="pack could not make a builder of the benchmark's own",
        remedy="The log says why",
        env=tools.site.env,
    )
