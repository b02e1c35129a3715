"""The Docker engine: the one that answers, else Debian's, started by hand."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from scripts.toolchain import machine, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site

PATIENCE = 60
"""Seconds for an engine to begin or to end."""


def ready(site: Site) -> str:
    """Sees to an engine; returns the version that answers."""
    if version := answering():
        return version
    if os.environ.get("DOCKER_HOST"):
        raise SetupError(
            f"No Docker engine answers at DOCKER_HOST={os.environ['DOCKER_HOST']}",
            "Start that engine, or unset DOCKER_HOST to have one started here",
        )
    if not (shutil.which("dockerd") and shutil.which("docker")):
        machine.install(_packages(), site, "Docker engine")
    with say.step("Docker engine: starting dockerd"):
        return _start(site.cache)


def _packages() -> list[str]:
    packages = ["docker.io", "iptables"]
    # From Debian 13 on the client is a package of its own.
    if shell.ask(["apt-cache", "show", "--no-all-versions", "docker-cli"]):
        packages.append("docker-cli")
    return packages


def answering() -> str | None:
    return shell.ask(["docker", "version", "--format", "{{.Server.Version}}"])


def reachable(env: dict[str, str]) -> dict[str, str]:
    """The environment for pack, which doesn't know the Docker client's contexts."""
    told = shell.ask(["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
    address = needed_address(env.get("DOCKER_HOST"), told)
    return env | {"DOCKER_HOST": address} if address else env


def needed_address(given: str | None, context: str | None) -> str | None:
    """None where the usual socket or the variable itself already leads to the engine."""
    if given or not context or context == "unix:///var/run/docker.sock":
        return None
    return context


def _start(cache_folder: Path) -> str:
    place = cache_folder / "docker"
    place.mkdir(parents=True, exist_ok=True)
    log = place / "dockerd.log"
    failure = "dockerd did not begin to answer"
    if os.geteuid() != 0:
        raise SetupError("No Docker engine answers", "Start one, or run this as root")
    with log.open("wb") as output:
        engine = subprocess.Popen(
            ["dockerd", "--pidfile", pid_file(cache_folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    if not wait_for(lambda: engine.poll() is not None or answering() is not None, PATIENCE):
        engine.send_signal(signal.SIGTERM)
        raise SetupError(f"{failure} within {PATIENCE} s", f"Its log says why: {log}")
    if engine.poll() is not None:
        said = shell.last_line(log.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(f"{failure}: {said}", f"The whole log: {log}")
    return answering() or ""


def pid_file(cache_folder: Path) -> Path:
    return cache_folder / "docker" / "dockerd.pid"


def stop(cache_folder: Path) -> None:
    """Ends the engine that ``ready`` started from this cache; no other."""
    pid = running_pid(pid_file(cache_folder), Path("/proc"))
    if pid is None:
        say.line("No Docker engine that was started from here is running.")
        return
    with say.step(f"Docker engine: stopping dockerd (process {pid})"):
        os.kill(pid, signal.SIGTERM)
        if not wait_for(
            lambda: running_pid(pid_file(cache_folder), Path("/proc")) is None, PATIENCE
        ):
            raise SetupError(
                f"dockerd (process {pid}) did not end within {PATIENCE} s",
                f"Look at {cache_folder / 'docker' / 'dockerd.log'}",
            )


def running_pid(file: Path, proc: Path) -> int | None:
    """The process in the pid file, if it is alive and a dockerd still."""
    try:
        pid = int(file.read_text(encoding="ascii"))
        name = (proc / str(pid) / "comm").read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    return pid if name.strip() == "dockerd" else None


def wait_for(condition: Callable[[], bool], limit: float) -> bool:
    """Whether the condition came true within so many seconds."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def label(image: str, name: str) -> str | None:
    """A label of a present image; None where either is absent."""
    return shell.ask(
        ["docker", "image", "inspect", "--format", f'{{{{index .Config.Labels "{name}"}}}}', image]
    )


def image_id(image: str) -> str | None:
    return shell.ask(["docker", "image", "inspect", "--format", "{{.Id}}", image])


def forget(image: str | None) -> None:
    """Removes an image that has lost its name, unless something still uses it."""
    if image:
        shell.ask(["docker", "image", "rm", image])
