"""A registry of images on this machine's loopback: Debian's, in a container."""

import contextlib
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from support.containers import wait
from support.packing import run

from scripts.toolchain.building import free_port

CONFIGURATION = """\
version: 0.1
storage:
  filesystem:
    rootdirectory: /tmp/registry
  delete:
    enabled: true
http:
  addr: 127.0.0.1:{port}
"""


@dataclass(frozen=True)
class Registry:
    """``address`` is what an image's name begins with; builds reach it by ``--network host``."""

    address: str

    def name(self, repository: str) -> str:
        """The name of an image in it."""
        return f"{self.address}/{repository}"

    def push(self, image: str, repository: str) -> str:
        """A copy of an image of the engine's; its name there."""
        name = self.name(repository)
        for command in (["tag", image, name], ["push", "--quiet", name], ["image", "rm", name]):
            done = run("docker", *command)
            assert done.returncode == 0, done.stdout
        return name

    def pull(self, repository: str) -> str:
        """The image in the engine, under its name there."""
        name = self.name(repository)
        done = run("docker", "pull", "--quiet", name)
        assert done.returncode == 0, done.stdout
        return name


@contextlib.contextmanager
def registry() -> Iterator[Registry]:
    """One that begins empty and is gone afterwards."""
    port = free_port(0)
    container = f"flaskpack-test-registry-{uuid4().hex[:8]}"
    script = f"cat >/tmp/config <<'END'\n{CONFIGURATION.format(port=port)}END\n"
    script += "exec docker-registry serve /tmp/config"
    command = ["docker", "run", "--detach", "--rm", "--name", container, "--network", "host"]
    started = run(*command, os.environ["FLASKPACK_PEERS"], "sh", "-c", script)
    assert started.returncode == 0, started.stdout
    made = Registry(f"127.0.0.1:{port}")
    try:
        wait(lambda: _answers(made), "the registry does not answer", lambda: "")
        yield made
    finally:
        run("docker", "rm", "--force", "--volumes", container)


def _answers(made: Registry) -> bool:
    try:
        with urllib.request.urlopen(f"http://{made.address}/v2/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
