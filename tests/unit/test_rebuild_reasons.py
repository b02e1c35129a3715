"""What makes a build install again, and the whole line that it logs: a table of changes.

Each row is a first build of the same project, a change, and a second build, with a uv that
installs nothing and notes that it was run. How single files are keyed stands in
test_requirements_key.py.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from support.project_builds import (
    FILES,
    HASH,
    Change,
    Project,
    both,
    encoded,
    having,
    in_layers,
    in_workspace,
    linked,
    moved,
    on_target,
    remove,
    swap,
    with_env,
    with_python,
    write,
)

from buildpack import environment
from buildpack.errors.requirements import RemoteFileError

ROOT = "requirements.txt changed"
BASE = "pins/base.txt changed, included by requirements.txt:2"
GONE = [
    "requirements.txt is no longer read",
    "pins/base.txt is no longer included",
    "pins/deeper.txt is no longer included",
    "limits/all.txt is no longer included",
    "limits.txt is no longer included",
    "./lib is no longer required",
    "metadata of ./tool is no longer required",
    "${SIX} is no longer used",
]
FIRST_INDEX = {"PIP_INDEX_URL": "https://me:one@one.example/simple"}

TABLE: dict[str, tuple[Change, list[str]]] = {
    # The app's files.
    "nothing": (lambda _: None, []),
    "code": (write("main.py", "app = 2"), []),
    "a new module": (write("more.py", ""), []),
    "a template": (write("templates/index.html", "hello"), []),
    "a requirements file that nobody includes": (write("pins/dev.txt", "pytest"), []),
    "dates of files": (lambda project: os.utime(project.root / "app/lib/lib.py", (1, 1)), []),
    "a link in place of the file": (linked, []),
    "flask imported for the first time": (
        having(imports_flask=True),
        ["what is added gunicorn==27.0.1 became flask==3.1.3 gunicorn==27.0.1"],
    ),
    # The text of the requirements.
    "a requirement less": (swap("idna==3.10 \\\n", "six \\\n"), [ROOT]),
    "a requirement more": (swap("./lib\n", "./lib\nhumanize\n"), [ROOT]),
    "another version": (swap("idna==3.10", "idna==3.11"), [ROOT]),
    "an extra": (swap("idna==", "idna[all]=="), [ROOT]),
    "a marker": (swap('>= "3.9"', '< "3.9"'), [ROOT]),
    "a hash": (swap(HASH, HASH.replace("aa", "bb")), [ROOT]),
    "another commit of a repository": (swap("tiny@v1", "tiny@v2"), [ROOT]),
    "a pin that needs more beside it": (
        swap("./lib\n", "./lib\ngunicorn==20.1.0\n"),
        ["what is added gunicorn==27.0.1 became setuptools<82 gunicorn==27.0.1", ROOT],
    ),
    "a comment only": (swap("# what the app needs", "# all that the app needs"), [ROOT]),
    "an empty line only": (swap("# what the app needs\n", "# what the app needs\n\n"), [ROOT]),
    "blanks at a line's end only": (swap("./lib\n", "./lib  \n"), [ROOT]),
    "line ends only": (swap("\n", "\r\n"), [ROOT]),
    "a continued line on one line": (swap(" \\\n    --hash", " --hash"), [ROOT]),
    "UTF-16": (encoded("utf-16"), [ROOT]),
    "UTF-8 with a byte order mark": (encoded("utf-8-sig"), [ROOT]),
    "Latin-1, as a comment says": (encoded("latin-1", "# -*- coding: latin-1 -*- \xe9\n"), [ROOT]),
    "an index in the file": (swap("./lib\n", "./lib\n--index-url https://h/simple\n"), [ROOT]),
    "prereleases allowed": (swap("./lib\n", "./lib\n--pre\n"), [ROOT]),
    # The files it is made of.
    "an included file": (swap("click", "click<9", "pins/base.txt"), [BASE]),
    "an index in an included file": (
        swap("click", "--extra-index-url https://h/simple\nclick", "pins/base.txt"),
        [BASE],
    ),
    "a file included by an included file": (
        write("pins/deeper.txt", "-c ../limits/all.txt\nitsdangerous<3\n"),
        ["pins/deeper.txt changed, included by pins/base.txt:1"],
    ),
    "a constraint": (
        write("limits.txt", "flask<3\n"),
        ["limits.txt changed, included by requirements.txt:3"],
    ),
    "a constraint three files down": (
        write("limits/all.txt", "werkzeug<3\n"),
        ["limits/all.txt changed, included by pins/deeper.txt:1"],
    ),
    "constraints that become requirements": (swap("-c limits", "-r limits"), [ROOT]),
    "a file that includes the first one": (
        swap("click", "-r ../requirements.txt\nclick", "pins/base.txt"),
        [BASE],
    ),
    "a file by another name": (
        both(moved("limits.txt", "bounds.txt"), swap("limits.txt", "bounds.txt")),
        [
            ROOT,
            "bounds.txt is new, included by requirements.txt:3",
            "limits.txt is no longer included",
        ],
    ),
    "the file in the other place": (
        both(write("app/requirements.txt", "click\n"), remove("requirements.txt")),
        ["app/requirements.txt is read now", *GONE],
    ),
    "no file any more": (remove("requirements.txt"), GONE),
    # Local packages.
    "a local package": (
        write("lib/lib.py", "x = 2"),
        ["./lib changed, required by requirements.txt:4"],
    ),
    "an editable package's code": (write("tool/tool.py", "x = 2"), []),
    "an editable package's metadata": (
        write("tool/setup.py", "setup(1)"),
        ["metadata of ./tool changed, required by requirements.txt:5"],
    ),
    "a local package made editable": (
        swap("./lib\n", "-e ./lib\n"),
        [
            ROOT,
            "metadata of ./lib is new, required by requirements.txt:4",
            "./lib is no longer required",
        ],
    ),
    # The platform's variables.
    "a variable that a requirement uses": (
        with_env(SIX="1.16.0"),
        ["${SIX} changed, used by requirements.txt:6"],
    ),
    "a variable that nobody uses": (with_env(FLASK_DEBUG="1"), []),
    "asked to renew": (with_env(BP_REFRESH="true"), ["BP_REFRESH is set"]),
    "asked to renew, and a file": (
        both(with_env(BP_REFRESH="true"), swap("idna==3.10", "idna==3.11")),
        ["BP_REFRESH is set", ROOT],
    ),
    "an index": (with_env(**FIRST_INDEX), ["the package index is set now"]),
    "one more index": (
        with_env(PIP_EXTRA_INDEX_URL="https://h/simple"),
        ["the list of extra package indexes is set now"],
    ),
    "addresses of packages": (
        with_env(PIP_FIND_LINKS="https://h/links"),
        ["the list of pages with links is set now"],
    ),
    "which index wins": (
        with_env(UV_INDEX_STRATEGY="unsafe-best-match"),
        ["the way to choose among indexes is set now"],
    ),
    "a login for an index": (with_env(UV_INDEX_OURS_PASSWORD="s3cr3t"), []),
    "patience with an index": (with_env(PIP_TIMEOUT="90"), []),
    "a folder of wheels": (
        write("wheels/idna-3.10-py3-none-any.whl", "wheel"),
        ["wheels/ is new"],
    ),
    # The builder.
    "a newer Python": (with_python(version="3.13.6"), ["Python 3.13.5 became 3.13.6"]),
    "another Python": (
        with_python(version="3.14.0", path=Path("/usr/bin/python3.14")),
        [
            "Python 3.13.5 became 3.14.0",
            "the interpreter cpython /usr/bin/python3.13 became cpython /usr/bin/python3.14",
            "the engine's wheel is gone",
        ],
    ),
    "another C library": (
        with_python(libc_version="2.42"),
        ["the C library glibc 2.41 became glibc 2.42"],
    ),
    "another uv": (having(uv="0.14.0"), ["uv 0.13.9 became 0.14.0"]),
    "another engine": (
        having(engine="1.0.2+flaskpack.2"),
        ["the engine 1.0.2+flaskpack.1 became 1.0.2+flaskpack.2"],
    ),
    "the same engine, built anew": (having(engine_wheel="anew"), ["the engine's wheel changed"]),
    "another Flaskpack": (
        having(adjust=lambda context: replace(context, buildpack_version="0.2.0")),
        ["Flaskpack 0.1.0 became 0.2.0"],
    ),
    "another architecture": (
        on_target(arch="arm64"),
        [
            "the target linux/amd64 debian 13 became linux/arm64 debian 13",
            "the engine's wheel is gone",
        ],
    ),
    "another folder for the layers": (
        in_layers("elsewhere"),
        ["the environment's folder ROOT/layers/venv/venv became ROOT/elsewhere/venv/venv"],
    ),
    "another workspace": (in_workspace("srv"), ["the app's folder ROOT/app became ROOT/srv"]),
    "another release of the system": (
        on_target(distro_version="14"),
        ["the target linux/amd64 debian 13 became linux/amd64 debian 14"],
    ),
}

BETWEEN_INDEXES: dict[str, tuple[dict[str, str], list[str]]] = {
    "the same": (FIRST_INDEX, []),
    "other credentials": ({"PIP_INDEX_URL": "https://you:two@one.example/simple"}, []),
    "another name of the variable": ({"UV_INDEX_URL": FIRST_INDEX["PIP_INDEX_URL"]}, []),
    "another host": (
        {"PIP_INDEX_URL": "https://me:one@two.example/simple"},
        ["the package index changed"],
    ),
    "none": ({}, ["the package index is no longer set"]),
    "none, by an empty value": ({"PIP_INDEX_URL": ""}, ["the package index is no longer set"]),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    for name, text in FILES.items():
        made.write(name, text)
    return made


def lines(reasons: list[str]) -> list[str]:
    """What a build logs of its decision."""
    kept = ["  Nothing changed: the last build's environment is kept, no installer runs"]
    return [f"  Installing: {reason}" for reason in reasons] or kept


def check(
    project: Project, change: Change, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first = project.build()
    assert lines(["there is no environment of an earlier build"])[0] in capsys.readouterr().out
    (project.root / "runs").unlink()
    change(project)
    project.build(first)
    said = capsys.readouterr().out.replace(str(project.root), "ROOT").splitlines()
    assert [line for line in said if line.startswith(("  Inst", "  Noth"))] == lines(expected)
    assert (project.root / "runs").exists() is bool(expected)


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) + len(BETWEEN_INDEXES) >= 40


@pytest.mark.parametrize(("change", "expected"), TABLE.values(), ids=TABLE)
def test_a_change(
    project: Project,
    change: Change,
    expected: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    check(project, change, expected, capsys)


@pytest.mark.parametrize(("index", "expected"), BETWEEN_INDEXES.values(), ids=BETWEEN_INDEXES)
def test_a_change_of_the_index(
    project: Project,
    index: dict[str, str],
    expected: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    project.env |= FIRST_INDEX
    check(project, having(env={"SIX": "1.17.0"} | index), expected, capsys)


def test_another_way_of_installing(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image must not keep what an older Flaskpack of the same version had done wrong."""

    def change(_: Project) -> None:
        monkeypatch.setattr(environment, "INSTALLS", (Path(__file__),))

    check(project, change, ["the way of installing changed"], capsys)


def test_an_address_among_the_files_is_refused(project: Project) -> None:
    """What can't be looked at beforehand can't be part of the key."""
    first = project.build()
    (project.root / "runs").unlink()
    swap("-c limits.txt", "-c https://host.example/limits.txt")(project)
    with pytest.raises(RemoteFileError):
        project.build(first)
    assert not (project.root / "runs").exists()
