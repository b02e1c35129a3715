"""The python layer made by the real uv, from an archive and a list of our own."""

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest
from support.contexts import build_context
from support.python_archive import LATER, VERSION, Archive, archives, listed
from support.python_mirror import serving
from uv import find_uv_bin

from buildpack.app_python import AppPython, provide_python
from buildpack.cnb.context import BuildContext
from buildpack.errors import FlaskpackError
from buildpack.network import Network
from buildpack.settings import Settings
from buildpack.vendored import Vendored

SECRET = "hunter2"
LIST = "UV_PYTHON_DOWNLOADS_JSON_URL"


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with both archives, and the address with credentials that serves it."""
    folder = tmp_path_factory.mktemp("mirror")
    archives(folder)
    with serving(folder) as host:
        yield folder, f"http://user:{SECRET}@{host}"


@pytest.fixture
def both(mirror: tuple[Path, str]) -> dict[str, str]:
    """The setting that offers both versions."""
    folder, address = mirror
    return offering(mirror, *found(folder), name="both.json") | {"": address}


def found(folder: Path) -> tuple[Archive, Archive]:
    first, second = (
        Archive(folder / f"cpython-{version}.tar.gz", version) for version in (VERSION, LATER)
    )
    return first, second


def offering(
    mirror: tuple[Path, str], *offered: Archive, name: str, sha256: str | None = None
) -> dict[str, str]:
    folder, address = mirror
    entries = {f"{address}/{archive.path.name}": archive for archive in offered}
    (folder / name).write_text(listed(entries, sha256))
    return {LIST: f"{address}/{name}"}


def provide(
    root: Path,
    mirror: Mapping[str, str],
    wish: str = "",
    before: AppPython | None = None,
    refresh: bool = False,
) -> AppPython:
    """A build's Python on a stack without one; after ``before``, whose layer is restored."""
    context = context_of(root, wish, before)
    vendored = Vendored(Path(find_uv_bin()), "0", "1", root)
    network = Network(
        python_mirror={name: value for name, value in mirror.items() if name},
        reach={"UV_HTTP_RETRIES": "0"},
    )
    return provide_python(context, vendored, Settings(refresh, network))


def context_of(root: Path, wish: str, before: AppPython | None) -> BuildContext:
    restored: dict[str, Mapping[str, Any]] = {}
    if before and before.layer:
        restored = {"python": before.layer.metadata}
    env = {"BP_PYTHON_VERSION": wish} if wish else {}
    context = build_context(root, restored, env, builder_env={})
    return replace(context, store=before.store if before else {})


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


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


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
    mirror: tuple[Path, str],
    both: dict[str, str],
    made: AppPython,
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    (mirror[0] / "both.json").unlink()
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


def failure(root: Path, network: Mapping[str, str], wish: str = VERSION) -> str:
    with pytest.raises(FlaskpackError) as caught:
        provide(root, network, wish)
    text = caught.value.explanation.render()
    assert SECRET not in text
    assert names(root / "layers") in ([], ["python"])
    return text


MIRROR = (
    "Or fetch it from a mirror of python-build-standalone's releases: "
    "pack build … --env UV_PYTHON_INSTALL_MIRROR=https://HOST/PATH\n"
)


def test_an_archive_that_is_not_there(tmp_path: Path, mirror: tuple[Path, str]) -> None:
    lost = Archive(mirror[0] / "lost.tar.gz", VERSION)
    network = offering(mirror, lost, name="lost.json", sha256="0" * 64)
    host = mirror[1].rpartition("@")[2]
    assert failure(tmp_path, network) == (
        f"Error: Python {VERSION} couldn't be fetched: there is no such file\n\n"
        f"There is nothing at http://****@{host}/lost.tar.gz\n\n"
        "What to do:\n"
        "  1. If UV_PYTHON_INSTALL_MIRROR or UV_PYTHON_DOWNLOADS_JSON_URL is set, check it: a "
        "mirror has the folders of python-build-standalone's releases.\n"
        f"  2. {MIRROR}"
    )


def test_a_mirror_without_the_version(tmp_path: Path, mirror: tuple[Path, str]) -> None:
    text = failure(tmp_path, {"UV_PYTHON_INSTALL_MIRROR": f"{mirror[1]}/m"}, "3.12.4")
    assert text.startswith("Error: Python 3.12.4 couldn't be fetched: there is no such file\n")
    assert "/m/20240726/cpython-3.12.4" in text


@pytest.mark.parametrize(
    ("path", "title", "answer"),
    [
        ("refused", "access is refused", "401 Unauthorized"),
        ("failing", "the server is out of order", "503 Service Unavailable"),
    ],
)
def test_a_server_that_refuses_or_fails(
    tmp_path: Path, mirror: tuple[Path, str], path: str, title: str, answer: str
) -> None:
    text = failure(tmp_path, {"UV_PYTHON_INSTALL_MIRROR": f"{mirror[1]}/{path}"}, "3.12.4")
    assert text.startswith(f"Error: Python 3.12.4 couldn't be fetched: {title}\n")
    assert f" answered: {answer}\n" in text


def test_another_content_than_the_list_says(tmp_path: Path, mirror: tuple[Path, str]) -> None:
    first, _ = found(mirror[0])
    network = offering(mirror, first, name="bad.json", sha256="0" * 64)
    assert failure(tmp_path, network) == (
        f"Error: Python {VERSION} isn't what it should be: its checksum is another\n\n"
        "The file that was fetched is not the one that uv, or the list of "
        "UV_PYTHON_DOWNLOADS_JSON_URL, knows. Nothing of it was kept.\n\n"
        "Found:\n"
        f"  sha256 expected: {'0' * 64}\n"
        f"  sha256 of the file: {first.sha256}\n\n"
        "What to do:\n"
        "  1. If a mirror served it, see to the file there.\n"
        f"  2. {MIRROR}"
    )


def test_half_an_archive(tmp_path: Path, mirror: tuple[Path, str]) -> None:
    half = Archive(mirror[0] / "half.tar.gz", VERSION)
    half.path.write_bytes(found(mirror[0])[0].path.read_bytes()[:3_000_000])
    network = offering(mirror, half, name="half.json")
    assert failure(tmp_path, network).startswith(f"Error: Python {VERSION} can't be unpacked\n")


@pytest.mark.parametrize("content", ['{"x": ', '{"x": {}}', "<html>"])
def test_a_list_that_is_none(tmp_path: Path, mirror: tuple[Path, str], content: str) -> None:
    (mirror[0] / "none.json").write_text(content)
    text = failure(tmp_path, {LIST: f"{mirror[1]}/none.json"})
    assert text.startswith("Error: the list of Pythons can't be read\n")
    assert "Unable to parse the JSON Python download list at `http://" in text


def test_a_list_that_is_not_there(tmp_path: Path, mirror: tuple[Path, str]) -> None:
    text = failure(tmp_path, {LIST: f"{mirror[1]}/nowhere.json"})
    assert text.startswith("Error: the list of Pythons couldn't be fetched: there is no such file")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("http://127.0.0.1:1", "no connection"),
        ("http://flaskpack-no-such-host.invalid", "no such host"),
    ],
)
def test_a_server_that_is_not_there(tmp_path: Path, address: str, title: str) -> None:
    text = failure(tmp_path, {"UV_PYTHON_INSTALL_MIRROR": address}, "3.12.4")
    assert text.startswith(f"Error: Python 3.12.4 couldn't be fetched: {title}\n")


def test_a_python_of_another_version_than_the_list_says(
    tmp_path: Path, mirror: tuple[Path, str]
) -> None:
    lying = replace(found(mirror[0])[0], version="3.11.7")
    network = offering(mirror, lying, name="lying.json")
    text = failure(tmp_path, network, "3.11.7")
    assert text.startswith("Error: Python 3.11.7 was installed and doesn't run\n")
    assert f"Found:\n  It says that it is Python {VERSION}\n" in text


def test_a_python_that_does_not_start(tmp_path: Path, mirror: tuple[Path, str]) -> None:
    broken = Archive(mirror[0] / "broken.tar.gz", VERSION)
    script = b"#!/bin/sh\necho 'libz.so.1: cannot open shared object file' >&2\nexit 127\n"
    whole = found(mirror[0])[0].path
    with tarfile.open(whole) as good, tarfile.open(broken.path, "w:gz", compresslevel=1) as bad:
        for entry in good:
            content: IO[bytes] | None = good.extractfile(entry) if entry.isreg() else None
            if entry.name == "python/bin/python3.11":
                entry.size, content = len(script), io.BytesIO(script)
            bad.addfile(entry, content)
    assert failure(tmp_path, offering(mirror, broken, name="broken.json")) == (
        f"Error: Python {VERSION} was installed and doesn't run\n\n"
        "uv's Pythons need a system with glibc 2.17 or newer, or with musl; one from a list of "
        "your own has to be what the list says.\n\n"
        "Found:\n  libz.so.1: cannot open shared object file\n\n"
        f"What to do:\n  {MIRROR}"
    )


def test_a_version_that_is_not_to_be_had(tmp_path: Path, both: dict[str, str]) -> None:
    assert failure(tmp_path, both, "3.12.1") == (
        "Error: the app asks for a Python that isn't to be had\n\n"
        "Neither the run image nor uv has a version that is all of this.\n\n"
        "Found:\n"
        "  BP_PYTHON_VERSION: 3.12.1\n"
        "  The run image has none\n"
        f"  uv offers {LATER}\n\n"
        "What to do:\n"
        "  Build with: pack build … --env BP_PYTHON_VERSION=3.11\n"
    )


def test_a_version_that_is_too_old(tmp_path: Path) -> None:
    text = failure(tmp_path, {}, "2.7.18")
    assert text.startswith(
        "Error: the app asks for a Python that is too old\n\n"
        "Flaskpack runs apps on Python 3.9 and newer.\n\n"
        "Found:\n"
        "  BP_PYTHON_VERSION: 2.7.18\n"
        "  The run image has none\n"
        "  uv offers 3."
    )
    assert text.endswith("  Build with: pack build … --env BP_PYTHON_VERSION=3.13\n")


def test_a_full_disk(tmp_path: Path, both: dict[str, str]) -> None:
    layers = tmp_path / "layers"
    layers.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(layers)]
    subprocess.run(mount, check=True)
    try:
        with pytest.raises(FlaskpackError) as caught:
            provide(tmp_path, both, VERSION)
    finally:
        subprocess.run(["umount", str(layers)], check=True)
    text = caught.value.explanation.render()
    assert text.startswith(
        f"Error: the disk is full\n\nThere was no room left for Python {VERSION}.\n"
    )
