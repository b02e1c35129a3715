"""The layer of compiled modules: for large apps only."""

from pathlib import Path

from support.contexts import build_context

from layers import bytecode


def test_a_small_app_has_none(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    assert bytecode.known(context, ["main.py"] * 99) is None
    assert bytecode.layers(None) == ()
    assert not (context.layers_dir / "bytecode").exists()


def test_a_large_app_has_one_that_is_cached(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    known = bytecode.known(context, ["main.py"] * 100)
    assert known == context.layers_dir / "bytecode" / "modules"
    assert bytecode.layers(known) == ()
    known.touch()
    (layer,) = bytecode.layers(known)
    assert layer.document() == {
        "types": {"launch": False, "build": False, "cache": True},
        "metadata": {},
    }
