"""The virtual environment that lints, types, tests and builds wheels."""

import platform
import sys
import sysconfig
from pathlib import Path

from scripts.toolchain import cache, machine, pip, say, shell
from scripts.toolchain.site import Site


def ready(site: Site) -> Path:
    """Its Python."""
    lock = site.repository / "requirements-dev.txt"
    key = cache.key_of(lock, sys.executable, platform.python_version())

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


def headers(site: Site) -> None:
    """Sees to this Python's headers: the engine's tests compile it for the one they run on."""
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        machine.install(["python3-dev"], site, "Python's headers")
