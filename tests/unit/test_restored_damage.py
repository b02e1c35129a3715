"""What the last build left, damaged in every place: no reason to fail, and nothing to build on."""

import copy
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from support.contexts import build_context
from support.project_builds import PYTHON

from buildpack.python_version import Version
from buildpack.requirements import read_requirements
from layers import python, venv, wheels
from layers.venv.keeping import last_shares
from layers.venv.recipe import Recipe

JUNK: tuple[Any, ...] = (5, True, "", "x", "a b c d e f", [], ["x"], [5], {}, {"x": 5}, [{"x": 5}])
"""A label of an image is JSON: what it holds can be anything."""

HELD = "gunicorn 27.0.1 27.0.1 5  lib/python3.13/site-packages/gunicorn"
LAST: dict[str, Any] = {
    "venv": {
        "key": [{"name": "Python", "digest": "3.13.5"}],
        "versions": {"gunicorn": "27.0.1"},
        "packages": ["site-packages-0001"],
        "options": "",
    },
    "site-packages-0001": {"holds": [HELD]},
    "python": {"version": "3.13.5", "way": {"uv": "1"}},
    "wheels": {"made_for": {"uv": "1"}, "resolved": "2026-11-23"},
}


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a document."""
    if way:
        yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, found in inner if isinstance(value, dict | list) else ():
        yield from places(found, (*way, key))


def damaged(document: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The document with each value below a name in turn replaced by each piece of junk, or gone."""
    for way in places(document[name], (name,)):
        if way == (name,):
            continue  # a layer's metadata is always a table, see test_cnb_context.py
        for junk in JUNK:
            changed = copy.deepcopy(document)
            inner: Any = changed
            for key in way[:-1]:
                inner = inner[key]
            inner[way[-1]] = junk
            yield changed
            del inner[way[-1]]
            yield changed


@pytest.mark.parametrize("layer", LAST)
def test_damage_is_no_reason_to_fail(tmp_path: Path, layer: str) -> None:
    key = {"Python": "3.13.5"}
    (tmp_path / "app").mkdir()
    (tmp_path / "app/requirements.txt").touch()
    read = read_requirements(tmp_path / "app", PurePosixPath("requirements.txt"), {})
    recipe = Recipe(PYTHON, None, (), None, tmp_path, key, requirements=read)
    changed = list(damaged(LAST, layer))
    assert len(changed) >= 2 * len(JUNK)
    for restored in changed:
        context = build_context(tmp_path, restored)
        if venv.restored_key(context) is not None:
            versions = venv.take_over(context).versions
            assert all(isinstance(text, str) for text in versions.values()), restored
            assert "gunicorn" in versions, restored
        last_shares(context, recipe)
        if version := python.restored_version(context):
            assert Version(version).text == version, restored
        python.changes(context, {"uv": "2"})
        assert wheels.open_wheels(context, {"uv": "1"}).resolved in ("", "2026-11-23"), restored


def test_what_is_whole_is_taken_over(tmp_path: Path) -> None:
    context = build_context(tmp_path, LAST)
    assert venv.restored_key(context) == {"Python": "3.13.5"}
    assert venv.take_over(context).versions == {"gunicorn": "27.0.1"}
    assert python.restored_version(context) == "3.13.5"
    assert python.changes(context, {"uv": "2"}) == ("uv",)
    assert wheels.open_wheels(context, {"uv": "1"}).resolved == "2026-11-23"
