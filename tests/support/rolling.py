"""New versions of an app put in place one after another, while clients ask without a rest.

A site is a proxy of Debian's with an app of two containers behind it; `update` puts another
version of the app in place. What the clients were answered is counted by `harness.load`.
"""

import contextlib
import http.client
import os
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from harness.load import Load
from support.containers import wait
from support.packing import inspect, run
from support.proxies import PROXIES

IN_SWARM = Path(__file__).parents[2] / "examples" / "deploy" / "haproxy.cfg"


@dataclass(frozen=True)
class Site:
    """``host`` and ``port`` are the proxy's; ``version`` is what a request is answered by."""

    host: str
    port: int
    update: Callable[[int], None]


def updates(site: Site, count: int, least: int) -> Load:
    """So many updates under load, and on until so many requests are answered."""
    running = Load(site.port, host=site.host)
    try:
        _reach(running, 100)
        for number in range(1, count + 1):
            site.update(number)
        # A thousand at a time: each has its own limit.
        for goal in (*range(0, least, 1000), least, running.tally.answered + 100):
            _reach(running, goal)
    finally:
        running.finish()
    return running


def _reach(running: Load, answered: int) -> None:
    wait(
        lambda: running.tally.answered >= answered,
        f"not {answered} answers",
        lambda: str(running.tally.wrong),
    )


@contextlib.contextmanager
def two_containers(image: str, proxy: str) -> Iterator[Site]:
    """Each has an address of its own; an update stops one, starts the next there, then the other.

    Nobody tells the proxy: it sees for itself who answers.
    """
    name = f"flaskpack-test-{uuid4().hex[:8]}"
    network = _done("docker", "network", "create", "--subnet", "10.219.73.0/24", name)
    slots = [f"10.219.73.{10 + number}" for number in range(2)]

    def start(slot: str, version: int) -> None:
        container = f"{name}-{slot}"
        where = ("--network", network, "--ip", slot, "--name", container)
        _done(
            *("docker", "run", "--detach", *where, "--env", f"VERSION={version}"),
            *("--env", "WEB_CONCURRENCY=2", image),
        )
        _wait_until_healthy(container)

    def update(version: int) -> None:
        for slot in slots:
            _done("docker", "stop", "--time", "60", f"{name}-{slot}")
            assert inspect(f"{name}-{slot}")["State"]["ExitCode"] == 0
            _done("docker", "rm", f"{name}-{slot}")
            start(slot, version)

    try:
        for slot in slots:
            start(slot, 0)
        script = PROXIES[proxy]([f"{slot}:80" for slot in slots])
        front = f"{name}-proxy"
        peers = os.environ["FLASKPACK_PEERS"]
        where = ("--network", network, "--ip", "10.219.73.2", "--name", front)
        _done("docker", "run", "--detach", *where, peers, "sh", "-c", script)
        wait(
            lambda: answers("10.219.73.2", 80),
            "nobody answers through the proxy",
            lambda: run("docker", "logs", front).stdout,
        )
        yield Site("10.219.73.2", 80, update)
    finally:
        ours = run("docker", "ps", "--all", "--quiet", "--filter", f"name={name}").stdout.split()
        run("docker", "rm", "--force", "--volumes", *ours)
        run("docker", "network", "rm", network)


@contextlib.contextmanager
def swarm(image: str) -> Iterator[Site]:
    """A service of Docker Swarm; HAProxy finds its tasks by the engine's names.

    An update starts a new task, waits until it is healthy, and stops an old one.
    """
    name = f"flaskpack-test-{uuid4().hex[:8]}"
    with swarmed():
        overlay = f"{name}-net"
        _done("docker", "network", "create", "--driver", "overlay", "--attachable", overlay)
        try:
            _done(
                *("docker", "service", "create", "--detach=false", "--name", name),
                *("--network", f"name={overlay},alias=app", "--endpoint-mode", "dnsrr"),
                *("--replicas", "2", "--env", "WEB_CONCURRENCY=2", "--no-resolve-image"),
                *("--health-cmd", "healthcheck", "--health-interval", "1s"),
                *("--update-order", "start-first", "--update-monitor", "1s"),
                *("--stop-grace-period", "60s", image),
            )
            front = f"{name}-proxy"
            script = f"cat >/tmp/conf <<'END'\n{IN_SWARM.read_text()}END\nexec haproxy -f /tmp/conf"
            peers = os.environ["FLASKPACK_PEERS"]
            where = ("--network", overlay, "--publish", "127.0.0.1::80", "--name", front)
            _done("docker", "run", "--detach", *where, peers, "sh", "-c", script)
            port = int(_done("docker", "port", front, "80/tcp").rpartition(":")[2])

            def update(version: int) -> None:
                _done(
                    *("docker", "service", "update", "--detach=false", "--no-resolve-image"),
                    *("--env-add", f"VERSION={version}", name),
                )

            wait(
                lambda: answers("127.0.0.1", port),
                "nobody answers through the proxy",
                lambda: run("docker", "logs", front).stdout,
            )
            yield Site("127.0.0.1", port, update)
        finally:
            run("docker", "rm", "--force", "--volumes", f"{name}-proxy")
            run("docker", "service", "rm", name)
            wait(
                lambda: run("docker", "network", "rm", overlay).returncode == 0,
                "the network is in use",
                lambda: run("docker", "ps", "--all").stdout,
            )


@contextlib.contextmanager
def swarmed() -> Iterator[None]:
    """An engine that is a swarm by itself; one that was none before is none afterwards."""
    state = run("docker", "info", "--format", "{{.Swarm.LocalNodeState}}").stdout.strip()
    if state == "active":
        yield
        return
    _done("docker", "swarm", "init", "--advertise-addr", "127.0.0.1")
    try:
        yield
    finally:
        run("docker", "swarm", "leave", "--force")


def answers(host: str, port: int) -> bool:
    """Whether the page / is there."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, http.client.HTTPException):
        return False


def _wait_until_healthy(container: str) -> None:
    wait(
        lambda: run("docker", "exec", container, "healthcheck").returncode == 0,
        "it is not healthy",
        lambda: run("docker", "logs", container).stdout,
    )


def _done(*command: str) -> str:
    answer = run(*command)
    assert answer.returncode == 0, answer.stdout
    return answer.stdout.strip()
