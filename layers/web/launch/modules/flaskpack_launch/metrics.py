"""prometheus_client's multiprocess mode, for an app that does nothing about it.

Each worker keeps its values in files of a folder, which must be named before the module is
imported. Three things are done so that nobody has to:

- The folder is a new one for each server.
- A file is named after a worker's place (1, 2, …), not its process id: whoever takes the place
  of a worker goes on with its counters. By process ids, each renewed worker would leave files
  behind, in memory, for as long as the server runs.
- The default registry answers for all workers, so that /metrics does, whatever writes it:
  generate_latest(), make_wsgi_app(), prometheus-flask-exporter. Collectors of the app's own are
  asked too; those that tell of one process only (process_*, python_gc_*) are not.
"""

import atexit
import errno
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import (
    Any,
    Collection,
    Dict,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    Optional,
)

from . import hooks

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The places of one arbiter's workers; they inherit it when they are forked.

    It outlives a reload, where the configuration is read anew.
    """

    of_this_process: "Optional[Metrics]" = None

    def __init__(self) -> None:
        self.place = 0
        self._places: Dict[int, int] = {}  # by the workers' ages

    def pre_fork(self, server: Any, worker: Any) -> None:
        """In the arbiter, which knows who lives."""
        living = {other.age for other in server.WORKERS.values()}
        self._places = {age: at for age, at in self._places.items() if age in living}
        self._places[worker.age] = free(self._places.values())

    def post_fork(self, _server: Any, worker: Any) -> None:
        self.place = self._places[worker.age]

    def child_exit(self, _server: Any, worker: Any) -> None:
        """In the arbiter: gauges that tell of living workers forget this one."""
        place = self._places.get(worker.age)
        if place is not None:
            import_module("prometheus_client.multiprocess").mark_process_dead(place)


def prepare(environ: MutableMapping[str, str]) -> None:
    """Before anything else imports it, turn the mode on where prometheus_client is installed.

    Ends the process where a folder that the user names can't be had.
    """
    Metrics.of_this_process = Metrics.of_this_process or begin(environ)


def attach(cfg: Any) -> None:
    """Have gunicorn tell us of its workers, by hooks beside those that it has already."""
    metrics = Metrics.of_this_process
    if metrics:
        hooks.add(cfg, "pre_fork", metrics.pre_fork)
        hooks.add(cfg, "post_fork", metrics.post_fork)
        hooks.add(cfg, "child_exit", metrics.child_exit)


def free(taken: Collection[int]) -> int:
    """The lowest place that nobody has."""
    return next(place for place in range(1, len(taken) + 2) if place not in taken)


def begin(environ: MutableMapping[str, str]) -> Optional[Metrics]:
    """See `prepare`; None where it isn't installed, or there is nowhere to write to."""
    if find_spec("prometheus_client") is None:
        return None
    if environ.get(VARIABLE):
        _empty(Path(environ[VARIABLE]), environ)
    else:
        parents = [environ.get("TMPDIR") or "/tmp", "/dev/shm"]
        writable = [parent for parent in parents if os.access(parent, os.W_OK | os.X_OK)]
        if not writable:
            return None
        environ[VARIABLE] = _new_folder(writable[0])
    metrics = Metrics()
    values: Any = import_module("prometheus_client.values")
    values.ValueClass = values.MultiProcessValue(lambda: metrics.place)
    _answer_for_all(import_module("prometheus_client"))
    return metrics


def _new_folder(parent: str) -> str:
    """Of its own for each server. In /dev/shm last: Docker gives that 64 MB, and a process that
    writes beyond them through a map is killed."""
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="flaskpack-metrics-", dir=parent)
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # workers come by here too
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


def _empty(folder: Path, environ: Mapping[str, str]) -> None:
    """A folder of the user's: of what is in it, the files of a server that has ended."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        # The server that this one shall replace still writes there.
        ended = [] if "GUNICORN_PID" in environ else list(folder.glob("*.db"))
        for file in ended:
            file.unlink()
    except OSError as error:
        raise SystemExit(
            f"Error: {VARIABLE} is {str(folder)!r}, allowed: a folder that this user may make and "
            f"write to ({error.strerror})"
        ) from None


def _answer_for_all(client: Any) -> None:
    registry = client.REGISTRY
    of_all = import_module("prometheus_client.multiprocess").MultiProcessCollector
    # Those that the module brings along itself, but for the one about Python.
    of_one = frozenset(registry._collector_to_names) - {client.PLATFORM_COLLECTOR}

    def others() -> Iterator[Any]:
        for collector in list(registry._collector_to_names):
            is_in_files = isinstance(collector, of_all) or hasattr(collector, "labels")
            if not is_in_files and collector not in of_one:
                yield from collector.collect()

    def collect() -> Iterator[Any]:
        yield from of_all(None).collect()
        yield from others()

    class Restricted:
        """Some metrics only, by their samples' names."""

        def __init__(self, names: Iterable[str]) -> None:
            self._names = frozenset(names)

        def collect(self) -> Iterator[Any]:
            for metric in collect():
                samples = [each for each in metric.samples if each.name in self._names]
                if samples:
                    some = client.Metric(metric.name, metric.documentation, metric.type)
                    some.samples = samples
                    yield some

    registry.collect = collect
    registry.restricted_registry = Restricted
