"""Who takes part, each in the setting that its own documentation advises for the case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serve.cases import App

LAUNCH = Path(__file__).with_name("launch")

THREADS = 32
"""Of each process where a view waits; of the engine always: they are to cost next to nothing."""

PIECE = 4096
"""Bytes of an answer that uWSGI's router passes on in one piece."""

SYNC, OURS, OURS_ALONE = "sync", "flaskpack-32", "flaskpack-1"


@dataclass(frozen=True)
class Setting:
    """Where and for what a server is started: ``python`` has all of them installed."""

    python: Path
    port: int
    processes: int
    app: App
    keep: bool


@dataclass(frozen=True)
class Server:
    """``advice`` says why it is started so, and where that stands."""

    key: str
    title: str
    command: Callable[[Setting], Sequence[str | Path]]
    advice: str


def gunicorn(worker: str, *options: str) -> Callable[[Setting], Sequence[str | Path]]:
    def command(setting: Setting) -> Sequence[str | Path]:
        return [
            *(setting.python, "-m", "gunicorn", "-k", worker, "-b", f"127.0.0.1:{setting.port}"),
            *("-w", str(setting.processes), "--keep-alive", "120"),
            # 1,000 connections may all come to one process.
            *("--worker-connections", "2000", "--no-control-socket", "--worker-tmp-dir=/dev/shm"),
            *options,
            f"{setting.app.module}:app",
        ]

    return command


def _engine(threads: int) -> Callable[[Setting], Sequence[str | Path]]:
    return gunicorn("egg:meinheld#gunicorn_worker", "--threads", str(threads))


def _gthread(setting: Setting) -> Sequence[str | Path]:
    return gunicorn("gthread", "--threads", str(_threads(setting)))(setting)


def _threads(setting: Setting) -> int:
    return THREADS if setting.app.waits else 4


def _granian(setting: Setting) -> Sequence[str | Path]:
    few = [] if setting.app.waits else ["--blocking-threads", "1"]
    return [
        *(setting.python, "-m", "granian", "--interface", "wsgi", "--workers"),
        *(str(setting.processes), "--host", "127.0.0.1", "--port", str(setting.port)),
        *("--backlog", "2048", "--backpressure", "2000", *few, f"{setting.app.module}:app"),
    ]


def _uwsgi(setting: Setting) -> Sequence[str | Path]:
    address = f"127.0.0.1:{setting.port}"
    kept = ["--http-keepalive", "--add-header", "Connection: Keep-Alive"]
    closed = ["--add-header", "Connection: close"]
    routed = ["--http", address, *(kept if setting.app.length < PIECE else closed)]
    return [
        *(setting.python.with_name("uwsgi"), "--master", "--processes", str(setting.processes)),
        *("--listen", "2048", "--disable-logging", "--single-interpreter", "--need-app"),
        *(routed if setting.keep else ["--http-socket", address]),
        *(["--threads", str(THREADS)] if setting.app.waits else []),
        *("--module", f"{setting.app.module}:app"),
    ]


def _waitress(setting: Setting) -> Sequence[str | Path]:
    return [*_launched("with_waitress.py")(setting), str(_threads(setting))]


def _launched(program: str) -> Callable[[Setting], Sequence[str | Path]]:
    def command(setting: Setting) -> Sequence[str | Path]:
        place = [str(setting.port), str(setting.processes), setting.app.module]
        return [setting.python, LAUNCH / program, *place]

    return command


SERVERS = {
    server.key: server
    for server in (
        Server(
            OURS,
            f"Flaskpack, {THREADS} threads",
            _engine(THREADS),
            f"the engine under gunicorn, as in an image with `THREADS={THREADS}`",
        ),
        Server(
            OURS_ALONE,
            "Flaskpack, 1 thread",
            _engine(1),
            "the same with `THREADS=1`, for apps that aren't thread-safe",
        ),
        Server(
            SYNC,
            "gunicorn sync",
            gunicorn("sync"),
            "gunicorn's default; with gunicorn_h1c, which its documentation of `http_parser` "
            "calls significantly faster. It closes every connection",
        ),
        Server(
            "gthread",
            "gunicorn gthread",
            _gthread,
            "with gunicorn_h1c; `--threads 4`, as gunicorn's documentation of `threads` says: "
            f"2 to 4 per core; {THREADS} where the view waits",
        ),
        Server(
            "gevent",
            "gunicorn gevent",
            gunicorn("gevent"),
            "with gunicorn_h1c; gunicorn patches the standard library, so a view that waits in it "
            "lets others run (gunicorn, Design)",
        ),
        Server(
            "bjoern",
            "bjoern",
            _launched("with_bjoern.py"),
            "processes that share a listening socket, as in its tests/fork.py; it has no "
            "other settings and no threads",
        ),
        Server(
            "fastwsgi",
            "FastWSGI",
            _launched("with_fastwsgi.py"),
            "`fastwsgi.run(…, workers=N)`; its documentation advises nothing more, and it "
            "has no threads",
        ),
        Server(
            "granian",
            "Granian",
            _granian,
            "README, Workers and threads: as many workers as cores, and few blocking threads "
            "(1) for views of about a millisecond; its own choice of them where the view waits. "
            "README, Backpressure: more than there are kept connections (2,000)",
        ),
        Server(
            "uwsgi",
            "uWSGI",
            _uwsgi,
            "documentation, Native HTTP support: `http` with `http-keepalive` and the header that "
            "goes with it (a router process beside the workers); for larger answers, in which "
            "its router makes pauses of 40 ms when it keeps connections, it closes them; "
            "`http-socket`, without a router, where the client wants that anyway. "
            f"{THREADS} threads where the view waits. Logging off",
        ),
        Server(
            "waitress",
            "waitress",
            _waitress,
            "documentation, Arguments: its default of 4 threads, "
            f"{THREADS} where the view waits; `connection_limit` raised to 2,000, and with it "
            "`asyncore_use_poll`. It is one process: here as many share a listening socket, "
            "which it takes as `sockets`",
        ),
    )
}
