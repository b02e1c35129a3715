"""The packaged interpreter: which sources it is made from, and what it has in the end."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.toolchain import interpreter
from scripts.toolchain.errors import SetupError

REPOSITORY = Path(__file__).parents[2]

ABSENT = {"_bz2", "_ctypes", "_lzma", "_sqlite3", "_ssl", "bz2", "ctypes", "lzma", "sqlite3", "ssl"}
"""Modules that are worth naming here, as something of the standard library may ask for them."""

IMPORT = """\
import codecs, encodings.aliases, importlib, sys

root, *modules = sys.argv[1:]
sys.path[:0] = [root, root + "/vendor/python"]
for module in modules:
    importlib.import_module(module)
for name in set(encodings.aliases.aliases.values()) - {"mbcs", "bz2_codec"}:
    codecs.lookup(name)
print(sys.flags.isolated, sys.flags.no_site, sys.path[2:])
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in (
        *("python3.13_3.13.5-2+deb13u5.dsc", "python3.13_3.13.5.orig.tar.xz"),
        *("python3.13_3.13.5.orig.tar.xz.asc", "zlib_1.3.orig.tar.gz"),
    ):
        (tmp_path / name).touch()
    return tmp_path


def test_the_version_is_debians(source: Path) -> None:
    assert interpreter.version(source) == "3.13.5-2+deb13u5"
    assert interpreter.zlib(source).name == "zlib_1.3.orig.tar.gz"


def test_half_a_download_is_refused(source: Path) -> None:
    interpreter.description(source).unlink()
    with pytest.raises(SetupError) as problem:
        interpreter.version(source)
    assert str(problem.value) == f"{source} should hold one python3.13_*.dsc. Delete {source}"


def packaged() -> Path:
    """The buildpack that scripts/test packaged."""
    return Path(os.environ["FLASKPACK_BUILDPACK"])


def build_time() -> list[Path]:
    """Our modules that run on it."""
    top = packaged()
    found = [path for part in ("buildpack", "layers") for path in top.glob(f"{part}/**/*.py")]
    return sorted(path for path in found if "launch" not in path.relative_to(top).parts)


def test_it_imports_all_that_the_buildpack_imports() -> None:
    names = [".".join(path.relative_to(packaged()).with_suffix("").parts) for path in build_time()]
    modules = [name.removesuffix(".__init__") for name in names if "__main__" not in name]
    # These are programs for another Python: the app's, and the one that explains.
    for program in ("buildpack.compile_modules", "buildpack.explain.probe"):
        modules.remove(program)
    interpreter = packaged() / "vendor" / "interpreter" / "python"
    poisoned = {"PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere"}
    done = subprocess.run(
        [interpreter, "-B", "-c", IMPORT, packaged(), *modules],
        env=poisoned,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == f"1 1 ['{packaged()}/vendor/interpreter/lib']\n"


def test_imports_within_functions_are_there_too() -> None:
    imported = {name for path in build_time() for name in imports(path)}
    of_python = imported & sys.stdlib_module_names
    assert {"json", "tomllib", "ast"} <= of_python
    assert not of_python & ABSENT
    program = packaged() / "vendor" / "interpreter" / "python"
    subprocess.run([program, "-B", "-c", f"import {', '.join(sorted(of_python))}"], check=True)


def imports(path: Path) -> set[str]:
    """The top-level names of what a module imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                found |= {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.partition(".")[0])
    return found


def test_it_needs_no_library_of_the_machine() -> None:
    program = (packaged() / "vendor" / "interpreter" / "python").read_bytes()
    assert program[:4] == b"\x7fELF"
    assert b"/lib64/ld-linux" not in program
    assert b"/lib/ld-musl" not in program
