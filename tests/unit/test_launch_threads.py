"""How many threads a worker has."""

import pytest
from support.launch import MODULES  # noqa: F401  puts MODULES on sys.path

from flaskpack_launch import threads  # isort: skip
from flaskpack_launch.processes import Processes  # isort: skip

ENGINE = "egg:meinheld#gunicorn_worker"
V1 = "cgroup v1 pids.max"


@pytest.mark.parametrize(
    ("worker_class", "number"),
    [
        (ENGINE, threads.DEFAULT),
        ("meinheld.gmeinheld.MeinheldWorker", threads.DEFAULT),
        ("gthread", threads.DEFAULT),
        ("sync", 1),
        ("gevent", 1),
        ("", 1),
    ],
)
def test_default_of_a_worker_class(worker_class: str, number: int) -> None:
    assert threads.default(worker_class) == number
    assert threads.decide(None, worker_class, 4, None) == threads.Threads(number)


@pytest.mark.parametrize(
    ("workers", "limit", "number"),
    [
        (4, 100_000, 64),
        (4, 521, 64),  # 9 for others and gunicorn, 4 workers of 64 twice
        (4, 520, 63),
        (2, 64, 13),
        (1, 24, 7),
        (4, 16, 1),
        (4, 1, 1),
    ],
)
def test_as_many_as_the_container_may_have(workers: int, limit: int, number: int) -> None:
    found = threads.decide(None, ENGINE, workers, Processes(limit, V1))
    assert (found.number, found.is_doubtful) == (number, False)
    assert bool(found.line) is (number < 64)


def test_it_says_why_there_are_fewer() -> None:
    limit = Processes(64, V1, ("/sys/fs/cgroup/pids.max is not understood",))
    assert threads.decide(None, ENGINE, 2, limit).line == (
        "13 threads for each worker instead of 64: 64 processes and threads are allowed "
        "(cgroup v1 pids.max; /sys/fs/cgroup/pids.max is not understood)"
    )
    assert threads.decide(None, ENGINE, 4, Processes(16, V1)).line == (
        "1 thread for each worker instead of 64: 16 processes and threads are allowed "
        "(cgroup v1 pids.max)"
    )


def test_a_number_that_is_named_is_not_cut() -> None:
    assert threads.decide(64, ENGINE, 2, Processes(1000, V1)) == threads.Threads(64)
    assert threads.decide(1, ENGINE, 4, Processes(3, V1)) == threads.Threads(1)
    assert threads.decide(64, ENGINE, 2, Processes(100, V1)) == threads.Threads(
        64,
        "100 processes and threads are allowed (cgroup v1 pids.max), which 2 workers of 64 threads "
        "may exceed, twice as many after HUP",
        is_doubtful=True,
    )


def test_a_class_without_threads_needs_none() -> None:
    assert threads.decide(None, "sync", 4, Processes(16, V1)) == threads.Threads(1)
