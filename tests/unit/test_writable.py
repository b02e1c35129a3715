"""Folders that the app may write to."""

from pathlib import Path, PurePosixPath

import pytest

from buildpack.errors.settings import BadSetting
from buildpack.writable import make_writable, read_writable


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize(
    ("value", "folders"),
    [
        ("", ()),
        (" , ", ()),
        ("data", ("data",)),
        ("data/, ./var//uploads data", ("data", "var/uploads")),
        ("a/../b", ("b",)),
    ],
)
def test_what_the_user_names(tmp_path: Path, value: str, folders: tuple[str, ...]) -> None:
    named = read_writable(tmp_path, {"BP_WRITABLE_DIRS": value})
    assert named == tuple(map(PurePosixPath, folders))


@pytest.mark.parametrize(
    "value", ["/data", "..", "../x", "a/../..", ".", "data ./", "main.py", "link", "link/x"]
)
def test_what_is_no_folder_of_the_app_is_refused(tmp_path: Path, value: str) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "main.py").touch()
    (app / "link").symlink_to(tmp_path)
    with pytest.raises(BadSetting) as caught:
        read_writable(app, {"BP_WRITABLE_DIRS": value})
    assert caught.value.explanation.render() == (
        f"""\
Error: BP_WRITABLE_DIRS has a value that makes no sense

BP_WRITABLE_DIRS can be folders of the app, relative to it (data, var/uploads), with commas or \
blanks between.

Found:
  BP_WRITABLE_DIRS={value!r}, from the platform (pack build --env, project.toml)

What to do:
  Give it one of these values, or leave it out.
"""
    )


def test_they_are_open_with_all_that_lies_in_them(tmp_path: Path) -> None:
    app, outside = tmp_path / "app", tmp_path / "outside"
    (app / "data" / "deep").mkdir(parents=True)
    outside.touch(mode=0o600)
    (app / "data/deep/run").touch(mode=0o755)
    (app / "data/link").symlink_to(outside)
    (app / "code").mkdir(mode=0o755)
    make_writable(app, (PurePosixPath("data"), PurePosixPath("var/new")))
    for folder in ("data", "data/deep", "var/new", "instance"):
        assert mode(app / folder) == 0o2777, folder
    assert mode(app / "data/deep/run") == 0o777
    assert mode(app / "code") == mode(app / "var") == 0o755
    assert mode(outside) == 0o600


def test_an_instance_that_is_no_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("x")
    make_writable(tmp_path, ())
    assert (tmp_path / "instance").read_text() == "x"
    assert not mode(tmp_path / "instance") & 0o002


def test_a_link_that_leads_nowhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "instance").symlink_to("/absent")
    make_writable(tmp_path, ())
    assert (tmp_path / "instance").readlink() == Path("/absent")
