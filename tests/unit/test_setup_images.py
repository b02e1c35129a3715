"""The base images' recipes: what mmdebstrap and docker import are told."""

import shutil
from pathlib import Path

import pytest

from scripts.toolchain import images

BUILD = images.build_base(images.TRIXIE)
RUN = images.run_base(images.TRIXIE)


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    top = tmp_path / "builder"
    for role in ("build", "run"):
        (top / role).mkdir(parents=True)
        (top / role / "packages.txt").write_text("# why\nbase-files\n\nbash\n")
    (top / "excludes.txt").write_text("path-exclude=/usr/share/man/*\n")
    (top / "run" / "excludes.txt").write_text("# old\npath-exclude=/usr/lib/*/gconv/*\n")
    return top


def test_names() -> None:
    assert (BUILD.name, RUN.name) == ("flaskpack/build:trixie", "flaskpack/run:trixie")


def test_the_run_image_is_files_only(recipes: Path) -> None:
    assert images.debootstrap(RUN, recipes) == [
        "mmdebstrap",
        "--variant=extract",
        "--include=base-files,bash",
        "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
        f'--extract-hook="{recipes}/run/finish" "$1"',
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/lib/*/gconv/*",
    ]


def test_the_build_image_is_configured(recipes: Path) -> None:
    assert images.debootstrap(BUILD, recipes) == [
        "mmdebstrap",
        "--variant=minbase",
        "--include=base-files,bash",
        "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
        f'--customize-hook="{recipes}/build/finish" "$1"',
        "--dpkgopt=path-exclude=/usr/share/man/*",
    ]


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
    with (recipes / "run" / "packages.txt").open("a") as packages:
        packages.write("sed\n")
    assert images.key_of(RUN, recipes) != run
    assert images.key_of(BUILD, recipes) == build
    (recipes / "excludes.txt").write_text("")
    assert images.key_of(BUILD, recipes) != build


def test_keys_are_the_same_in_every_checkout(recipes: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(recipes, tmp_path / "elsewhere" / "builder")
    assert images.key_of(RUN, copied) == images.key_of(RUN, recipes)
