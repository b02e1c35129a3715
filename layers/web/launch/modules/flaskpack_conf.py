"""gunicorn's settings as this image makes them: `from flaskpack_conf import *`.

Runs when it is imported: reads the environment and the limits of the container. What
makes no sense ends the process with one line for each value.
"""

import os
import sys
from typing import Any

from flaskpack_launch import cores as _cores
from flaskpack_launch import listen as _listen
from flaskpack_launch import settings as _settings
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

_workers_plan = _workers.decide(
    _given.web_concurrency, _given.workers_per_core, _cores.of_this_process()
)
_listen_plan = _listen.decide(_given.host, _given.port, _given.bind, _listen.is_permitted)

# gunicorn takes several addresses as a list only.
bind = [each.strip() for each in _listen_plan.bind.split(",")]
workers = _workers_plan.workers
threads = _given.threads
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
control_socket_disable = not any(
    word.startswith("--control-s")
    for word in [*sys.argv, *os.environ.get("GUNICORN_CMD_ARGS", "").split()]
)


def on_starting(server: Any) -> None:
    """Say how the values came about, and end here when the address can't be had.

    The arbiter calls it once, before it opens its sockets; a command line may have
    replaced any of the values by then.
    """
    if server.cfg.workers == workers:
        server.log.info(_workers_plan.reason)
    if _listen_plan.warning and server.cfg.bind == bind:
        server.log.warning(_listen_plan.warning)
    inherits_sockets = server.master_pid or "LISTEN_PID" in os.environ
    if not inherits_sockets and not server.cfg.reuse_port:
        problem = _listen.find_problem(server.cfg.address)
        if problem:
            raise SystemExit("Error: " + problem)


def as_json() -> str:
    """What the retired image's configuration printed, with its keys, types and order."""
    import json

    return json.dumps(
        {
            "loglevel": loglevel,
            "workers": workers,
            "bind": _listen_plan.bind,
            "workers_per_core": _given.workers_per_core,
            "host": _given.host,
            "port": _listen_plan.port,
        }
    )
