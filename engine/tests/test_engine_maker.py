"""How the engine's wheel is made: source, compiler, checks, archive, command."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from maker import compiler, headers, licenses, patching, recipe, sdist, wheel
from maker.failure import EngineError
from maker.target import Target

BUILD = recipe.ENGINE / "build.py"
HERE = Target("x86_64", "glibc")


def test_pin_is_one_line_with_a_digest() -> None:
    digest = "0" * 64
    pin = sdist.parse_pin(f"# why\nname==1.0 --hash=sha256:{digest}\n")

    assert pin == sdist.Pin("name", "1.0", digest)
    assert pin.requirement == f"name==1.0 --hash=sha256:{digest}"


@pytest.mark.parametrize("text", ["", "name==1.0\n", "name>=1 --hash=sha256:0\n", "a\nb\n"])
def test_pin_without_a_digest_is_refused(text: str) -> None:
    with pytest.raises(EngineError, match="name==version --hash=sha256:DIGEST"):
        sdist.parse_pin(text)


def test_source_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text())
    kept = sdist.fetch(pin, tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    assert sdist.fetch(pin, tmp_path) == kept == tmp_path / "sdist" / pin.sha256
    assert sdist.unpack(kept, tmp_path / "source").name == "meinheld-1.0.2"
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


def test_damaged_source_is_fetched_again(tmp_path: Path) -> None:
    pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text())
    kept = tmp_path / "sdist" / pin.sha256
    kept.parent.mkdir()
    kept.write_text("damaged")

    assert sdist.fetch(pin, tmp_path).stat().st_size > 80_000


def test_source_with_another_digest_is_refused_unread(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pin = sdist.Pin("meinheld", "1.0.2", "0" * 64)
    with pytest.raises(EngineError, match=r"^pip could not download meinheld 1\.0\.2"):
        sdist.fetch(pin, tmp_path)

    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err
    assert list((tmp_path / "sdist").iterdir()) == []


def test_python_version_is_read_from_headers(tmp_path: Path) -> None:
    (tmp_path / "Python.h").touch()
    (tmp_path / "patchlevel.h").write_text('#define PY_MINOR 1\n#define PY_VERSION "3.14.0rc2"\n')

    found = headers.read_headers((tmp_path / "elsewhere", tmp_path))
    assert found == headers.Headers((tmp_path / "elsewhere", tmp_path), 14)


def test_config_of_another_machine_stands_in(tmp_path: Path) -> None:
    config = tmp_path / "x86_64-linux-gnu" / "python3.13" / "pyconfig.h"
    config.parent.mkdir(parents=True)
    config.write_text("config")
    found = headers.Headers((tmp_path / "python3.13", tmp_path), 13)
    scratch = tmp_path / "scratch"

    assert headers.with_config(found, "x86_64", scratch) == found
    assert headers.with_config(headers.Headers((tmp_path,), 12), "aarch64", scratch).minor == 12
    assert not scratch.exists()
    other = headers.with_config(found, "aarch64", scratch)
    assert other.folders == (*found.folders, scratch)
    copy = scratch / "aarch64-linux-gnu" / "python3.13" / "pyconfig.h"
    assert copy.read_text() == "config"


def test_missing_headers_are_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=f"^no Python.h in {tmp_path}: install Python's headers"):
        headers.read_headers((tmp_path,))
    with pytest.raises(EngineError, match="names no Python 3"):
        headers.python_minor('#define PY_VERSION "2.7.18"')


def test_compiler_gets_its_flags_from_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "meinheld" / "server").mkdir(parents=True)
    for name in ("b.c", "a.c", "picoev_kqueue.c", "picoev_epoll.c"):
        (tmp_path / "meinheld" / "server" / name).touch()
    folders = headers.Headers((Path("/h1"), Path("/h2")), 13)
    command = compiler.command(tmp_path, folders, HERE, Path("/out.so"))

    assert command[1:6] == ["-m", "ziglang", "cc", "-target", "x86_64-linux-gnu.2.17"]
    assert "-DNDEBUG" in command
    includes = command.index("-idirafter")
    assert command[includes : includes + 4] == ["-idirafter", "/h1", "-idirafter", "/h2"]
    theirs = [f"meinheld/server/{name}" for name in ("a.c", "b.c", "picoev_epoll.c")]
    ours = [str(compiler.NATIVE / name) for name in ("abi.c", "fstat.c")]
    assert command[-7:] == [*theirs, *ours, "-o", "/out.so"]


LICENSES = {
    "LICENSE": "Copyright (c) Yutaka Matsubara",
    "http_parser.txt": "copyright Joyent, Inc.",
    "nginx.txt": "Igor Sysoev",
    "picoev.txt": "Copyright (c) 2009, Cybozu Labs, Inc.",
}


@pytest.fixture(scope="module")
def built(include: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recipe.build(include, HERE, tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_what_it_should(built: Path) -> None:
    minor = built.name.split("-")[2].removeprefix("cp3")
    assert built.name == (
        f"meinheld-1.0.2+flaskpack.1-cp3{minor}-cp3{minor}"
        "-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
    )
    info = "meinheld-1.0.2+flaskpack.1.dist-info"
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
        metadata = archive.read(f"{info}/METADATA").decode()
        texts = {name: archive.read(f"{info}/licenses/{name}").decode() for name in LICENSES}
        told = json.loads(archive.read(f"{info}/sboms/engine.cdx.json"))
        assert archive.read(f"{info}/entry_points.txt") == (
            b"[gunicorn.workers]\ngunicorn_worker = meinheld.gmeinheld:MeinheldWorker\n"
        )

    assert f"meinheld/server.cpython-3{minor}-x86_64-linux-gnu.so" in names
    assert [name for name in names if name.endswith(".py")] == [
        "meinheld/__init__.py",
        "meinheld/common.py",
        "meinheld/gmeinheld.py",
        "meinheld/middleware.py",
        "meinheld/mlogging.py",
        "meinheld/msocket.py",
        "meinheld/patch.py",
        "meinheld/removed.py",
        "meinheld/requestlog.py",
        "meinheld/websocket.py",
    ]
    assert names[-1] == f"{info}/RECORD"
    assert [name for name in names if "/licenses/" in name] == [
        f"{info}/licenses/{name}" for name in LICENSES
    ]
    for name, holder in LICENSES.items():
        assert holder in texts[name]
        assert "IN NO EVENT SHALL" in texts[name]
        assert "*/" not in texts[name]
        assert f"License-File: {name}\n" in metadata
    assert "License-Expression: BSD-3-Clause AND BSD-2-Clause AND MIT\n" in metadata
    assert "Requires-Dist" not in metadata
    engine = told["metadata"]["component"]
    patches = patching.series(recipe.ENGINE / "patches")
    assert (engine["name"], engine["version"]) == ("meinheld", "1.0.2+flaskpack.1")
    assert engine["pedigree"]["ancestors"][0]["purl"] == "pkg:pypi/meinheld@1.0.2"
    assert engine["pedigree"]["patches"][1] == {
        "type": "unofficial",
        "resolves": [
            {
                "type": "defect",
                "name": "0002-take-out-the-files-that-our-build.patch",
                "description": "Take out the files that our build leaves aside",
            }
        ],
    }
    assert len(engine["pedigree"]["patches"]) == len(patches)


@pytest.mark.parametrize("text", ["int a;\n/* Copyright A */", "/* a */\n/* Copyright A */", ""])
def test_source_without_its_license_ends_the_build(text: str) -> None:
    with pytest.raises(EngineError, match=r"^a\.c doesn't begin with its license$"):
        licenses.at_the_head(text, "a.c")


def test_record_lists_every_file() -> None:
    name = wheel.Wheel("1.0", 13, HERE)
    made = wheel.archive(name, {"meinheld/b.py": b"", "meinheld-1.0.dist-info/WHEEL": b"w"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.read("meinheld-1.0.dist-info/RECORD").decode() == (
            "meinheld/b.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
            "meinheld-1.0.dist-info/WHEEL,sha256=UOch5JwBPwDGLPWfIWNUKp2N8CRk7-thXTEFGw_dwyY,1\n"
            "meinheld-1.0.dist-info/RECORD,,\n"
        )


def test_command_prints_the_path_last(include: tuple[Path, ...], tmp_path: Path) -> None:
    folders = ":".join(map(str, include))
    arch = os.uname().machine
    run = build_command("--python-include", folders, "--out", str(tmp_path), "--arch", arch)

    assert run.returncode == 0, run.stderr
    (made,) = tmp_path.iterdir()
    assert run.stdout == f"{made}\n"
    assert made.name.endswith(f"-manylinux_2_17_{arch}.manylinux2014_{arch}.whl")


def test_command_says_what_is_missing_in_one_line(tmp_path: Path) -> None:
    run = build_command("--python-include", str(tmp_path), "--out", str(tmp_path / "out"))

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"engine: no Python.h in {tmp_path}: install Python's headers\n"
    assert not (tmp_path / "out").exists()


def test_compile_errors_end_the_build(include: tuple[Path, ...], tmp_path: Path) -> None:
    folder = tmp_path / "meinheld" / "server"
    folder.mkdir(parents=True)
    (folder / "picoev_epoll.c").write_text("int f(void) { return no_such_function(); }\n")

    with pytest.raises(EngineError, match=r"^zig cc failed for Python 3"):
        compiler.compile_module(
            tmp_path,
            headers.read_headers(include),
            HERE,
            tmp_path / "so",
            recipe.cache_folder(),
        )


def build_command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(BUILD), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
