"""Which Python the app gets, and what it is.

The stack's own is there where the builder declares that its *run* image has one: a python3 in
the build image proves nothing (heroku's builders have one there and none in the other).
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack import musl
from buildpack.errors.interpreter import BadStackPython, StackPythonMissing

DECLARATION = "BP_STACK_PYTHON"
MINOR = re.compile(r"3\.\d{1,2}")

DESCRIBE = """\
import json, platform, sys
print(json.dumps([platform.python_version(), sys.implementation.name, *platform.libc_ver()]))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python: ``version`` as "3.13.5", ``path`` absolute and the same at launch."""

    path: Path
    version: str
    implementation: str
    libc: str
    libc_version: str

    @property
    def minor(self) -> str:
        """As in "3.13"."""
        return ".".join(self.version.split(".")[:2])

    @property
    def minor_pair(self) -> tuple[int, int]:
        """As in (3, 13)."""
        major, minor = self.minor.split(".")
        return int(major), int(minor)

    @property
    def tag(self) -> str:
        """The interpreter's tag in a wheel's name, as in "cp313"."""
        prefix = {"cpython": "cp", "pypy": "pp"}.get(self.implementation, self.implementation)
        return prefix + self.minor.replace(".", "")


def declared_minor(builder_env: Mapping[str, str]) -> tuple[int, int] | None:
    """The minor version that the builder declares, as in (3, 13); None where it doesn't."""
    declared = builder_env.get(DECLARATION, "").strip()
    return (3, int(declared.removeprefix("3."))) if MINOR.fullmatch(declared) else None


def stack_python(
    builder_env: Mapping[str, str], folder: Path = Path("/usr/bin")
) -> Interpreter | None:
    """The stack's Python that the builder declares, None where it declares none.

    Raises BadStackPython, StackPythonMissing.
    """
    declared = builder_env.get(DECLARATION, "").strip()
    if not declared:
        return None
    if not MINOR.fullmatch(declared):
        raise BadStackPython(DECLARATION, declared)
    # Never "python3": after a rebase that name may mean another minor version.
    path = folder / f"python{declared}"
    if not path.is_file():
        raise StackPythonMissing(DECLARATION, declared, path)
    return describe(path)


def describe(path: Path) -> Interpreter:
    """What the Python at ``path`` says of itself."""
    if path.samefile(sys.executable):
        return _ourselves(path)
    import json  # neither is loaded where the answer is known
    import subprocess

    command = [str(path), "-I", "-S", "-B", "-c", DESCRIBE]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, env={})
    version, implementation, libc, libc_version = json.loads(answer.stdout)
    if libc != "glibc" and (of_musl := musl.version(path)):
        libc, libc_version = "musl", of_musl
    return Interpreter(path, version, implementation, libc, libc_version)


def _ourselves(path: Path) -> Interpreter:
    """The one that runs this, as it mostly does: to start it once more costs 40 ms."""
    import platform

    libc, libc_version = platform.libc_ver()
    version, implementation = platform.python_version(), sys.implementation.name
    return Interpreter(path, version, implementation, libc, libc_version)
