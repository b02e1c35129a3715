"""A worker that takes too much memory ends in order: the decision, and real ones that leak."""

import http.client
import threading
from pathlib import Path

import pytest
from support.gunicorns import Server, serving
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import guard  # isort: skip

MIB = 1 << 20


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([], 0),
        ([100], 100),
        ([100, 150], 150),  # once is no trend: the first requests fill caches
        ([100, 150, 160], 170),
        ([100, 110, 160], 170),
        ([100, 110, 120, 120], 120),
        ([100, 90, 110], 110),
        ([100, 120, 110], 110),
    ],
)
def test_what_is_expected_at_the_next_look(looks: list[int], expected: int) -> None:
    trend = guard.Trend()
    for size in looks:
        trend = trend.next(size)
    assert trend.expected() == expected


@pytest.mark.parametrize(
    ("first", "most", "chance", "expected"),
    [
        (70, 200, 0.0, 200),
        (70, 200, 0.5, 190),
        (70, 200, 1.0, 180),
        (70, 85, 1.0, 80),  # little room: it isn't renewed for what every worker grows by
        (100, 100, 1.0, 100),
        (120, 100, 1.0, 100),
    ],
)
def test_workers_end_one_after_the_other(
    first: int, most: int, chance: float, expected: int
) -> None:
    assert guard.limit(first, most, chance) == expected


LEAKS = """
import os
kept = []


def app(environ, start_response):
    kept.append(b"x" * (100 << 10))
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""
LIMITED = """
from flaskpack_launch import memory
memory.of_this_process = lambda: memory.Memory(120 << 20, "the test's limit")
from flaskpack_conf import *
"""


class Clients:
    """Each asks on new connections until ``stop``; ``failures`` are words."""

    def __init__(self, server: Server, number: int) -> None:
        self.answered = 0
        self.failures: list[str] = []
        self._server, self._stopped = server, threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._stopped.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=20)
            try:
                connection.request("GET", "/", headers={"Connection": "close"})
                if connection.getresponse().read() == b"ok":
                    self.answered += 1
                else:
                    self.failures.append("another answer")
            except (OSError, http.client.HTTPException) as problem:
                self.failures.append(repr(problem))
            finally:
                connection.close()


@pytest.mark.parametrize("worker", ["sync", "gthread"])
def test_workers_that_leak_are_renewed_and_no_request_fails(tmp_path: Path, worker: str) -> None:
    conf = tmp_path / "limited.py"
    conf.write_text(LIMITED)
    with serving(tmp_path, conf, app=LEAKS, worker=worker, WORKERS_PER_CORE="1") as server:
        server.wait_for("is renewed")
        clients = Clients(server, 4)
        try:
            server.wait_for("and another takes its place", times=3)
        finally:
            clients.stop()
        assert clients.failures == []
        assert clients.answered > 300
        assert "SIGKILL" not in server.log()
        assert "WORKER TIMEOUT" not in server.log()


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert guard.__file__.startswith(str(MODULES))
