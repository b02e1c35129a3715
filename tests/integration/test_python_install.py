"""The python layer made by the real uv, kept, renewed and made again."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.python_archive import LATER, VERSION
from support.python_installs import SECRET, Mirror, mirror_in, names, provide

from buildpack.app_python import AppPython


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    with mirror_in(tmp_path_factory.mktemp("mirror")) as made:
        yield made


@pytest.fixture
def both(mirror: Mirror) -> dict[str, str]:
    """The setting that offers both versions."""
    return mirror.offering("both.json", *mirror.archives())


def digest(folder: Path) -> dict[str, str]:
    """Every file and link of a tree, with modes and contents."""
    return {
        str(path.relative_to(folder)): (
            f"link {path.readlink()}"
            if path.is_symlink()
            else f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        )
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def ask(python: Path, program: str) -> str:
    command = [str(python), "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={})
    return done.stdout.strip()


@pytest.fixture
def made(tmp_path: Path, both: dict[str, str]) -> AppPython:
    return provide(tmp_path, both, VERSION)


def test_the_layer_is_told_and_holds_a_python_that_runs(
    tmp_path: Path, both: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    made = provide(tmp_path, both, VERSION)
    python = made.interpreter
    assert (python.version, python.implementation) == (VERSION, "cpython")
    assert python.path == tmp_path / "layers/python/python/bin/python3.11"
    assert made.layer is not None
    assert made.layer.document()["types"] == {"launch": True, "build": False, "cache": True}
    assert made.layer.metadata["version"] == VERSION
    assert made.store == {"python": "3.11"}
    assert names(tmp_path / "layers") == ["python"]
    assert names(tmp_path / "layers/python") == ["python"]
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        f"  {VERSION}, asked for by BP_PYTHON_VERSION; installed by uv",
        "  Installing: there is none of an earlier build",
    ]
    assert said[2].startswith(f"  Downloading cpython-{VERSION}-linux-x86_64-gnu (download) (")
    assert len(said) == 3


def test_what_an_image_has_no_use_for_is_left_out(made: AppPython) -> None:
    home = made.interpreter.path.parent.parent
    stdlib = home / "lib/python3.11"
    gone = ("test", "idlelib", "ensurepip", "site-packages/pip", "tkinter")
    assert [name for name in gone if (stdlib / name).exists()] == []
    assert not list(home.glob("lib/libpython*"))
    assert not list(home.glob("lib/libtcl*"))
    assert not list(home.rglob("*.a"))
    assert not (home / "share/man").exists()
    assert (home / "include/python3.11/Python.h").is_file()


def test_all_bytecode_is_there_and_valid_whatever_the_date(made: AppPython) -> None:
    stdlib = made.interpreter.path.parent.parent / "lib/python3.11"
    sources = [path for path in stdlib.rglob("*.py") if "lib2to3/tests" not in str(path)]
    assert len(sources) > 400
    cached = [path.parent / "__pycache__" / f"{path.stem}.cpython-311.pyc" for path in sources]
    assert {path.read_bytes()[4] for path in cached} == {1}
    assert len(list(stdlib.rglob("*.pyc"))) == len(sources)


def test_compilers_are_told_where_it_lies(made: AppPython) -> None:
    home = made.interpreter.path.parent.parent
    program = "import sysconfig; print(sysconfig.get_config_var('INCLUDEPY'))"
    assert ask(made.interpreter.path, program) == f"{home}/include/python3.11"
    texts = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert not [path for path in texts if b"uv-python" in path.read_bytes()]


def test_two_installs_are_identical(tmp_path: Path, both: dict[str, str], made: AppPython) -> None:
    layer = tmp_path / "layers/python"
    first = digest(layer)
    again = provide(tmp_path, both, VERSION)
    assert digest(layer) == first
    assert again.layer == made.layer


def test_no_credentials_are_kept_or_told(
    tmp_path: Path, both: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    made = provide(tmp_path, both, VERSION)
    assert SECRET not in capsys.readouterr().out
    assert SECRET not in str(made)
    files = [path for path in (tmp_path / "layers").rglob("*") if path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_an_unchanged_wish_keeps_it_without_asking_anybody(
    tmp_path: Path,
    mirror: Mirror,
    both: dict[str, str],
    made: AppPython,
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    (mirror.folder / "both.json").unlink()
    again = provide(tmp_path, both, VERSION, made)
    assert again == made
    assert capsys.readouterr().out == (
        f"  {VERSION}, asked for by BP_PYTHON_VERSION; kept from the last build\n"
    )


def test_without_a_wish_the_minor_version_of_the_last_build_stays(
    tmp_path: Path, both: dict[str, str], made: AppPython, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert provide(tmp_path, both, "", made) == made
    assert capsys.readouterr().out == (
        f"  {VERSION}, as in the last build; kept from the last build\n"
        "  Today's default is 3.13: BP_PYTHON_VERSION=3.13 takes it\n"
    )


@pytest.mark.parametrize(
    ("wish", "refresh", "origin", "reason"),
    [
        (LATER, False, "asked for by BP_PYTHON_VERSION", f"the last build had {VERSION}"),
        ("3.11", True, "asked for by BP_PYTHON_VERSION", "BP_REFRESH is set"),
        ("", True, "as in the last build", "BP_REFRESH is set"),
    ],
)
def test_a_newer_one_is_taken_where_it_is_asked_for(
    tmp_path: Path,
    both: dict[str, str],
    made: AppPython,
    capsys: pytest.CaptureFixture[str],
    wish: str,
    refresh: bool,
    origin: str,
    reason: str,
) -> None:
    capsys.readouterr()
    newer = provide(tmp_path, both, wish, made, refresh)
    assert newer.interpreter.version == LATER
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [f"  {LATER}, {origin}; installed by uv", f"  Installing: {reason}"]


@pytest.mark.parametrize("damage", ["gone", "broken"])
def test_a_lost_or_damaged_cache_is_noticed(
    tmp_path: Path,
    both: dict[str, str],
    made: AppPython,
    capsys: pytest.CaptureFixture[str],
    damage: str,
) -> None:
    before = digest(tmp_path / "layers/python")
    program = made.interpreter.path
    if damage == "gone":
        program.unlink()
    else:
        program.write_bytes(program.read_bytes()[:4096])
    capsys.readouterr()
    provide(tmp_path, both, VERSION, made)
    said = capsys.readouterr().out
    assert "  Installing: the last build's isn't in the cache, or doesn't run\n" in said
    assert digest(tmp_path / "layers/python") == before
