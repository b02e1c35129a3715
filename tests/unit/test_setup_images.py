"""The base images' recipes: what mmdebstrap and docker import are told."""

import shutil
from pathlib import Path

import pytest

from scripts.toolchain import docker, images
from scripts.toolchain.images import Suite
from scripts.toolchain.site import Site

BUILD = images.build_base(images.TRIXIE)
RUN = images.run_base(images.TRIXIE)

SMALL = Suite("small", "bookworm", "12", "3.11", ("ground",))
EXCLUDED = "--dpkgopt=path-exclude=/usr/share/man/*"
MERGED = "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    top = tmp_path / "builder"
    for role, lists in (("build", ("packages",)), ("run", images.TRIXIE.lists)):
        (top / role).mkdir(parents=True)
        (top / role / "finish").write_text("#!/bin/sh\n")
        for name in lists:
            (top / role / f"{name}.txt").write_text(f"# why\n{name}-a\n\n{name}-b\n")
    (top / "excludes.txt").write_text("path-exclude=/usr/share/man/*\n")
    (top / "run" / "excludes.txt").write_text("# old\npath-exclude=/usr/lib/*/gconv/*\n")
    return top


def test_names() -> None:
    assert (BUILD.name, RUN.name) == ("flaskpack/build:trixie", "flaskpack/run:trixie")


def test_the_tiny_run_image_goes_with_the_usual_build_image() -> None:
    assert images.build_base(images.TINY) == BUILD
    assert images.run_base(images.TINY).name == "flaskpack/run:tiny"


def test_the_run_image_is_files_only(recipes: Path) -> None:
    packages = "ground-a,ground-b,shell-a,shell-b,python-a,python-b,libraries-a,libraries-b"
    assert images.debootstrap(RUN, recipes) == [
        "mmdebstrap",
        "--variant=extract",
        f"--include={packages}",
        MERGED,
        f'--extract-hook="{recipes}/run/finish" "$1"',
        EXCLUDED,
        "--dpkgopt=path-exclude=/usr/lib/*/gconv/*",
    ]


def test_the_build_image_is_configured(recipes: Path) -> None:
    assert images.debootstrap(BUILD, recipes) == [
        "mmdebstrap",
        "--variant=minbase",
        "--include=packages-a,packages-b",
        MERGED,
        f'--customize-hook="{recipes}/build/finish" "$1"',
        EXCLUDED,
    ]


def test_other_build_images_hold_what_their_run_images_hold(recipes: Path) -> None:
    build, run = images.build_base(SMALL), images.run_base(SMALL)
    assert build.name == "flaskpack/build:small"
    assert images.debootstrap(build, recipes) == images.debootstrap(run, recipes)
    assert "USER 1001:1000" in images.docker_import(build, "k")


@pytest.mark.parametrize("suite", [images.TRIXIE, *images.OTHERS])
def test_every_list_of_packages_is_there(suite: Suite) -> None:
    recipes = Path(__file__).parents[2] / "builder"
    for base in (images.build_base(suite), images.run_base(suite)):
        assert all(images.items(recipes / base.recipe / f"{name}.txt") for name in base.lists)


def test_what_the_images_say_of_themselves() -> None:
    common = [
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "ENV LANG=C.UTF-8",
    ]
    labels = [
        "LABEL io.buildpacks.base.distro.name=debian",
        "LABEL io.buildpacks.base.distro.version=13",
        "LABEL flaskpack.key=k",
    ]
    assert images.docker_import(RUN, "k")[1::2] == [*common, "USER 1002:1000", *labels]
    assert images.docker_import(BUILD, "k")[1::2] == [
        *common,
        "USER 1001:1000",
        *labels,
        "ENV CNB_USER_ID=1001",
        "ENV CNB_GROUP_ID=1000",
    ]
    assert set(images.docker_import(RUN, "k")[0::2]) == {"--change"}


def test_keys_follow_the_recipe(recipes: Path) -> None:
    run, build = images.key_of(RUN, recipes), images.key_of(BUILD, recipes)
    with (recipes / "run" / "shell.txt").open("a") as packages:
        packages.write("sed\n")
    added = images.key_of(RUN, recipes)
    assert added != run
    (recipes / "run" / "drop.txt").write_text("dpkg\n")
    assert images.key_of(RUN, recipes) not in (run, added)
    assert images.key_of(BUILD, recipes) == build
    (recipes / "excludes.txt").write_text("")
    assert images.key_of(BUILD, recipes) != build


def test_keys_are_the_same_in_every_checkout(recipes: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(recipes, tmp_path / "elsewhere" / "builder")
    assert images.key_of(RUN, copied) == images.key_of(RUN, recipes)


@pytest.mark.parametrize(
    ("label", "renew", "made"),
    [
        ("of this recipe", False, []),
        ("of this recipe", True, ["made"]),
        ("of another", False, ["made"]),
        (None, False, ["made"]),
    ],
)
def test_an_image_is_made_when_its_recipe_changed_or_on_demand(
    label: str | None,
    renew: bool,
    made: list[str],
    recipes: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = images.key_of(RUN, recipes)
    found: list[str] = []
    monkeypatch.setattr(docker, "label", lambda *_: key if label == "of this recipe" else label)
    monkeypatch.setattr(docker, "image_id", lambda _: "sha256:0123456789abcdef0123")
    monkeypatch.setattr(docker, "forget", lambda _: None)
    monkeypatch.setattr(images, "_make", lambda *_: found.append("made"))
    site = Site(recipes.parent, recipes.parent / "cache", {})
    assert images.ready(site, RUN, renew) == "0123456789abcdef"
    assert found == made
