"""gunicorn's settings as this image makes them: `from flaskpack_conf import *`.

Runs when it is imported: reads the environment and the limits of the container. What
makes no sense ends the process with one line for each value.
"""

import os
import sys
from typing import Any

from flaskpack_launch import cores as _cores
from flaskpack_launch import fleet as _fleet
from flaskpack_launch import found as _found
from flaskpack_launch import listen as _listen
from flaskpack_launch import memory as _memory
from flaskpack_launch import metrics as _metrics
from flaskpack_launch import options as _options
from flaskpack_launch import preload as _preload
from flaskpack_launch import processes as _processes
from flaskpack_launch import settings as _settings
from flaskpack_launch import threads as _threads
from flaskpack_launch import workers as _workers

__all__ = [
    "accesslog",
    "bind",
    "control_socket_disable",
    "errorlog",
    "graceful_timeout",
    "keepalive",
    "loglevel",
    "max_requests",
    "max_requests_jitter",
    "on_reload",
    "on_starting",
    "preload_app",
    "threads",
    "timeout",
    "worker_tmp_dir",
    "workers",
]

try:
    _given = _settings.read(os.environ)
except _settings.BadValuesError as error:
    raise SystemExit(str(error)) from None

_told = _options.words(sys.argv, os.environ)
_is_served = "gunicorn.config" in sys.modules  # else somebody wants to read the values
_class = _options.last(_told, "-k", "--worker-cl") or (
    "sync" if _is_served else _found.worker_class(os.environ)
)
_inherits = _listen.inherits(os.environ, os.getpid())
_asked = _workers.decide(_given.web_concurrency, _given.workers_per_core, _cores.of_this_process())
_threads_plan = _threads.decide(
    _given.threads, _class, _asked.workers, _processes.of_this_process()
)
_listen_plan = _listen.decide(
    _given.host, _given.port, _given.bind, _listen.always if _inherits else _listen.is_permitted
)

# gunicorn takes several addresses as a list only.
bind = [each.strip() for each in _listen_plan.bind.split(",")]
workers = _asked.workers
threads = _threads_plan.number
preload_app = _given.preload
timeout = _given.timeout
graceful_timeout = _given.graceful_timeout
keepalive = _given.keep_alive
max_requests = _given.max_requests
# Without it all workers, which share the work evenly, would end at the same moment.
max_requests_jitter = max_requests // 10
loglevel = _given.log_level
errorlog = "-"
accesslog = "-" if _given.access_log else None
if _given.access_log == "json":
    logger_class = "flaskpack_launch.json_log.JsonLogger"
    __all__ += ["logger_class"]
# A worker shows that it lives through a file: on a slow disk it would seem dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# gunicorn 25.1 and newer open one below HOME, where whoever runs as this user may
# command the server. Older ones ignore the name.
control_socket_disable = not any(word.startswith("--control-s") for word in _told)
if _is_served:
    _metrics.prepare(os.environ)


def on_starting(server: Any) -> None:
    """End here when the address can't be had or the app can't be shared; plan the workers.

    The arbiter calls it once, before it opens its sockets; a command line may have
    replaced any of the values by then.
    """
    if _listen_plan.warning and server.cfg.bind == bind:
        server.log.warning(_listen_plan.warning)
    if not _inherits and not server.cfg.reuse_port:
        problem = _listen.find_problem(server.cfg.address)
        if problem:
            raise SystemExit("Error: " + problem)
    if server.cfg.preload_app:
        _preload.settle(server.log, by_option="--preload" in _told)
    _plan(server)


def on_reload(server: Any) -> None:
    """Plan the workers anew, after HUP: the limits may be others by now."""
    _plan(server)


def _plan(server: Any) -> None:
    named = _options.last(_told, "-w", "--workers") is not None
    asked = _asked
    if named or server.cfg.workers != workers:
        asked = _workers.Asked(server.cfg.workers, "as gunicorn was told", named=True)
    asked = asked._replace(threads=server.cfg.threads)
    if _threads_plan.line and server.cfg.threads == threads:
        tell = server.log.warning if _threads_plan.is_doubtful else server.log.info
        tell("%s", _threads_plan.line)
    _fleet.of_this_process().begin(server, _fleet.Plan(asked, _memory.of_this_process()))
    _metrics.attach(server.cfg)


def as_json() -> str:
    """What the retired image's configuration printed, with its keys, types and order.

    Behind them, what the number of workers is made of; memory is in bytes.
    """
    import json

    memory, processes = _memory.of_this_process(), _processes.of_this_process()
    return json.dumps(
        {
            "loglevel": loglevel,
            "workers": workers,
            "bind": _listen_plan.bind,
            "workers_per_core": _given.workers_per_core,
            "host": _given.host,
            "port": _listen_plan.port,
            "threads": threads,
            "worker_class": _class,
            "why": _asked.why,
            "cores": _cores.of_this_process()._asdict(),
            "memory": memory and memory._asdict(),
            "processes": processes and processes._asdict(),
        }
    )
