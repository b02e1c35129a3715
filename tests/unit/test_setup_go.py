"""Versions: of Go, of modules, of pack."""

from pathlib import Path

import pytest

from scripts.toolchain import go, pack

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("told", "version"),
    [
        ("go version go1.19.8 linux/amd64", (1, 19, 8)),
        ("go version go1.26.6 linux/amd64", (1, 26, 6)),
        ("0.40.6+git-1234.build-9", (0, 40, 6)),
        ("go version devel", None),
    ],
)
def test_version_in(told: str, version: tuple[int, ...] | None) -> None:
    assert go.version_in(told) == version


@pytest.mark.parametrize(
    ("go_mod", "least"),
    [
        ("module m\n\ngo 1.26.5\n", (1, 26, 5)),
        ("module m\n\ngo 1.26\n", (1, 26)),
        ("module m\n", (1,)),
    ],
)
def test_required_go(go_mod: str, least: tuple[int, ...]) -> None:
    assert go.required_go(go_mod) == least


def test_required_module_is_not_confused_by_longer_names() -> None:
    go_mod = (
        "require (\n\tgithub.com/buildpacks/lifecycle/x v9.9.9\n"
        "\tgithub.com/buildpacks/lifecycle v0.21.14 // indirect\n)\n"
        "require github.com/buildpacks/pack v0.40.6\n"
    )
    assert go.required_module(go_mod, "github.com/buildpacks/lifecycle") == "0.21.14"
    assert go.required_module(go_mod, "github.com/buildpacks/pack") == "0.40.6"
    with pytest.raises(ValueError, match=r"^github\.com/buildpacks/spec is not required$"):
        go.required_module(go_mod, "github.com/buildpacks/spec")


@pytest.mark.parametrize("module", ["pack", "lifecycle"])
def test_the_pinned_go_builds_our_modules(module: str) -> None:
    folder = REPOSITORY / "builder"
    pinned = go.version_in((folder / "go.txt").read_text(encoding="utf-8"))
    least = go.required_go((folder / module / "go.mod").read_text(encoding="utf-8"))
    assert pinned is not None
    assert pinned >= least


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ("0.40.6+git-1234", True),
        ("0.40.2", True),
        ("0.41.0", True),
        ("0.40.1", False),
        ("0.9.0", False),
        ("", False),
        (None, False),
    ],
)
def test_which_pack_can_be_used(told: str | None, fits: bool) -> None:
    assert pack.fits(told) is fits
