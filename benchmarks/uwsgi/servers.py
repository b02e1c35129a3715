"""The contenders in containers, and wrk, which asks them, in another."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from support.containers import wait
from support.packing import inspect, run

from scripts.toolchain import peers

NGINX = """\
worker_processes auto;
pid /tmp/nginx.pid;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000;
    server {
        listen 80;
        location / { include /etc/nginx/uwsgi_params; uwsgi_pass unix:/tmp/uwsgi.sock; }
    }
}
"""
UWSGI = (
    "uwsgi --plugin python3 --socket /tmp/uwsgi.sock --chmod-socket=666 --master --die-on-term"
    " --need-app --disable-logging --chdir /app --pythonpath /packages --module main:app"
    " --hook-master-start 'unix_signal:15 gracefully_kill_them_all' {processes}"
)


@dataclass(frozen=True)
class Contender:
    """``command`` is what docker run is given behind its own options."""

    name: str
    command: tuple[str, ...]


def ours(image: str, name: str, *env: str) -> Contender:
    """The image; ``env`` are NAME=value."""
    options = [part for each in env for part in ("--env", each)]
    return Contender(name, (*options, image))


def nginx_uwsgi(name: str, processes: str, app: Path, packages: Path) -> Contender:
    """Debian's nginx before Debian's uWSGI, by a unix socket, in one container."""
    start = f"cat >/tmp/conf <<'END'\n{NGINX}END\n{UWSGI.format(processes=processes)} &\n"
    mounts = ("--volume", f"{app}:/app:ro", "--volume", f"{packages}:/packages:ro")
    serve = "exec nginx -c /tmp/conf -e stderr -g 'daemon off;'"
    return Contender(name, (*mounts, peers.IMAGE, "sh", "-c", start + serve))


@contextlib.contextmanager
def serving(contender: Contender) -> Iterator[str]:
    """The address of one that answers; gone afterwards."""
    container = f"flaskpack-bench-{uuid4().hex[:8]}"
    started = run("docker", "run", "--detach", "--name", container, *contender.command)
    assert started.returncode == 0, started.stdout
    try:
        address = str(inspect(container)["NetworkSettings"]["IPAddress"])
        wait(
            lambda: asked(address, "/", seconds=1, connections=1) > 0,
            f"{contender.name} does not answer",
            lambda: run("docker", "logs", container).stdout,
        )
        yield address
    finally:
        run("docker", "rm", "--force", "--volumes", container)


def asked(address: str, path: str, seconds: int, connections: int) -> float:
    """Requests per second that wrk got answers to; 0 where an answer was none or no 2xx."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://{address}{path}"]
    said = run("docker", "run", "--rm", peers.IMAGE, *command).stdout
    return rate(said.splitlines())


def rate(said: Sequence[str]) -> float:
    """What wrk's lines say; 0 with errors in them."""
    text = "\n".join(said)
    found = re.search(r"^Requests/sec: +([\d.]+)$", text, re.MULTILINE)
    if not found or "Non-2xx" in text or "Socket errors" in text:
        return 0.0
    return float(found[1])
