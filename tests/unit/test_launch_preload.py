"""PRELOAD: what keeps an app from being shared, and that it is shared where nothing does."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from support.gunicorns import APP, CONF, ended, serving
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import preload  # isort: skip


@pytest.mark.parametrize(
    ("loaded", "problem"),
    [
        (preload.Loaded([], 1, []), None),
        (preload.Loaded(["sentry"], 3, ["x"]), "started the thread 'sentry'"),
        (preload.Loaded([], 3, ["x"]),
         "started threads in C (OPENBLAS_NUM_THREADS=1 keeps numpy from it)"),
        (preload.Loaded([], 1, ["a connection to db:5432", "x"]),
         "opened a connection to db:5432"),
    ],
)  # fmt: skip
def test_problems(loaded: preload.Loaded, problem: "str | None") -> None:
    assert preload.find_problem(loaded) == problem


@contextmanager
def one_more_thread() -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, name="ours")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_threads_are_seen() -> None:
    before = preload.look()
    with one_more_thread():
        loaded = preload.look()
    assert "ours" in loaded.threads
    assert loaded.tasks == before.tasks + 1


def test_connections_are_seen(tmp_path: Path) -> None:
    before = preload.look().connections

    def new() -> list[str]:
        return [each for each in preload.look().connections if each not in before]

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert new() == []  # who only listens can share that
        host, port = server.getsockname()
        with socket.create_connection((host, port)) as client:
            assert new() == [f"a connection to {host}:{port}"]
            client.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.connect(("127.0.0.1", 9))
        assert new() == []
    one, other = socket.socketpair()
    with one, other:
        assert new() == ["a connection to another process"] * 2
    with (tmp_path / "file").open("w+"):
        assert new() == []
    with closing(sqlite3.connect(tmp_path / "my.db")) as database:
        database.execute("CREATE TABLE t (x)")
        assert new() == [f"the SQLite database {tmp_path}/my.db"]


THREAD = """
import threading

threading.Thread(target=threading.Event().wait, name="mine", daemon=True).start()
"""
REFUSED = (
    "Error: PRELOAD=1: when it was loaded the app started the thread 'mine', which the workers "
    "can't share: leave PRELOAD out, or do that in the first request; "
    "GUNICORN_CMD_ARGS=--preload insists\n"
)


def test_an_app_that_cannot_be_shared_ends_the_start(tmp_path: Path) -> None:
    code, said = ended(tmp_path, app=THREAD + APP, PRELOAD="1", BIND="unix:s")
    assert (code, said) == (1, REFUSED)


def test_whoever_gives_gunicorns_own_option_is_warned(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, app=THREAD + APP, GUNICORN_CMD_ARGS="--preload") as server:
        assert server.answer() == b"served"
        assert (
            server.log().count(
                "[WARNING] when it was loaded the app started the thread 'mine', "
                "which the workers can't share\n"
            )
            == 1
        )


FROZEN = """
import gc, os
blob = [[number] for number in range(300000)]


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d %d" % (gc.get_freeze_count() > 300000, gc.isenabled())]
"""


def test_what_was_loaded_is_left_alone_by_the_garbage_collection(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, app=FROZEN, PRELOAD="1", WEB_CONCURRENCY="2") as server:
        assert server.answer() == b"1 1"
    with serving(tmp_path, CONF, app=FROZEN, WEB_CONCURRENCY="1") as server:
        assert server.answer() == b"0 1"


def test_a_log_over_tcp_is_not_the_apps(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as logs:
        port = logs.getsockname()[1]
        option = f"--log-syslog-to=tcp://127.0.0.1:{port}"
        with serving(tmp_path, CONF, "--log-syslog", option, PRELOAD="1") as server:
            assert server.answer() == b"served"


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert preload.__file__.startswith(str(MODULES))
