"""Clients that reset, memory and disk that run out: the worker lives, and serves the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import faults, known
from harness.case import post
from harness.failing_malloc import FailingMalloc, failing_malloc
from harness.faults import REQUESTS
from harness.fuzzing import ready, well
from harness.servers import Server, serving
from harness.vitals import at_rest
from harness.wire import status

MIB = 1 << 20
FATAL = set(known.FATAL_ALLOCATIONS)


@pytest.mark.parametrize("threads", ["1", "4"])
@pytest.mark.parametrize("name", ["get", "upload", "chunked", "continue", "pipeline", "refused"])
def test_clients_may_reset_at_each_byte(installed: Path, name: str, threads: str) -> None:
    with serving(installed, "--threads", threads, app="echo_app:app") as server:
        before = ready(server)
        faults.reset_at_each_byte(server, REQUESTS[name])
        assert well(server)

        assert at_rest(server, before.descriptors).workers == before.workers


@pytest.fixture
def poor(installed: Path) -> Iterator[tuple[Server, FailingMalloc]]:
    """A worker whose allocations can be made to fail."""
    with (
        failing_malloc() as malloc,
        serving(
            installed, *faults.OPTIONS, app="echo_app:app", environment=malloc.environment
        ) as server,
    ):
        ready(server)
        yield server, malloc


@pytest.mark.parametrize(
    ("name", "on"), [("get", False), ("chunked", False), ("large", False), ("refused", True)]
)
def test_each_allocation_may_fail_but_those_known(
    poor: tuple[Server, FailingMalloc], name: str, on: bool
) -> None:
    found = dict(faults.fail_each_allocation(*poor, REQUESTS[name], on=on))

    assert FATAL <= set(found) <= FATAL | set(known.SOMETIMES_FATAL)
    assert set(found.values()) == {"the worker died"}


def test_failing_allocations_are_counted(poor: tuple[Server, FailingMalloc]) -> None:
    server, malloc = poor
    (worker,) = server.workers()
    malloc.arm(worker, 0)
    server.ask(REQUESTS["get"])

    assert malloc.disarm() > 10
    assert malloc.disarm() == 0


def test_full_disk_refuses_the_upload_only(installed: Path) -> None:
    prefix = faults.limited("RLIMIT_FSIZE", MIB)
    with serving(installed, app="echo_app:app", prefix=prefix) as server:
        before = ready(server)
        answer = server.ask(
            post(f"Content-Length: {3 * MIB}", "Connection: close", body=b"b" * 3 * MIB)
        )

        assert status(answer) == 503
        assert well(server)
        assert at_rest(server, before.descriptors).workers == before.workers


def test_without_descriptors_the_worker_lives(installed: Path) -> None:
    prefix = faults.limited("RLIMIT_NOFILE", 64)
    with serving(installed, app="echo_app:app", prefix=prefix) as server:
        before = ready(server)
        crowd = [server.connect() for _ in range(120)]
        for each in crowd:
            each.sendall(REQUESTS["large"][:1000])
        assert well(server)
        for each in crowd:
            each.close()

        assert at_rest(server, before.descriptors).workers == before.workers
