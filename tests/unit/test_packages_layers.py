"""What the metadata of a layer of packages tells the next build."""

from pathlib import Path

import pytest
from support.contexts import build_context

from buildpack.cnb import toml_file
from layers import packages
from layers.packages import Held, Share
from layers.packages.restoring import restored

FLASK = Held("flask", "3.1.3", "3.1.3~0f", 12, ("click",), ("bin/flask", "lib/python3.13/x/flask"))
CLICK = Held("click", "8.1.0", "8.1.0", 7, (), ("lib/python3.13/x/click",))
SHARE = Share(3, (CLICK, FLASK))


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    layer = SHARE.layer()
    toml_file.write(tmp_path / "layer.toml", layer.document())
    metadata = toml_file.read(tmp_path / "layer.toml")["metadata"]
    context = build_context(tmp_path, {layer.name: metadata})
    assert layer.name == "site-packages-0003"
    assert restored(context, ["site-packages-0003"]) == (SHARE,)
    assert packages.declared_again(context, ["site-packages-0003"]) == (layer,)
    assert SHARE.size == 19


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"holds": ["flask"]},
        {"holds": ["flask 1 1 x  "]},
        {"holds": ["flask 1 1 5   "]},
        {"holds": ["flask 1 1 5  bin/flask,../../../etc/passwd"]},
        {"holds": ["flask 1 1 5  /etc/passwd"]},
    ],
)
def test_what_it_is_not_is_nothing(tmp_path: Path, metadata: dict[str, list[str]]) -> None:
    context = build_context(tmp_path, {"site-packages-0003": metadata})
    assert restored(context, ["site-packages-0003"]) == ()


def test_a_layer_that_is_not_there_cannot_be_declared(tmp_path: Path) -> None:
    context = build_context(tmp_path, {"site-packages-0003": dict(SHARE.layer().metadata)})
    assert packages.declared_again(context, ["site-packages-0003", "site-packages-0004"]) is None
    assert restored(context, ["site-packages-0003", "site-packages-0004"]) == ()
