"""The builder: base images, lifecycle and buildpack in one image that pack builds with."""

import string
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import cache, docker, say, shell
from scripts.toolchain.images import KEY_LABEL, Base, Suite
from scripts.toolchain.site import Site


@dataclass(frozen=True)
class Ingredients:
    """What a builder is made of, each with its digest: in its path, or in ``ids``."""

    build: Base
    run: Base
    ids: tuple[str, str]
    lifecycle: Path
    buildpack: Path


def name(suite: Suite) -> str:
    return f"flaskpack/builder:{suite.name}"


def ready(site: Site, pack: Path, name: str, made_of: Ingredients, declared: bool = True) -> None:
    """Sees to the builder image; ``declared`` is whether it says which Python it has."""
    config = render(
        (site.recipes / "builder.toml").read_text(encoding="utf-8"),
        {
            "buildpack": str(made_of.buildpack),
            "lifecycle": str(made_of.lifecycle),
            "build_image": made_of.build.name,
            "run_image": made_of.run.name,
            "version": version_of(made_of.buildpack),
        },
        made_of.run.suite.python if declared else None,
    )
    key = cache.key_of(config, *made_of.ids)
    if docker.label(name, KEY_LABEL) == key:
        return
    before = docker.image_id(name)
    with say.step(f"{name}: making it"), tempfile.TemporaryDirectory(dir=site.cache) as place:
        file = Path(place) / "builder.toml"
        file.write_text(config, encoding="utf-8")
        shell.do(
            [
                pack,
                "builder",
                "create",
                name,
                "--config",
                file,
                "--pull-policy",
                "never",
                "--label",
                f"{KEY_LABEL}={key}",
            ],
            log=site.log("builder"),
            failure=f"pack could not make {name}",
            remedy="The log says why; scripts/setup made everything it needs",
            env=site.env,
        )
    docker.forget(before)


def render(template: str, names: Mapping[str, str], stack_python: str | None) -> str:
    """builder.toml; ``stack_python`` says which Python the run image is known to have."""
    stack = ""
    if stack_python:
        stack = f'\n[[build.env]]\nname = "BP_STACK_PYTHON"\nvalue = "{stack_python}"\n'
    return string.Template(template).substitute(names, stack=stack).rstrip("\n") + "\n"


def version_of(buildpack: Path) -> str:
    described = tomllib.loads((buildpack / "buildpack.toml").read_text(encoding="utf-8"))
    return str(described["buildpack"]["version"])
