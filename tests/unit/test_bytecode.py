"""The app's modules are compiled with checked hashes; nothing else is touched."""

import errno
import importlib.util
import json
import marshal
import os
import py_compile
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from buildpack import bytecode, compile_modules
from buildpack.bytecode import (
    compiling_app,
    compiling_packages,
    modules_of,
    modules_of_packages,
)
from buildpack.compile_modules import bucket_of

PYTHON = Path(sys.executable)


def compile_app(app_dir: Path, python: Path, known: Path | None = None) -> int | None:
    """As a build does it; how many modules, or None where there are too many."""
    modules = modules_of(app_dir)
    if known:
        known.mkdir(exist_ok=True)
    with compiling_app(python, modules or (), known):
        pass
    return None if modules is None else len(modules)


def flags(source: Path) -> int:
    """The flags in a module's bytecode: 0b11 is checked-hash (PEP 552)."""
    return int.from_bytes(
        Path(importlib.util.cache_from_source(source)).read_bytes()[4:8], "little"
    )


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x = 1\n")


def test_every_module_of_the_app(tmp_path: Path) -> None:
    names = ("main.py", "app/core.py", "with space/é.py", "line\nbreak.py")
    write(tmp_path, *names)
    assert compile_app(tmp_path, PYTHON) == 4
    for name in names:
        assert flags(tmp_path / name) == 0b11


def test_old_bytecode_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, "main.py")
    old = Path(importlib.util.cache_from_source(tmp_path / "main.py"))
    old.parent.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"stale")
    old.symlink_to(tmp_path / "elsewhere")
    compile_app(tmp_path, PYTHON)
    assert flags(tmp_path / "main.py") == 0b11
    assert not old.is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == b"stale"


def test_it_is_the_bytecode_that_python_itself_would_make(tmp_path: Path) -> None:
    write(tmp_path, "main.py")
    (tmp_path / "main.py").chmod(0o640)
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    made = py_compile.compile(str(tmp_path / "main.py"), invalidation_mode=mode)
    assert made
    theirs, theirs_mode = Path(made).read_bytes(), Path(made).stat().st_mode
    compile_app(tmp_path, PYTHON)
    assert (Path(made).read_bytes(), Path(made).stat().st_mode) == (theirs, theirs_mode)


def test_what_is_not_the_app_is_left_alone(tmp_path: Path) -> None:
    foreign = ["node_modules/a.py", ".git/b.py", "env/lib/c.py"]
    write(tmp_path, "main.py", "env/pyvenv.cfg", *foreign)
    (tmp_path / "link.py").symlink_to("main.py")
    (tmp_path / "loop").symlink_to(".")
    assert compile_app(tmp_path, PYTHON) == 1
    assert len(list(tmp_path.rglob("*.pyc"))) == 1


def test_a_broken_module_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, "main.py")
    (tmp_path / "legacy.py").write_text("print 'hello'\n")
    assert compile_app(tmp_path, PYTHON) == 2
    assert [path.name.split(".")[0] for path in tmp_path.rglob("*.pyc")] == ["main"]


def test_too_many_modules_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "MOST", 2)
    write(tmp_path, "a.py", "b.py", "c.py")
    assert compile_app(tmp_path, PYTHON) is None
    assert list(tmp_path.rglob("*.pyc")) == []


def test_a_huge_module_is_left_to_the_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bytecode, "LARGEST", 6)
    write(tmp_path, "main.py")
    (tmp_path / "data.py").write_text("x = 10\n")
    assert compile_app(tmp_path, PYTHON) == 1
    assert [path.name.split(".")[0] for path in tmp_path.rglob("*.pyc")] == ["main"]


def test_a_folder_that_cannot_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before Python 3.12 Path.exists raises there; the tests may run as root, who may look."""
    write(tmp_path, "main.py", "closed/a.py")
    real = os.stat

    def denied(path: str | Path, *args: object, **options: object) -> os.stat_result:
        if os.fspath(path).endswith("pyvenv.cfg"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *args, **options)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(os, "stat", denied)
    assert compile_app(tmp_path, PYTHON) == 2


def test_an_app_without_modules(tmp_path: Path) -> None:
    assert compile_app(tmp_path, PYTHON) == 0


def test_the_apps_modules_are_never_imported(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    for name in ("compileall", "sitecustomize", "struct", "main"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")
    assert compile_app(tmp_path, PYTHON) == 4
    assert not marker.exists()


def seen(known: Path) -> dict[str, tuple[bytes, bytes]]:
    """What the files of known modules hold, each in the file of its bucket."""
    found: dict[str, tuple[bytes, bytes]] = {}
    for file in known.iterdir():
        held = marshal.loads(zlib.decompress(file.read_bytes()[12:]))
        assert {bucket_of(os.fsencode(path)) for path in held} in (set(), {int(file.name)})
        found |= held
    return found


def pack(known: dict[str, tuple[bytes, bytes]]) -> bytes:
    content = zlib.compress(marshal.dumps(known), 1)
    return importlib.util.MAGIC_NUMBER + importlib.util.source_hash(content) + content


def test_what_is_known_is_not_compiled_again(tmp_path: Path) -> None:
    app, known = tmp_path / "app", tmp_path / "modules"
    write(app, "main.py", "other.py", "gone.py")
    compile_app(app, PYTHON, known)
    first = {path: path.read_bytes() for path in app.rglob("*.pyc")}
    before = seen(known)
    assert len(before) == 3
    # Only a module that is taken from the file has this name in its code.
    path_of_other = str(app / "other.py")
    hashed, code = before[path_of_other]
    bucket = known / str(bucket_of(os.fsencode(path_of_other)))
    held = marshal.loads(zlib.decompress(bucket.read_bytes()[12:]))
    held[path_of_other] = (hashed, code.replace(b"other.py", b"OTHER.py"))
    bucket.write_bytes(pack(held))
    (app / "main.py").write_text("x = 2\n")
    (app / "gone.py").unlink()
    for path in first:
        path.unlink()
    compile_app(app, PYTHON, known)
    main, other = (Path(importlib.util.cache_from_source(app / name)) for name in NAMES)
    assert b"OTHER.py" in other.read_bytes()
    assert main.read_bytes() != first[main]
    assert flags(app / "main.py") == flags(app / "other.py") == 0b11
    assert sorted(seen(known)) == [str(app / name) for name in NAMES]


NAMES = ("main.py", "other.py")


def other_python(content: bytes) -> bytes:
    return b"\0\0\0\0" + content[4:]


def cut(content: bytes) -> bytes:
    return content[:-1]


def flipped(content: bytes) -> bytes:
    return content[:20] + bytes([content[20] ^ 1]) + content[21:]


def empty(content: bytes) -> bytes:
    return content[:0]


@pytest.mark.parametrize("damage", [other_python, cut, flipped, empty])
def test_a_damaged_file_of_known_modules_is_made_anew(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    app, known = tmp_path / "app", tmp_path / "modules"
    write(app, "main.py")
    compile_app(app, PYTHON, known)
    (bucket,) = known.iterdir()
    whole = bucket.read_bytes()
    bucket.write_bytes(damage(whole))
    compile_app(app, PYTHON, known)
    assert bucket.read_bytes() == whole
    assert flags(app / "main.py") == 0b11


def test_the_same_modules_leave_the_file_as_it_was(tmp_path: Path) -> None:
    app, known = tmp_path / "app", tmp_path / "modules"
    write(app, "main.py")
    compile_app(app, PYTHON, known)
    (bucket,) = known.iterdir()
    before = bucket.stat().st_ino
    compile_app(app, PYTHON, known)
    assert bucket.stat().st_ino == before


def test_what_was_compiled_of_very_much_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compile_modules, "LARGEST", 10)
    file = tmp_path / "0"
    compile_modules.write_known(str(file), {"main.py": (b"hash", b"code" * 100)})
    assert file.stat().st_size == 4
    assert compile_modules.read_known(str(file)) == {}


def test_a_folder_that_cannot_be_written_to_stops_no_build(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    compile_modules.write_known(str(tmp_path / "file" / "0"), {"main.py": (b"hash", b"code")})
    assert (tmp_path / "file").read_bytes() == b""


def test_a_build_that_fails_leaves_no_process(tmp_path: Path) -> None:
    write(tmp_path, "main.py")
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    with pytest.raises(KeyError), compiling_app(slow, ("main.py",), None):
        raise KeyError
    assert subprocess.run(["pgrep", "-P", str(os.getpid()), "sleep"], check=False).returncode == 1


def test_a_python_that_ends_at_once_stops_no_build(tmp_path: Path) -> None:
    write(tmp_path, *(f"module_{number:04}_{'x' * 200}.py" for number in range(1000)))
    assert compile_app(tmp_path, Path("/bin/false")) == 1000


def test_processes_that_work_in_the_same_folders_leave_no_module_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"package_{folder}/m{number}.py" for folder in range(100) for number in range(4)]
    write(tmp_path, *names)
    for name in names:  # long enough for the processes to overtake one another
        (tmp_path / name).write_text("def function(): pass\n" * 100)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(4))
    with compiling_packages(PYTHON, modules_of_packages(tmp_path)):
        pass
    assert len(list(tmp_path.rglob("*.pyc"))) == len(names)


def test_cores_do_not_change_the_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Path(json.__file__).parent.parent
    for folder in ("json", "email", "asyncio", "importlib"):
        shutil.copytree(
            library / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    made = []
    for cores in (1, 3):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: range(cores))
        with compiling_packages(PYTHON, modules_of_packages(tmp_path)):
            pass
        made.append({path: path.read_bytes() for path in tmp_path.rglob("*.pyc")})
    assert made[0] == made[1]
    assert len(made[0]) > 60
