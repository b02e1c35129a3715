"""The virtual environment that lints, types, tests and builds wheels."""

import platform
import shutil
import sys
import sysconfig
from pathlib import Path

from scripts.toolchain import cache, machine, pip, say, shell
from scripts.toolchain.site import Site


def ready(site: Site) -> Path:
    """Its Python."""
    lock = site.repository / "requirements-dev.txt"
    key = cache.key_of(lock, *interpreter())

    def fill(to: Path) -> None:
        with say.step("Tools: installing what requirements-dev.txt lists"):
            shell.do(
                [sys.executable, "-m", "venv", to],
                log=site.log("venv"),
                failure=f"{sys.executable} could not make a virtual environment",
                remedy="Install its venv module (Debian: apt-get install python3-venv)",
            )
            pip.run(site, to / "bin" / "python", "install", lock=lock)

    return cache.entry(site.cache, "tools", key, fill) / "bin" / "python"


def interpreter() -> tuple[str, str]:
    """Where it is, and its version: the same inside of a virtual environment made with it."""
    return sys.base_prefix, platform.python_version()


def compiler(site: Site) -> None:
    """Sees to gcc and this Python's headers.

    The engine's tests compile it for the Python that they run on; others compile a package that
    lacks a library, to see what is said.
    """
    has_headers = (Path(sysconfig.get_path("include")) / "Python.h").is_file()
    if not (has_headers and shutil.which("gcc")):
        machine.install(["gcc", "libc6-dev", "python3-dev"], site, "Compiler for the tests")


def valgrind(site: Site) -> None:
    """Sees to valgrind, under which the engine's tests run a worker."""
    if not shutil.which("valgrind"):
        machine.install(["valgrind", "libc6-dbg"], site, "valgrind for the tests")
