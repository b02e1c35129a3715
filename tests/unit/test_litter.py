"""What builds leave in the app's folder: taken out, or a reason to build again."""

from pathlib import Path, PurePosixPath

import pytest

from buildpack.left_behind import builds_folders, clear, files_of, keyed
from buildpack.requirements import reasons
from buildpack.requirements.model import Coverage, Entry, Form, LocalPath, Origin, Role


def local(path: str, *, editable: bool = False) -> Entry:
    origin = Origin(PurePosixPath("requirements.txt"), 1)
    covers = Coverage.METADATA if editable else Coverage.CONTENTS
    place = LocalPath(origin, PurePosixPath(path), covers)
    return Entry(origin, path, Role.REQUIREMENTS, Form.LOCAL, None, local=place, editable=editable)


def write(app: Path, *names: str) -> None:
    for name in names:
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text("x")


SOURCES = ("main.py", "lib/setup.py", "tool/setup.py", "data/build/x", "données/ü")


@pytest.mark.parametrize(
    ("entries", "made", "kept", "left"),
    [
        # setuptools, editable.
        ([local(".", editable=True)], ["own.egg-info/PKG-INFO", "src/b.egg-info/PKG-INFO"], [], []),
        # setuptools, not editable.
        ([local("lib")], ["lib/build/lib/a.py", "lib/lib.egg-info/PKG-INFO", "lib/b/c.so"], [], []),
        ([local(".")], ["build/lib/own.py", "own.egg-info/PKG-INFO"], [], []),
        # What the app imports from its own folder, or an editable one.
        (
            [local("."), local("tool", editable=True)],
            ["src/own/_version.py", "tool/fast.so", "tool/t.egg-info/x"],
            ["src/own/_version.py", "tool/fast.so"],
            ["src/own/_version.py", "tool/fast.so"],
        ),
        ([local("lib")], ["own/_version.py"], ["own/_version.py"], ["own/_version.py"]),
        # Bytecode is always there.
        ([local("lib")], ["__pycache__/main.pyc"], [], ["__pycache__/main.pyc"]),
    ],
)
def test_what_is_taken_out(
    tmp_path: Path, entries: list[Entry], made: list[str], kept: list[str], left: list[str]
) -> None:
    write(tmp_path, *SOURCES)
    before = files_of(tmp_path)
    assert before == set(SOURCES)
    write(tmp_path, *made)
    assert clear(tmp_path, entries, before) == tuple(kept)
    there = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert there == {*SOURCES, *left}
    assert not [path for path in tmp_path.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_metadata_that_the_app_brings_along_stays(tmp_path: Path) -> None:
    write(tmp_path, "own.egg-info/PKG-INFO")
    before = files_of(tmp_path)
    write(tmp_path, "own.egg-info/SOURCES.txt")
    assert clear(tmp_path, [local(".", editable=True)], before) == ("own.egg-info/SOURCES.txt",)


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "outside/x", "app/main.py")
    (tmp_path / "app/out").symlink_to(tmp_path / "outside")
    (tmp_path / "app/nowhere").symlink_to("absent")
    assert files_of(tmp_path / "app") == {"main.py", "out", "nowhere"}


def test_only_folders_are_built(tmp_path: Path) -> None:
    write(tmp_path, "lib/setup.py", "a-1.0-py3-none-any.whl")
    assert builds_folders(tmp_path, [local("lib")])
    assert not builds_folders(tmp_path, [local("a-1.0-py3-none-any.whl")])
    assert not builds_folders(tmp_path, [])


def test_a_file_that_lacks_is_a_reason_to_build_again() -> None:
    assert keyed(()) == {}
    key = {"Python": "3.13.5"}
    assert reasons({**key, **keyed(("src/own/_version.py", "x.so"))}, key) == (
        "src/own/_version.py, which building the app wrote, is gone",
    )
    assert reasons({**key, **keyed(("a'b",))}, key) == (
        "a%27b, which building the app wrote, is gone",
    )
