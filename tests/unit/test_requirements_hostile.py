"""Requirements files of strange names, behind links, in closed folders: the whole message."""

import os
from pathlib import Path, PurePosixPath

import pytest

from buildpack.errors.requirements import RequirementsError
from buildpack.requirements import read_requirements

ROOT = PurePosixPath("requirements.txt")


def told(app: Path, line: str) -> str:
    (app / ROOT).write_text(line)
    with pytest.raises(RequirementsError) as raised:
        read_requirements(app, ROOT)
    return raised.value.explanation.render()


def missing(file: str) -> str:
    return f"""\
Error: a requirements file is missing

{file} doesn't exist in the app.

Found:
  {file}, included by requirements.txt:1

What to do:
  1. Check its name; it is relative to the file that includes it.
  2. Check that it isn't left out of the build by .gitignore, .dockerignore or the exclude list \
in project.toml.
"""


def unreadable(file: str, reason: str) -> str:
    return f"""\
Error: a file of the app can't be read

Reading {file} failed: {reason}.

Found:
  {file}, included by requirements.txt:1

What to do:
  Look at what it is, and whether all may read it: ls -l {file}
"""


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("-r file:new%0Aline.txt", "new%0Aline.txt"),
        ("-r file:%1B[31mred.txt", "%1B[31mred.txt"),
        ("-r file:%E2%80%AEtxt.txt", "%E2%80%AEtxt.txt"),
        ("-r 'it is.txt'", "it is.txt"),
        ('-r "it\'s.txt"', "it%27s.txt"),
        ("-r 100%s.txt", "100%25s.txt"),
    ],
)
def test_names_are_shown_on_one_line(tmp_path: Path, line: str, shown: str) -> None:
    assert told(tmp_path, line) == missing(shown)


def test_a_null_byte_in_a_name(tmp_path: Path) -> None:
    assert told(tmp_path, "-r file:a%00.txt") == unreadable("a%00.txt", "its name can't be used")


def test_a_folder_whose_name_is_not_utf_8(tmp_path: Path) -> None:
    app = tmp_path / os.fsdecode(b"my 'pro\nject' \xe9")
    app.mkdir()
    assert told(app, "-r a.txt") == missing("a.txt")


def test_folders_that_are_links_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    reason = "Too many levels of symbolic links"
    assert told(tmp_path, "-r a/base.txt") == unreadable("a/base.txt", reason)


def test_a_folder_that_is_a_link_out_of_the_app(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "base.txt").write_text("flask")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a").symlink_to("../outside")
    assert (
        told(tmp_path / "app", "-r a/base.txt")
        == """\
Error: a requirements file lies outside of the app

a/base.txt is a link to a place outside of the app's folder.

Found:
  a/base.txt, included by requirements.txt:1

What to do:
  Put a copy of the file into the app's folder.
"""
    )


def test_a_closed_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    (tmp_path / "a").mkdir(mode=0)
    (tmp_path / ROOT).write_text("")
    (tmp_path / ROOT).chmod(0o666)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        text = told(tmp_path, "-r a/base.txt")
    finally:
        os.seteuid(user)
    assert text == unreadable("a/base.txt", "Permission denied")
