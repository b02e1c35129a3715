"""Mutated requests against a running worker: the short form of scripts/soak."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from harness import mixture, mutations
from harness.cases import CASES
from harness.fuzzing import fuzz, least
from harness.servers import Server, serving

SEED, COUNT = 1, 3000
MEMORY = 1 << 20
"""Bytes that 3,000 requests may leave behind: the caches of names and buffers fill up."""


def start(
    installed: Path, threads: str, app: str = "echo_app:app"
) -> Callable[[], AbstractContextManager[Server]]:
    return lambda: serving(installed, "--threads", threads, app=app)


@pytest.mark.parametrize("threads", ["1", "4"])
def test_worker_outlives_mutations(installed: Path, threads: str) -> None:
    made = list(mutations.requests(CASES, SEED, COUNT))
    begin = start(installed, threads)
    with begin() as server:
        fuzz(server, made, begin)
        done = fuzz(server, made, begin)

    assert done.after.workers == done.before.workers
    assert done.after.memory - done.before.memory < MEMORY


@pytest.mark.parametrize("threads", ["1", "4"])
def test_worker_outlives_requests_of_all_kinds(installed: Path, threads: str) -> None:
    begin = start(installed, threads, "all_app:app")
    with begin() as server:
        done = fuzz(server, list(mixture.requests(SEED, 1000)), begin)

    assert done.after.workers == done.before.workers


@pytest.mark.parametrize(
    "requests", [lambda *which: mutations.requests(CASES, *which), mixture.requests]
)
def test_requests_hang_on_seed_and_number_only(requests: Callable[..., Iterator[bytes]]) -> None:
    all_of_them = list(requests(SEED, 40))

    assert list(requests(SEED, 10, 30)) == all_of_them[30:]
    assert list(requests(SEED + 1, 40)) != all_of_them
    assert len(set(all_of_them)) > 30


@pytest.mark.parametrize("mutation", mutations.MUTATIONS)
def test_mutations_bear_any_bytes(mutation: mutations.Mutation) -> None:
    for seed in range(200):
        for request in (b"", b"a", b"GET / HTTP/1.1\r\n\r\n"):
            assert isinstance(mutation(random.Random(seed), request, b""), bytes)


def test_least_is_found() -> None:
    batch = [b"GET /%d HTTP/1.1\r\n" % number for number in range(40)]

    assert least(batch, lambda some: any(b"/17" in each for each in some)) == [b"/17"]
    assert least(batch, lambda some: {b"/3", b"/9"} <= {each[4:6] for each in some}) == [
        b"GET /3",
        b"GET /9",
    ]
