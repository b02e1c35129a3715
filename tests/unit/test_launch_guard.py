"""A worker that takes too much memory ends in order: the decision, and real ones that leak."""

import http.client
import os
import threading
from pathlib import Path

import pytest
from support.gunicorns import Server, serving
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import guard, workers  # isort: skip

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


def fit(number: int, first: int, most: int, kept: int = 40) -> workers.Fit:
    return workers.Fit(number, kept, first, most, "", "", is_doubtful=False)


@pytest.mark.parametrize(
    ("found", "chance", "expected"),
    [
        (fit(2, 70, 200), 0.0, (200, 210)),
        (fit(2, 70, 200), 0.5, (167, 210)),
        (fit(2, 70, 200), 1.0, (135, 210)),
        (fit(4, 70, 80), 1.0, (75, 85)),
        (fit(1, 120, 100), 1.0, (100, 120)),
    ],
)
def test_each_has_limits_of_its_own(
    found: workers.Fit, chance: float, expected: tuple[int, int]
) -> None:
    assert guard.limits(found, chance) == expected


@pytest.mark.parametrize(
    ("expected", "others", "number", "ends"),
    [
        (100, 1, 2, False),
        (101, 1, 2, True),
        (101, 0, 2, False),  # the other one is being renewed
        (120, 0, 2, False),
        (121, 0, 2, True),
        (101, 0, 1, True),
        (101, 1, 3, True),
        (101, 0, 3, False),
        (101, 3, 8, False),
        (101, 4, 8, True),
    ],
)
def test_at_least_half_of_the_others_go_on_serving(
    expected: int, others: int, number: int, ends: bool
) -> None:
    assert guard.may_end(expected, guard.Limits(100, 120), others, number) is ends


def test_workers_see_each_other() -> None:
    serving = guard.Serving()
    for age in (1, 2, guard.PLACES + 3):
        serving.begin(age)
    assert [serving.others(age) for age in (1, 2, 4)] == [2, 2, 3]
    pid = os.fork()
    if pid == 0:
        serving.end(2)
        os._exit(serving.others(1))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert serving.others(1) == 1


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
