"""Everything that a run needs: Debian's packages, the servers, the engine, the client."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.serve.cases import DOWNLOAD
from scripts.toolchain import cache, devenv, engine, headers, machine, pip, say, setup, shell
from scripts.toolchain.site import Site

HERE = Path(__file__).parent
BUILDERS, LOCK = HERE / "build-requirements.txt", HERE / "requirements.txt"
CLIENT = HERE / "client.c"
COMPILER = ("gcc", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror")


@dataclass(frozen=True)
class Tools:
    """``python`` has the servers; ``app`` and ``engine`` are folders for its path.

    So is ``parser``, for who runs under valgrind.
    """

    site: Site
    python: Path
    app: Path
    engine: Path
    parser: Path
    client: Path


def ready() -> Tools:
    """Makes what is missing."""
    site = setup.site()
    with cache.locked(site.cache):
        site = replace(site, env=machine.trusting(site.env, setup.see_to_certificates(site)))
        see_to_packages(site)
        python, tools = servers(site), devenv.ready(site)
        return Tools(
            site, python, app(site), engine_for(site, tools), parser(site, python), client(site)
        )


def see_to_packages(site: Site) -> None:
    """A compiler for bjoern, FastWSGI, uWSGI and the client; what counts."""
    devenv.compiler(site)
    if not Path("/usr/include/ev.h").is_file():
        machine.install(["libev-dev"], site, "libev's headers for bjoern")
    devenv.valgrind(site)
    if not shutil.which("strace"):
        machine.install(["strace"], site, "strace, which counts system calls")


def servers(site: Site) -> Path:
    """The Python of a virtual environment with all of them."""
    key = cache.key_of(BUILDERS, LOCK, *devenv.interpreter())

    def fill(to: Path) -> None:
        with say.step("Servers: installing what benchmarks/serve/requirements.txt lists"):
            shell.do(
                [sys.executable, "-m", "venv", to],
                log=site.log("bench-serve-venv"),
                failure=f"{sys.executable} could not make a virtual environment",
                remedy="Install its venv module (Debian: apt-get install python3-venv)",
            )
            python = to / "bin" / "python"
            pip.run(site, python, "install", lock=BUILDERS)
            pip.run(site, python, "install", lock=LOCK, sources=pip.BUILT_HERE)

    return cache.entry(site.cache, "bench-servers", key, fill) / "bin" / "python"


def versions(tools: Tools) -> dict[str, str]:
    """Of Python, of what the lock names without anything else asking for it, and of the engine."""
    code = (
        "import importlib.metadata as m, json, platform, sys; "
        "print(json.dumps({'Python': platform.python_version(), "
        "**{n: m.version(n) for n in sys.argv[1:]}}))"
    )
    asked = (HERE / "requirements.in").read_text(encoding="utf-8").split("\n")
    names = [line for line in asked if line and not line.startswith("#")]
    environment = {"PYTHONPATH": str(tools.engine)}
    printed = subprocess.run(
        [tools.python, "-c", code, *names, "meinheld"],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    found: dict[str, str] = json.loads(printed)
    return found


def parser(site: Site, python: Path) -> Path:
    """A folder with gunicorn_h1c without the SSE 4.2 instructions that valgrind doesn't know."""
    lock = only(LOCK.read_text(encoding="utf-8"), "gunicorn-h1c")

    def fill(to: Path) -> None:
        named = to / LOCK.name
        named.write_text(lock, encoding="utf-8")
        without = replace(site, env=site.env | {"CFLAGS": "-U__SSE4_2__"})
        pip.run(
            without,
            python,
            *("install", "--no-cache-dir", "--target", to),
            lock=named,
            sources=pip.BUILT_HERE,
        )

    return cache.entry(site.cache, "bench-parser", cache.key_of(lock, str(python)), fill)


def only(lock: str, name: str) -> str:
    """The part of a lock that is about one distribution."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n .*)*\n", lock, re.MULTILINE)
    return found[0] if found else ""


def engine_for(site: Site, tools: Path) -> Path:
    """A folder with the checkout's engine, built as the buildpack's wheels are."""
    minor = sys.version_info.minor
    found = headers.of_python(site, minor, tools.parent)
    wheel = engine.one(site, tools, minor, found, (os.uname().machine, "glibc"))

    def fill(to: Path) -> None:
        shell.do(
            [
                *(tools, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
                *("--target", to, wheel),
            ],
            log=site.log("bench-serve-engine"),
            failure=f"{wheel.name} could not be unpacked",
            remedy="Look at the free disk space",
            env=site.env,
        )

    return cache.entry(site.cache, "bench-engine", cache.key_of(wheel), fill)


def app(site: Site) -> Path:
    """The apps, with the file that is downloaded."""

    def fill(to: Path) -> None:
        shutil.copytree(HERE / "app", to, dirs_exist_ok=True)
        (to / "download.bin").write_bytes(bytes(DOWNLOAD))

    return cache.entry(site.cache, "bench-apps", cache.key_of(HERE / "app", str(DOWNLOAD)), fill)


def client(site: Site) -> Path:
    """The program that asks."""

    def fill(to: Path) -> None:
        shell.do(
            [*COMPILER, "-O2", "-o", to / "client", CLIENT],
            log=site.log("bench-serve-client"),
            failure="gcc could not compile the client",
            remedy="Look at the log",
        )

    return cache.entry(site.cache, "bench-client", cache.key_of(CLIENT), fill) / "client"
