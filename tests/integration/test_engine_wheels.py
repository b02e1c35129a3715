"""Every wheel of the engine that can run here runs here; the others are loaded at least."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from maker import elf
from support import engine_wheels

from scripts.toolchain import engine, headers, pythons
from scripts.toolchain.setup import site
from scripts.toolchain.site import Site

TOOLS = Path(sys.executable).parent
GUNICORN = {9: "23.0.0"}
"""The newest that a Python has; 27.0.1 for all others."""

LOADER = """\
#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **arguments)
{{
    void *module = dlopen(arguments[1], RTLD_NOW);
    if (count != 2 || module == NULL) {{
        puts(dlerror());
        return 1;
    }}
    puts(dlsym(module, "PyInit_server") ? "loaded" : "no PyInit_server");
    return 0;
}}

{python}
"""

SERVER = """\
import http.client, os, platform, socket, threading
from meinheld import server

def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]

def ask():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", "/")
    response = connection.getresponse()
    said = response.getheader("Server"), response.status, response.read()
    print(platform.machine(), platform.libc_ver()[0], *said, flush=True)
    os._exit(0)

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server.listen(("127.0.0.1", port))
threading.Thread(target=ask).start()
server.run(app)
"""


@pytest.fixture
def here() -> Site:
    return site()


def answer(minor: int) -> dict[str, object]:
    return {
        "python": f"3.{minor}",
        "libc": "glibc",
        "machine": "x86_64",
        "server": "meinheld/1.0.2",
        "status": 200,
        "answer": "hello",
        "exit": 0,
    }


def test_every_python_that_can_be_had_has_its_wheels(here: Site) -> None:
    local = {minor for minor in headers.MINORS if pythons.find(minor, TOOLS, here.env)}
    minors = sorted(set(headers.SUITES) | local)
    version = "1.0.2+flaskpack.1"

    assert {wheel.name for wheel in engine_wheels.packaged()} == {
        f"meinheld-{version}-cp3{minor}-cp3{minor}-{platform}.whl"
        for minor in minors
        for platform in (
            "manylinux_2_17_x86_64.manylinux2014_x86_64",
            "musllinux_1_2_x86_64",
        )
    }


@pytest.mark.parametrize(("minor", "suite"), sorted(headers.SUITES.items()))
def test_wheel_serves_in_a_debian(minor: int, suite: str, tmp_path: Path) -> None:
    (wheel,) = engine_wheels.packaged(minor, "manylinux")
    place = engine_wheels.unpack(wheel, tmp_path / "site", GUNICORN.get(minor, "27.0.1"))
    tmp_path.chmod(0o755)
    command = ["docker", "run", "--rm", "--env", "PYTHONPATH=/site"]
    command += ["--volume", f"{place}:/site:ro", "--volume", f"{engine_wheels.APPS}:/apps:ro"]
    command += ["--entrypoint", f"/usr/bin/python3.{minor}", f"flaskpack/run:{suite}"]

    assert engine_wheels.ask_once([*command, "-B", "/apps/ask_once.py"]) == answer(minor)


def test_wheels_of_pythons_that_no_debian_has_serve_on_this_machine(
    here: Site, tmp_path: Path
) -> None:
    found = {
        minor: python
        for minor in set(headers.MINORS) - set(headers.SUITES)
        if (python := pythons.find(minor, TOOLS, here.env))
    }
    said = {}
    for minor, python in found.items():
        (wheel,) = engine_wheels.packaged(minor, "manylinux")
        place = engine_wheels.unpack(wheel, tmp_path / str(minor), "27.0.1")
        command = [str(python.program), "-B", str(engine_wheels.APPS / "ask_once.py")]
        said[minor] = engine_wheels.ask_once(command, {"PYTHONPATH": str(place)})

    assert said == {minor: answer(minor) for minor in found}


def test_musl_loads_its_wheels(here: Site, tmp_path: Path) -> None:
    loader = engine_wheels.musl(here)
    wheels = engine_wheels.packaged(platform="musllinux")
    said = {}
    for wheel in wheels:
        place = engine_wheels.unpack(wheel, tmp_path / wheel.name)
        module = place / "meinheld" / "server.so"
        program = stand_in_for_python(module, tmp_path)
        run = subprocess.run([loader, program, module], capture_output=True, text=True, check=False)
        said[wheel.name] = run.stdout + run.stderr

    assert said == {wheel.name: "loaded\n" for wheel in wheels}
    assert len(wheels) >= len(headers.SUITES)


def test_aarch64_serves_in_an_emulator(here: Site, tmp_path: Path) -> None:
    folders = headers.of_python(here, 13, TOOLS)
    wheel = engine.one(here, Path(sys.executable), 13, folders, ("aarch64", "glibc"))
    place = engine_wheels.unpack(wheel, tmp_path / "site")
    run = subprocess.run(
        [*engine_wheels.arm_python(here), "-B", "-c", SERVER],
        env={"PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stdout == "aarch64 glibc meinheld/1.0.2 200 b'hello'\n", run.stderr


def stand_in_for_python(module: Path, folder: Path) -> Path:
    """A program for musl that has Python's names, which the loader looks for, and no more."""
    names = sorted(name for name in elf.read(module.read_bytes()).undefined if "Py" in name)
    source, program = folder / "loader.c", folder / "loader"
    source.write_text(LOADER.format(python="\n".join(f"char {name}[8];" for name in names)))
    target = ["-target", "x86_64-linux-musl", "-dynamic", "-rdynamic"]
    # By itself zig adds a sanitizer, which needs more of musl than the module does.
    target += ["-O2", "-fno-sanitize=all"]
    command = [sys.executable, "-m", "ziglang", "cc", *target, str(source), "-o", str(program)]
    subprocess.run(command, check=True, env={**os.environ, "ZIG_LOCAL_CACHE_DIR": str(folder)})
    return program


def test_modules_have_the_names_that_importing_looks_for() -> None:
    names = {
        (wheel.name.split("-")[2], wheel.name.split("-")[4].split("_")[0]): [
            name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so")
        ]
        for wheel in engine_wheels.packaged()
    }
    assert names == {
        (tag, libc): [
            "meinheld/server.so"
            if libc == "musllinux"
            else f"meinheld/server.cpython-{tag[2:]}-x86_64-linux-gnu.so"
        ]
        for tag, libc in names
    }
