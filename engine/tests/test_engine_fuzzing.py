"""Mutated requests against a running worker: the short form of scripts/soak."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from harness import mutations
from harness.cases import CASES
from harness.fuzzing import fuzz, least
from harness.servers import Server, serving

SEED, COUNT = 1, 3000
MEMORY = 1 << 20
"""Bytes that 3,000 requests may leave behind: the caches of names and buffers fill up."""


def start(installed: Path, threads: str) -> Callable[[], AbstractContextManager[Server]]:
    return lambda: serving(installed, "--threads", threads, app="echo_app:app")


@pytest.mark.parametrize("threads", ["1", "4"])
def test_worker_outlives_mutations(installed: Path, threads: str) -> None:
    made = list(mutations.requests(CASES, SEED, COUNT))
    begin = start(installed, threads)
    with begin() as server:
        fuzz(server, made, begin)
        done = fuzz(server, made, begin)

    assert done.after.workers == done.before.workers
    assert done.after.memory - done.before.memory < MEMORY


def test_requests_hang_on_seed_and_number_only() -> None:
    all_of_them = list(mutations.requests(CASES, SEED, 40))

    assert list(mutations.requests(CASES, SEED, 10, first=30)) == all_of_them[30:]
    assert list(mutations.requests(CASES, SEED + 1, 40)) != all_of_them
    assert len(set(all_of_them)) == 40


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
