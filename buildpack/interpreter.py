"""Which Python the app gets, and what it is.

The stack's own is there where the builder declares that its *run* image has one: a python3 in
the build image proves nothing (heroku's builders have one there and none in the other).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack import musl
from buildpack.errors.interpreter import BadStackPython, StackPythonMissing

DECLARATION = "BP_STACK_PYTHON"
MINOR = re.compile(r"3\.\d{1,2}")

# The platform module would say the same, and take as long to load as Python itself.
DESCRIBE = """\
import os, sys
try:
    libc = os.confstr("CS_GNU_LIBC_VERSION")
except (ValueError, OSError):
    libc = None
print(sys.version.split()[0], sys.implementation.name, *(libc or "- -").split())
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
    """What a Python says of itself; raises OSError, CalledProcessError, ValueError."""
    import subprocess  # not for detect

    command = [str(path), "-I", "-S", "-B", "-c", DESCRIBE]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, env={})
    version, implementation, libc, libc_version = answer.stdout.split()
    if libc == "-":
        of_musl = musl.version(path)
        libc, libc_version = ("musl", of_musl) if of_musl else ("", "")
    return Interpreter(path, version.rstrip("+"), implementation, libc, libc_version)
