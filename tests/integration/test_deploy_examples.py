"""The files of examples/deploy with real engines: Compose and Swarm."""

import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from support.containers import wait
from support.packing import Packer, run
from support.postgres import START
from support.rolling import answers, swarmed

from scripts.toolchain.building import free_port

EXAMPLES = Path(__file__).parents[2] / "examples"
DEPLOY = EXAMPLES / "deploy"


@pytest.fixture
def named() -> Iterator["Named"]:
    made = Named()
    yield made
    made.remove()


class Named:
    """Images of Debian's servers that start as the usual images of the same programs do."""

    def __init__(self) -> None:
        self._made: list[str] = []

    def image(self, *command: str) -> str:
        name = f"flaskpack-test-{uuid4().hex[:12]}"
        container = run("docker", "create", os.environ["FLASKPACK_PEERS"], "sh").stdout.strip()
        change = f"CMD {json.dumps(command)}"
        done = run("docker", "commit", "--change", change, container, name)
        assert done.returncode == 0, done.stdout
        run("docker", "rm", container)
        self._made.append(name)
        return name

    def remove(self) -> None:
        for name in self._made:
            run("docker", "image", "rm", "--force", name)


def built(packer: Packer, name: str) -> str:
    made = packer.build(EXAMPLES / name, f"d-{name}")
    assert made.exit_code == 0, made.output
    return made.image


def test_compose(packer: Packer, named: Named) -> None:
    """Two replicas migrate and answer behind nginx, with a root that nobody can write to."""
    project = f"flaskpack-test-{uuid4().hex[:8]}"
    port = free_port(0)
    env = {
        "APP_IMAGE": built(packer, "database"),
        "POSTGRES_IMAGE": named.image("sh", "-c", START),
        "NGINX_IMAGE": named.image("nginx", "-g", "daemon off;"),
        "POSTGRES_PASSWORD": "secret-of-the-test",
        "PUBLISH": f"127.0.0.1:{port}",
    }
    assert compose(project, env, "up", "--detach")[0] == 0
    try:
        url = f"http://127.0.0.1:{port}/"
        wait(lambda: answers("127.0.0.1", port), "nobody answers", lambda: logs(project, env))
        urllib.request.urlopen(urllib.request.Request(url, b"a note"), timeout=20).close()
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert json.load(answer) == ["a note"]
        listed = compose(project, env, "ps", "--quiet", "app")[1].split()
        assert len(listed) == 2
        for container in listed:
            code = run("docker", "exec", container, "/cnb/process/healthcheck", "/ready").returncode
            assert code == 0
            assert run("docker", "exec", container, "touch", "instance/x").returncode == 1
    finally:
        compose(project, env, "down", "--volumes", "--timeout", "20")


def compose(project: str, env: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Debian's docker-compose, in a container that has the engine's socket."""
    socket = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
    command = ["docker", "run", "--rm", "--network", "host"]
    command += ["--volume", f"{socket}:/var/run/docker.sock", "--volume", f"{DEPLOY}:{DEPLOY}:ro"]
    for name, value in env.items():
        command += ["--env", f"{name}={value}"]
    compose = ["docker-compose", "--project-name", project, "--file", str(DEPLOY / "compose.yaml")]
    done = run(*command, os.environ["FLASKPACK_PEERS"], *compose, *arguments)
    return done.returncode, done.stdout


def logs(project: str, env: dict[str, str]) -> str:
    return compose(project, env, "logs", "app", "database")[1]


def test_a_stack_of_docker_swarm(packer: Packer, named: Named) -> None:
    stack = f"flaskpack-test-{uuid4().hex[:8]}"
    port = free_port(0)
    haproxy = ("haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg")
    env = {
        "APP_IMAGE": built(packer, "hello"),
        "HAPROXY_IMAGE": named.image(*haproxy),
        "PUBLISH": str(port),
    }
    with swarmed():
        command = ["env", *(f"{name}={value}" for name, value in env.items())]
        command += ["docker", "stack", "deploy", "--resolve-image", "never", "--compose-file"]
        done = run(*command, str(DEPLOY / "stack.yaml"), stack)
        assert done.returncode == 0, done.stdout
        try:
            wait(
                lambda: answers("127.0.0.1", port),
                "nobody answers",
                lambda: run("docker", "stack", "ps", "--no-trunc", stack).stdout,
            )
        finally:
            run("docker", "stack", "rm", stack)
            wait(
                lambda: not run("docker", "ps", "--quiet", "--filter", f"name={stack}").stdout,
                "the stack stays",
                lambda: "",
            )
