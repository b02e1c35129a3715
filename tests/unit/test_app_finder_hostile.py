"""Files that nobody should open, names that nobody expects, and projects of 10,000 files."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, answer, found, make, refused

from buildpack.app_finder import NotOurs

FLASK_IS_REQUIRED = {"requirements.txt": "flask\n"}


def link(file: str, where: str, found: str) -> str:
    return f"""\
Error: {file} is a link that leads {where}

Flaskpack finds the app by reading its code, and this file is on the way to it.
Only files inside of the app's folder get into the image.

Found:
  {found}

What to do:
  Put the file itself in the place of the link {file}.
"""


NOT_ORDINARY = """\
Error: main.py is no ordinary file

Flaskpack finds the app by reading its code, and this file is on the way to it.
It is a device, a pipe or a socket, and isn't opened.

Found:
  main.py

What to do:
  Put an ordinary file in the place of main.py.
"""


def unreadable(file: str, command: str) -> str:
    return f"""\
Error: {file} can't be opened

Flaskpack finds the app by reading its code, and this file is on the way to it.
The build's user may not read it.

Found:
  {file}: Permission denied

What to do:
  Give everybody the right to read it:
  {command}
"""


def test_link_inside_the_app_is_followed(tmp_path: Path) -> None:
    make(tmp_path, {"real.py": APP})
    (tmp_path / "main.py").symlink_to("real.py")
    assert found(tmp_path, {}).app_module == "main:app"


def test_folder_link_inside_the_app_is_followed(tmp_path: Path) -> None:
    make(tmp_path, {"web/main.py": APP})
    (tmp_path / "app").symlink_to("web")
    assert found(tmp_path, {}).app_module == "app.main:app"


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/etc/passwd", "out of the app, or to nothing"),
        ("../../outside.py", "out of the app, or to nothing"),
        ("gone.py", "out of the app, or to nothing"),
        ("main.py", "round in a circle"),
    ],
)
def test_link_that_leads_elsewhere(tmp_path: Path, target: str, where: str) -> None:
    (tmp_path / "main.py").symlink_to(target)
    told = refused(tmp_path, FLASK_IS_REQUIRED)
    assert told == link("main.py", where, f"main.py -> {target}")


def test_circle_of_two_links(tmp_path: Path) -> None:
    (tmp_path / "main.py").symlink_to("other.py")
    (tmp_path / "other.py").symlink_to("main.py")
    told = refused(tmp_path, FLASK_IS_REQUIRED)
    assert told == link("main.py", "round in a circle", "main.py -> other.py")


def test_folder_that_is_a_link_out_of_the_app(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", {"main.py": APP})
    project = make(tmp_path / "project", FLASK_IS_REQUIRED)
    (project / "app").symlink_to(outside)
    found = "app/main.py (a folder above it is a link)"
    assert refused(project, {}) == link("app/main.py", "out of the app, or to nothing", found)


def test_folders_that_are_links_to_each_other(tmp_path: Path) -> None:
    make(tmp_path, FLASK_IS_REQUIRED)
    (tmp_path / "app").symlink_to("web")
    (tmp_path / "web").symlink_to("app")
    found = "app/main.py (a folder above it is a link)"
    assert refused(tmp_path, {}) == link("app/main.py", "round in a circle", found)


def test_link_out_of_the_app_is_no_flask_project_without_a_sign(tmp_path: Path) -> None:
    (tmp_path / "main.py").symlink_to("/etc/passwd")
    result = answer(tmp_path, {})
    assert isinstance(result, NotOurs)
    assert result.there == (
        "main.py is a link that leads out of the app, or to nothing",
        "main.py",
    )


def test_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main.py")
    assert refused(tmp_path, FLASK_IS_REQUIRED) == NOT_ORDINARY


def test_socket_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket has at most 107 bytes
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("main.py")
        assert refused(tmp_path, FLASK_IS_REQUIRED) == NOT_ORDINARY


def test_pipes_everywhere_block_nothing(tmp_path: Path) -> None:
    make(tmp_path, {"app/": "", "src/p/": ""})
    for name in ("requirements.txt", "server.py", "src/p/app.py", "app/wsgi.py", "pyproject.toml"):
        os.mkfifo(tmp_path / name)
    assert found(tmp_path, {"main.py": APP + "import redis\n"}).app_module == "main:app"
    (tmp_path / "main.py").unlink()
    assert isinstance(answer(tmp_path, {}), NotOurs)


def test_device_is_not_opened(tmp_path: Path) -> None:
    device = tmp_path / "main.py"
    expected = NOT_ORDINARY
    try:
        os.mknod(device, 0o20666, os.makedev(1, 3))
    except PermissionError:  # only root makes devices: a link to one serves as well
        device.symlink_to("/dev/null")
        expected = link("main.py", "out of the app, or to nothing", "main.py -> /dev/null")
    assert refused(tmp_path, FLASK_IS_REQUIRED) == expected


@contextmanager
def as_somebody(folder: Path) -> Iterator[None]:
    """Root may read everything: another user is asked, who gets at the folder itself."""
    for above in (folder, *folder.parents[:2]):
        above.chmod(0o755)
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_unreadable_file(tmp_path: Path) -> None:
    make(tmp_path, {"main.py": APP, **FLASK_IS_REQUIRED})
    (tmp_path / "main.py").chmod(0)
    with as_somebody(tmp_path):
        told = refused(tmp_path, {})
    assert told == unreadable("main.py", "chmod a+r main.py")


def test_closed_folder(tmp_path: Path) -> None:
    make(tmp_path, {"app/main.py": APP, **FLASK_IS_REQUIRED})
    (tmp_path / "app").chmod(0)
    with as_somebody(tmp_path):
        told = refused(tmp_path, {})
    (tmp_path / "app").chmod(0o755)
    assert told == unreadable("app/main.py", "chmod -R a+rX app")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("my file.py", "my file.py"),
        ("it's.py", "it's.py"),
        ('"quoted".py', '"quoted".py'),
        ("new\nline.py", "new\\nline.py"),
        ("\x1b[31mred.py", "\\x1b[31mred.py"),
        (os.fsdecode(b"caf\xe9.py"), "caf\\xe9.py"),
        ("100%s.py", "100%s.py"),
        ("right\u202eto left.py", "right\\u202eto left.py"),
    ],
)
def test_names_are_shown_on_one_line(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / name).write_text("x = 1\n")
    result = answer(tmp_path, {})
    assert isinstance(result, NotOurs)
    assert result.there == (shown,)


def test_folder_of_a_strange_name(tmp_path: Path) -> None:
    project = tmp_path / os.fsdecode(b"my 'pro\nject' \xe9")
    project.mkdir()
    assert found(project, {"main.py": APP}).app_module == "main:app"


def test_source_text_in_the_log_is_printable(tmp_path: Path) -> None:
    source = FLASK + "app = Flask('\x1b[31m', '\u202e', \"" + "x" * 500 + '")\n'
    result = found(tmp_path, {"main.py": source})
    assert result.origin.text == "app = Flask('\\x1b[31m', '\\u202e', \"" + "x" * 54 + "…"
    assert all(line.isprintable() for line in result.explain)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are opened from now on."""
    names: list[str] = []
    opens = os.open

    def count(path: str, flags: int, *, dir_fd: int | None = None) -> int:
        names.append(Path(path).name)
        return opens(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", count)
    return names


def test_ten_thousand_files_cost_nothing(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # so many take long on a disk
        project = make(Path(folder), {"app/main.py": APP, "src/": "", "static/": ""})
        for number in range(2500):
            for place in ("", "app", "src", "static"):
                os.mknod(project / place / f"m{number}.py")
        opened.clear()
        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", None)  # a usual place needs no listing
            assert found(project, {}).app_module == "app.main:app"
        assert opened == ["main.py"]


def test_search_without_a_usual_place_is_bounded(opened: list[str]) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        project = make(Path(folder), {f"m{number}.py": "x = 1\n" for number in range(500)})
        opened.clear()
        assert isinstance(answer(project, {}), NotOurs)
        assert len(opened) == 40


def test_nothing_of_the_app_is_run_or_imported(tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    names = ("ast.py", "json.py", "tokenize.py", "flask/__init__.py", "sitecustomize.py")
    make(tmp_path, dict.fromkeys(names, trap))
    make(tmp_path, {"main.py": trap + APP, "buildpack/__init__.py": trap})
    assert (
        refused(tmp_path, {})
        == """\
Error: flask/__init__.py hides the Flask library

from flask import Flask takes this file of the project, not the library.

Found:
  flask/__init__.py

What to do:
  Give it another name, main.py for example.
"""
    )
    assert not (tmp_path / "ran").exists()
