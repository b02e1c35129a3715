"""What memory PRELOAD spares."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Spread, spread
from benchmarks.serve import client
from benchmarks.serve.cases import APPS, App
from benchmarks.serve.client import Load
from benchmarks.serve.measure import MEGABYTE
from benchmarks.serve.peers import Tools
from benchmarks.serve.processes import usage
from benchmarks.serve.running import serving
from benchmarks.serve.servers import Server, Setting, gunicorn
from benchmarks.tuning.start import CONF
from scripts.toolchain import say

ENGINE = "egg:meinheld#gunicorn_worker"
WORKERS = 4
LOAD = Load(16, True, 3.0, 1.0)

LOADED = (APPS["hello"], App("objects", "Flask with 60 MB of objects", "objects", "/", 20))


@dataclass(frozen=True)
class Preload:
    """MB of an app's workers and their arbiter together after a load, by the server's title."""

    app: str
    memory: dict[str, Spread]


def _included(setting: Setting, *given: str) -> Sequence[str | Path]:
    variables = (f"BIND=127.0.0.1:{setting.port}", f"WEB_CONCURRENCY={setting.processes}", *given)
    command = (setting.python, "-m", "gunicorn", "-k", ENGINE, "-c", CONF)
    return ["env", *variables, *command, f"{setting.app.module}:app"]


SERVERS = (
    Server("off", "each loads it", _included, ""),
    Server("plain", "gunicorn's --preload alone", gunicorn(ENGINE, "--preload"), ""),
    Server("on", "PRELOAD=1", lambda setting: _included(setting, "PRELOAD=1"), ""),
)


def preloads(tools: Tools, rounds: int) -> tuple[Preload, ...]:
    """Each app with each of SERVERS, in turn."""
    found = []
    for app in LOADED:
        samples: dict[str, list[float]] = {server.title: [] for server in SERVERS}
        for _ in range(rounds):
            for server in SERVERS:
                samples[server.title].append(_memory(tools, server, app))
        found.append(Preload(app.title, {name: spread(each) for name, each in samples.items()}))
        say.line(f"{app.title}: memory is measured, after {say.elapsed()}")
    return tuple(found)


def _memory(tools: Tools, server: Server, app: App) -> float:
    with serving(tools, server, app, keep=True, processes=WORKERS) as running:
        client.ask(tools.client, running.port, app, LOAD)
        return usage(running.session).memory / MEGABYTE
