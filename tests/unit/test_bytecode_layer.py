"""The layer of what was compiled: the modules of large apps."""

import os
from pathlib import Path

import pytest
from support.contexts import build_context

from buildpack.cnb.context import BuildContext
from layers import bytecode


def test_a_small_app_has_no_part_in_it(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    assert bytecode.known_of_app(context, ["main.py"] * 99) is None
    assert bytecode.layers(context) == ()
    assert not (context.layers_dir / "bytecode").exists()


def test_a_large_app_has(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    known = bytecode.known_of_app(context, ["main.py"] * 100)
    assert known == context.layers_dir / "bytecode" / "app"
    assert known.is_dir()


def known_of_large_app(context: BuildContext) -> Path:
    known = bytecode.known_of_app(context, ["main.py"] * 100)
    assert known
    return known


def test_it_is_cached_once_anything_is_in_it(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    known = known_of_large_app(context)
    assert bytecode.layers(context) == ()
    (known / "0").touch()
    (layer,) = bytecode.layers(context)
    assert layer.name == "bytecode"
    assert layer.document() == {
        "types": {"launch": False, "build": False, "cache": True},
        "metadata": {},
    }


@pytest.mark.parametrize("closed", ["bytecode", "bytecode/app"])
def test_that_of_another_user_is_put_aside(tmp_path: Path, closed: str) -> None:
    context = build_context(tmp_path)
    (known_of_large_app(context) / "0").touch()
    (context.layers_dir / closed).chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    context.layers_dir.chmod(0o777)
    user = os.getuid()
    os.setresuid(user or 65534, user or 65534, user)  # root may read everything
    try:
        assert list(known_of_large_app(context).iterdir()) == []
        assert bytecode.layers(context) == ()
    finally:
        os.setresuid(user, user, user)
