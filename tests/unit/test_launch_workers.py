"""How many workers: what is asked for, what the memory holds, and the lines about both."""

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import cores, memory, workers  # isort: skip

TIMES = "\N{MULTIPLICATION SIGN}"
MIB = 1 << 20
QUOTA = cores.Cores(2.0, "cgroup v2 quota")


@pytest.mark.parametrize(
    ("given", "per_core", "found", "expected"),
    [
        (None, 2.0, 2.0, (4, f"2 per core {TIMES} 2.0 cores (cgroup v2 quota)")),
        (None, 2.0, 0.5, (1, f"2 per core {TIMES} 0.5 cores (cgroup v2 quota)")),
        (None, 2.0, 0.1, (1, f"2 per core {TIMES} 0.1 cores (cgroup v2 quota)")),
        (None, 0.5, 64.0, (32, f"0.5 per core {TIMES} 64.0 cores (cgroup v2 quota)")),
        (None, 2.0, 4 / 3, (2, f"2 per core {TIMES} 1.33 cores (cgroup v2 quota)")),
        (None, 2.0, 256.0, (512, f"2 per core {TIMES} 256.0 cores (cgroup v2 quota)")),
        (3, 2.0, 2.0, (3, "WEB_CONCURRENCY")),
        (1, 2.0, 2.0, (1, "WEB_CONCURRENCY")),
    ],
)
def test_asked(
    given: "int | None", per_core: float, found: float, expected: tuple[int, str]
) -> None:
    asked = workers.decide(given, per_core, cores.Cores(found, "cgroup v2 quota"))
    assert asked == workers.Asked(*expected, named=given is not None)


def test_what_is_doubtful_about_the_cores_is_told() -> None:
    found = cores.Cores(8.0, "CPU affinity", ("/x/cpu.max is not understood",))
    assert workers.decide(None, 2.0, found).why == (
        f"2 per core {TIMES} 8.0 cores (CPU affinity; /x/cpu.max is not understood)"
    )


def fit(
    size: int, worker: int, asked: workers.Asked, arbiter: int = 14, doubts: tuple[str, ...] = ()
) -> workers.Fit:
    """Sizes in MiB."""
    limit = memory.Memory(size * MIB, "cgroup v1 limit", doubts)
    return workers.fit(asked, limit, workers.Measured(worker * MIB, arbiter * MIB))


PER_CORE = workers.decide(None, 2.0, QUOTA)
NAMED = workers.decide(4, 2.0, QUOTA)


@pytest.mark.parametrize(
    ("size", "worker", "asked", "number", "numbers", "doubtful"),
    [
        (512, 60, PER_CORE, 4, f"4 workers: {PER_CORE.why}; memory 512 MiB allows 6", False),
        (256, 80, PER_CORE, 2,
         f"2 workers: memory 256 MiB allows 2; {PER_CORE.why} would be 4", False),
        (128, 78, PER_CORE, 1,
         f"1 worker: memory 128 MiB allows 1; {PER_CORE.why} would be 4", False),
        (128, 84, PER_CORE, 1,
         f"1 worker: memory 128 MiB allows none; {PER_CORE.why} would be 4", True),
        (128, 84, workers.Asked(1, "one", named=False), 1,
         "1 worker: one; memory 128 MiB allows none and may be exceeded", True),
        (256, 80, NAMED, 4,
         "4 workers: WEB_CONCURRENCY; memory 256 MiB allows 2 and may be exceeded", True),
        (1024, 80, NAMED, 4, "4 workers: WEB_CONCURRENCY; memory 1 GiB allows 9", False),
        (1024, 80, NAMED._replace(threads=16), 4,
         "4 workers of 16 threads: WEB_CONCURRENCY; memory 1 GiB allows 9", False),
    ],
)  # fmt: skip
def test_as_many_as_the_memory_holds(
    size: int, worker: int, asked: workers.Asked, number: int, numbers: str, doubtful: bool
) -> None:
    found = fit(size, worker, asked)
    assert (found.workers, found.numbers, found.is_doubtful) == (number, numbers, doubtful)


def test_the_cause() -> None:
    assert fit(512, 60, PER_CORE).cause == (
        "memory: 512 MiB (cgroup v1 limit) less 51 MiB kept free and 14 MiB of gunicorn's own, "
        "by 72 MiB for each worker, a fifth more than the first takes; "
        "one with over 112 MiB is renewed"
    )
    assert "(cgroup v1 limit; /proc/meminfo is not understood)" in (
        fit(512, 60, PER_CORE, doubts=("/proc/meminfo is not understood",)).cause
    )


def test_a_worker_is_never_renewed_for_what_it_takes_anyway() -> None:
    assert fit(128, 100, PER_CORE).most == 120 * MIB
    assert fit(128, 100, NAMED).most == 120 * MIB
    assert fit(64, 200, PER_CORE).most == 240 * MIB


@pytest.mark.parametrize("number", [64, 256])
def test_a_small_container_on_a_large_host(number: int) -> None:
    """What the retired image did: 128 workers in 256 MiB on a host with 64 cores."""
    asked = workers.decide(None, 2.0, cores.Cores(float(number), "CPUs of this machine"))
    assert asked.workers == 2 * number
    assert fit(256, 25, asked).workers == 7
    assert fit(64 * 1024, 25, asked).workers == 2 * number


def test_all_workers_grown_to_their_most_and_the_arbiter_fit_into_the_memory() -> None:
    for size in range(64, 4096, 64):
        for worker in range(20, 400, 20):
            found = fit(size, worker, PER_CORE)
            taken = found.workers * found.most + 14 * MIB
            assert found.is_doubtful or taken <= (size - 16) * MIB, (size, worker)
            assert found.most >= worker * MIB


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert workers.__file__.startswith(str(MODULES))
