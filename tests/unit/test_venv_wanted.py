"""What an environment is to have, by a lock or by what uv resolved."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from buildpack.requirements import read_requirements, without_engine
from buildpack.requirements.model import InstallerInput
from layers.venv.wanted import Wanted, both, bringing, identity, locked, resolved

HASH = "sha256:" + "a" * 64


def given(root: Path, text: str, *arguments: str, needs: tuple[str, ...] = ()) -> InstallerInput:
    (root / "requirements.txt").write_text(text)
    (root / "lib").mkdir(exist_ok=True)
    (root / "lib/pyproject.toml").touch()
    read = read_requirements(root, PurePosixPath("requirements.txt"), {})
    return without_engine(replace(read, arguments=arguments), needs)


def test_a_lock_says_everything(tmp_path: Path) -> None:
    text = f"flask==3.1.3 --hash={HASH}\nclick==8.1\nlib @ ./lib\nmeinheld==1.0.2\n"
    found = locked(given(tmp_path, text, "--no-deps"))
    assert found is not None
    assert found.versions == {"flask": "3.1.3", "click": "8.1"}
    assert found.identities == {"flask": identity("3.1.3", [HASH]), "click": "8.1"}
    assert found.elsewhere == {"lib"}
    assert found.names == {"flask", "click", "lib"}


OPEN = {
    "a list": ("flask==3.1.3\n", (), ()),
    "a range": ("flask>=3\n", ("--no-deps",), ()),
    "a version of any kind": ("flask==3.*\n", ("--no-deps",), ()),
    "no version": ("flask\n", ("--no-deps",), ()),
    "a marker": ('flask==3.1.3 ; platform_release == "6"\n', ("--no-deps",), ()),
    "a name that only the package tells": ("./lib\n", ("--no-deps",), ()),
    "something of ours": ("flask==3.1.3\n", ("--no-deps",), ("setuptools<82",)),
}


@pytest.mark.parametrize(("text", "arguments", "needs"), OPEN.values(), ids=OPEN)
def test_what_leaves_something_to_uv(
    tmp_path: Path, text: str, arguments: tuple[str, ...], needs: tuple[str, ...]
) -> None:
    assert locked(given(tmp_path, text, *arguments, needs=needs)) is None


def test_what_uv_resolved() -> None:
    lines = ("Flask_Login==0.6.3", "own==1.0 (from file:///workspace/own)", "Would install 2")
    hashes: Mapping[str, tuple[str, ...]] = {"flask-login": (HASH,)}
    assert resolved(lines, hashes) == Wanted(
        {"flask-login": identity("0.6.3", [HASH])}, {"flask-login": "0.6.3"}, frozenset({"own"})
    )


def test_the_order_of_hashes_is_no_matter() -> None:
    assert identity("1", ["a", "b"]) == identity("1", ["b", "a"]) != identity("1", ["a"])


def test_together() -> None:
    one, other = Wanted({"a": "1"}, {"a": "1"}), Wanted({"a": "2", "b": "1"}, {"a": "2", "b": "1"})
    assert both(one, other) == Wanted({"a": "1", "b": "1"}, {"a": "1", "b": "1"})


def test_what_is_brought_along_takes_the_place_of_what_was_required() -> None:
    given = Wanted({"a": "1~0f", "meinheld": "1.0.2"}, {"a": "1", "meinheld": "1.0.2"})
    ours = {"gunicorn": "27", "meinheld": "1.0.2+flaskpack.1"}
    assert bringing(given, ["gunicorn==27", "meinheld==1.0.2+flaskpack.1"]) == Wanted(
        {"a": "1~0f"} | ours, {"a": "1"} | ours, frozenset(), frozenset(ours)
    )
