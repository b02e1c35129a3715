"""What is promised about the compiled module, read from it for every machine and libc."""

import _ctypes  # an extension module that is a file in every build of CPython
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from maker import elf, promises, recipe
from maker.failure import EngineError
from maker.target import ARCHES, LIBCS, Target

TARGETS = [Target(arch, libc) for arch in ARCHES for libc in LIBCS]
CHECKED = {
    *("__poll_chk", "__ppoll_chk", "__read_chk", "__strncpy_chk"),
    *("__vsnprintf_chk", "__vsprintf_chk"),
}
PROTECTIONS = {"x86_64": {"IBT", "SHSTK"}, "aarch64": {"BTI", "PAC"}}
LIBRARIES = {
    "x86_64-linux-gnu.2.17": ("libc.so.6",),
    "x86_64-linux-musl": ("libc.so",),
    "aarch64-linux-gnu.2.17": ("libc.so.6", "ld-linux-aarch64.so.1"),
    "aarch64-linux-musl": ("libc.so",),
}


def module_in(wheel: Path) -> tuple[str, bytes]:
    """The compiled module's name and content."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".so")]
        return name, archive.read(name)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: str(target.triple))
def test_module_is_hardened(target: Target, include: tuple[Path, ...], tmp_path: Path) -> None:
    _, module = module_in(recipe.build(include, target, tmp_path))
    found = elf.read(module)

    assert found.arch == target.arch
    assert found.defined == {"PyInit_server"}
    assert found.needed == LIBRARIES[target.triple]
    assert found.protections == PROTECTIONS[target.arch]
    assert (found.binds_now, found.relro) == (True, True)
    assert (found.text_relocations, found.executable_stack) == (False, False)
    assert found.search_path == ""
    assert found.undefined >= {"__stack_chk_fail", "PyModule_Create2"}
    assert "__assert_fail" not in found.undefined
    if target.libc == "glibc":
        assert found.fortified == CHECKED
        assert max(found.versions, key=numbers) == "GLIBC_2.17"
    else:
        assert not found.fortified | found.versions
        assert "__fxstat" not in found.undefined


@pytest.mark.parametrize("target", [TARGETS[0], TARGETS[3]], ids=lambda target: str(target.triple))
def test_wheel_is_the_same_byte_for_byte(
    target: Target, include: tuple[Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = recipe.build(include, target, tmp_path / "once")
    place = tmp_path / "another" / "place"
    copied = shutil.copytree(recipe.ENGINE, place, ignore=shutil.ignore_patterns("tests"))
    headers = shutil.copytree(include[0], tmp_path / "headers")
    monkeypatch.setenv("CFLAGS", "-O0 -UNDEBUG")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    # An empty cache, so that everything is compiled anew.
    monkeypatch.setenv("FLASKPACK_CACHE", str(tmp_path / "cache"))
    command = [sys.executable, str(copied / "build.py"), "--arch", target.arch]
    command += ["--libc", target.libc, "--out", str(tmp_path / "twice")]
    command += ["--python-include", f"{headers}:{include[1]}"]
    subprocess.run(command, check=True, capture_output=True)

    assert (tmp_path / "twice" / once.name).read_bytes() == once.read_bytes()


def test_each_broken_promise_is_named() -> None:
    kept = elf.SharedObject(
        arch="x86_64",
        defined=frozenset({"PyInit_server"}),
        undefined=frozenset({"__stack_chk_fail", *CHECKED}),
        needed=("libc.so.6",),
        versions=frozenset({"GLIBC_2.2.5", "GLIBC_2.17"}),
        search_path="",
        protections=frozenset({"IBT", "SHSTK"}),
        binds_now=True,
        relro=True,
        text_relocations=False,
        executable_stack=False,
    )
    broken = replace(
        kept,
        arch="aarch64",
        defined=frozenset({"other"}),
        undefined=frozenset({"__assert_fail"}),
        needed=("libc.so.6", "libcrypt.so.1"),
        versions=frozenset({"GLIBC_2.34", "GLIBC_2.9", "GLIBC_PRIVATE"}),
        search_path="$ORIGIN",
        protections=frozenset({"SHSTK"}),
        binds_now=False,
        relro=False,
        text_relocations=True,
        executable_stack=True,
    )

    assert promises.broken(kept, TARGETS[0]) == []
    assert promises.broken(broken, TARGETS[0]) == [
        "it is for aarch64",
        "PyInit_server is not defined",
        "exports more than PyInit_server",
        "needs ('libc.so.6', 'libcrypt.so.1')",
        "needs ['GLIBC_2.34', 'GLIBC_PRIVATE']",
        "looks for libraries in $ORIGIN",
        "symbols are not bound at load time",
        "relocations stay writable",
        "code is relocated",
        "the stack is executable",
        "the stack has no protector",
        "calls of libc are not fortified",
        "asserts are compiled in",
        "not all code bears ['IBT']",
    ]


def test_another_module_is_refused() -> None:
    with pytest.raises(EngineError, match=r"^the compiled module is not what it should be: "):
        promises.check(Path(_ctypes.__file__).read_bytes(), TARGETS[0])


@pytest.mark.parametrize("data", [b"", b"\x7fELF\x02\x01" + b"\xff" * 100])
def test_what_is_no_module_is_noticed(data: bytes) -> None:
    with pytest.raises(EngineError):
        elf.read(data)


def test_headers_of_another_abi_are_noticed(
    include: tuple[Path, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    copied = shutil.copytree(include[0], tmp_path / "headers")
    (copied / "pyconfig.h").unlink()
    (copied / "pyconfig.h").write_text(
        f'#include "{include[0] / "pyconfig.h"}"\n'
        "#undef SIZEOF_PTHREAD_KEY_T\n#define SIZEOF_PTHREAD_KEY_T 8\n"
    )
    with pytest.raises(EngineError, match=r"^zig cc failed for Python 3\.\d+ on x86_64-linux-musl"):
        recipe.build((copied, include[1]), Target("x86_64", "musl"), tmp_path / "out")

    assert "pyconfig.h is wrong about pthread_key_t" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.removeprefix("GLIBC_").split(".")]
