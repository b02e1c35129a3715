"""An app full of traps: whatever runs, imports, loads or obeys one leaves its name behind.

A trap leaves a file in a folder that the build's container has as /traps, or asks a package
index that offers nothing and notes who asks. Each has a command that springs it, so that a
test can show that it works.
"""

import base64
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.package_index import BACKEND, Index, wheel

APP = "/workspace"
MARKS = "/traps"
UV = "/cnb/buildpacks/flaskpack/*/vendor/bin/uv"
INSTALL = f"UV_CACHE_DIR=/tmp/cache {UV} pip install --python /usr/bin/python3 --target /tmp/target"
ASK = f"{INSTALL} trapped"
"""Asks the index that uv believes in for a package that is nowhere."""

LIBRARY = """
#include <fcntl.h>
__attribute__((constructor)) static void spring(void) {{
    open("{mark}", O_CREAT | O_WRONLY, 0644);
}}
"""
FLASK = "from flask import Flask\n\napp = Flask(__name__)\n"


@dataclass(frozen=True)
class Trap:
    """``files`` of the app, ``variables`` of the platform, and the shell ``command`` that
    springs the trap in the app's folder of a build image, with these variables set."""

    name: str
    command: str
    files: Mapping[str, str | bytes]
    variables: Mapping[str, str] = field(default_factory=dict)


class Witness(Index):
    """An index that offers nothing; ``asked`` are the first parts of the paths asked for."""

    def __init__(self) -> None:
        super().__init__(())
        self.asked: set[str] = set()

    def answer(self, path: str) -> bytes | None:
        self.asked.add(path.strip("/").partition("/")[0])
        return None

    def address(self, name: str) -> str:
        """The address of the index that the trap of that name leads to."""
        return f"http://127.0.0.1:{self.port}/{name}/simple"


@contextmanager
def watching() -> Iterator[Witness]:
    """A witness that listens until the block ends."""
    witness = Witness()
    thread = threading.Thread(target=witness.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield witness
    finally:
        witness.ending.set()
        witness.server.shutdown()
        thread.join()
        witness.server.server_close()


def all_traps(
    address: Callable[[str], str] = str, library: Callable[[str], bytes] = str.encode
) -> tuple[Trap, ...]:
    """Every trap. ``address`` gives the index for a name, ``library`` a shared library.

    Without them the traps are there by name only.
    """
    return (*modules(), *programs(), *configurations(address), *variables(library))


def modules() -> Iterator[Trap]:
    """Modules of the app that have the names of what the buildpack imports."""
    standard = ("ast", "dataclasses", "hashlib", "json", "pathlib", "subprocess", "tomllib")
    for name in (*standard, "toml", "gunicorn_conf"):
        yield Trap(
            f"{name}.py", f"python3 -c 'import {name}'", {f"{name}.py": python(f"{name}.py")}
        )
    for name in ("buildpack", "layers"):
        file = f"{name}/__init__.py"
        yield Trap(
            f"{name}.package", f"python3 -c 'import {name}'", {file: python(f"{name}.package")}
        )
    yield Trap("main.py", "python3 main.py", {"main.py": python("main.py") + FLASK})
    yield Trap("__main__.py", "python3 .", {"__main__.py": python("__main__.py")})
    yield Trap("prestart.sh", "sh prestart.sh", {"prestart.sh": shell("prestart.sh")})
    for name in ("sitecustomize", "usercustomize"):
        files = {f"{name}.py": python(f"{name}.py")}
        yield Trap(f"{name}.py", "python3 -c pass", files, {"PYTHONPATH": APP})


def programs() -> Iterator[Trap]:
    """Programs of the app that have the names of what a build may start."""
    names = ("python", "python3", "python3.13", "uv", "pip", "sh", "dirname", "git", "cc", "gcc")
    for name in names:
        files = {f"bin/{name}": shell(f"bin-{name}")}
        yield Trap(f"bin-{name}", name, files, {"PATH": f"{APP}/bin:/usr/bin:/bin"})


def configurations(address: Callable[[str], str]) -> Iterator[Trap]:
    """Files that installers obey, in the app's folder or named by a variable."""

    def uv(name: str) -> str:
        return f'index-url = "{address(name)}"\n'

    alone = f"mkdir /tmp/alone && cp pyproject.toml /tmp/alone && cd /tmp/alone && {ASK}"
    built = f"cp -r . /tmp/copy && cd /tmp/copy && UV_NO_CONFIG=1 {INSTALL} ."
    with_pip = f"UV_NO_CONFIG=1 {INSTALL} pip && cd / && "
    with_pip += "PYTHONPATH=/tmp/target python3 -m pip download --retries 0 trapped"
    project = "[metadata]\nname = trapped\nversion = attr: trapped.version\n"
    yield Trap("uv.toml", ASK, {"uv.toml": uv("uv.toml")})
    yield Trap("pyproject.toml", alone, {"pyproject.toml": f"[tool.uv]\n{uv('pyproject.toml')}"})
    yield Trap(
        "pip.conf",
        with_pip,
        {"pip.conf": f"[global]\nindex-url = {address('pip.conf')}\n"},
        {"PIP_CONFIG_FILE": f"{APP}/pip.conf"},
    )
    # An attribute that setuptools can't read without importing its module.
    code = python("setup.cfg") + "version = str(1)\n"
    yield Trap("setup.cfg", built, {"setup.cfg": project, "trapped.py": code})
    yield Trap(
        "setup.py", built, {"setup.py": python("setup.py") + "__import__('setuptools').setup()\n"}
    )
    env_file = f"UV_DEFAULT_INDEX={address('dotenv')}\n"
    yield Trap("dotenv", f"set -a; . ./.env; cd /; {ASK}", {".env": env_file})
    yield Trap(
        "UV_CONFIG_FILE",
        ASK,
        {"elsewhere/uv.toml": uv("UV_CONFIG_FILE")},
        {"UV_CONFIG_FILE": f"{APP}/elsewhere/uv.toml"},
    )
    yield Trap(
        "HOME",
        f"cd / && {ASK}",
        {".config/uv/uv.toml": uv("HOME")},
        {"HOME": APP},
    )
    yield Trap(
        "UV_PYTHON",
        f"{UV} pip list",
        {"elsewhere/python": shell("UV_PYTHON")},
        {"UV_PYTHON": f"{APP}/elsewhere/python"},
    )


def variables(library: Callable[[str], bytes]) -> Iterator[Trap]:
    """What an interpreter, a shell or the loader is told by a variable."""
    # So early Python can open files with nothing but this.
    early = "import posix\nposix.open({mark!r}, posix.O_CREAT | posix.O_WRONLY)\n"
    yield Trap(
        "PYTHONHOME",
        "python3 -c pass",
        {"home/lib/python3.13/encodings/__init__.py": early.format(mark=mark("PYTHONHOME"))},
        {"PYTHONHOME": f"{APP}/home"},
    )
    yield Trap(
        "PYTHONSTARTUP",
        "python3 -i </dev/null",
        {"startup": python("PYTHONSTARTUP")},
        {"PYTHONSTARTUP": f"{APP}/startup"},
    )
    yield Trap(
        "BASH_ENV",
        "bash -c :",
        {"bash_env": shell("BASH_ENV")},
        {"BASH_ENV": f"{APP}/bash_env"},
    )
    yield Trap(
        "LD_PRELOAD",
        "true",
        {"preload.so": library("LD_PRELOAD")},
        {"LD_PRELOAD": f"{APP}/preload.so"},
    )
    # The Python of the base images loads a library of this name.
    yield Trap(
        "LD_LIBRARY_PATH",
        "python3 -c pass",
        {"lib/libexpat.so.1": library("LD_LIBRARY_PATH")},
        {"LD_LIBRARY_PATH": f"{APP}/lib"},
    )


def honest_package(address: Callable[[str], str]) -> dict[str, str]:
    """The folder ``tool``: a project whose build, which may run, leaves "backend" both ways."""
    made = wheel("tool", "1.0")
    content = base64.b64encode(made.data).decode()
    code = (
        "import base64, urllib.error, urllib.request\n"
        f"{python('backend')}"
        "try:\n"
        f"    urllib.request.urlopen({address('backend')!r})\n"
        "except urllib.error.HTTPError:\n"
        "    pass\n"
        f"with open(f'{{wheel_directory}}/{made.file}', 'wb') as file:\n"
        f"    file.write(base64.b64decode({content!r}))\n"
        f"return {made.file!r}"
    )
    return {
        "tool/pyproject.toml": (
            '[project]\nname = "tool"\nversion = "1.0"\n'
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        ),
        "tool/backend.py": BACKEND.format(
            name="tool", version="1.0", code=code.replace("\n", "\n    ")
        ),
    }


def write(app: Path, files: Mapping[str, str | bytes]) -> None:
    """Files that everybody may read and run."""
    for name, content in files.items():
        path = app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o755)


def mark(name: str) -> str:
    return f"{MARKS}/{name}"


def python(name: str) -> str:
    return f"open({mark(name)!r}, 'w').close()\n"


def shell(name: str) -> str:
    return f"#!/bin/sh\n: >{mark(name)}\n"


def compiled(folder: Path, name: str) -> bytes:
    """A shared library that leaves the name when it is loaded.

    It loads the real libexpat, so that a program which takes it for that one works on.
    """
    (folder / "nothing.c").touch()
    (folder / f"{name}.c").write_text(LIBRARY.format(mark=mark(name)))
    real = "/usr/lib/x86_64-linux-gnu/libexpat.so.1"
    gcc = ["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed"]
    for command in (
        # What is linked with this stand-in asks for the real one when it is loaded.
        [*gcc, f"-Wl,-soname,{real}", "-o", "real.so", "nothing.c"],
        [*gcc, "-o", f"{name}.so", f"{name}.c", "real.so"],
    ):
        subprocess.run(command, cwd=folder, check=True)
    return (folder / f"{name}.so").read_bytes()
