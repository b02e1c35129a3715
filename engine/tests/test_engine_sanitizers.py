"""The engine with AddressSanitizer and UndefinedBehaviorSanitizer: nothing to report."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import environments, faults, known, mutations
from harness.cases import CASES
from harness.fuzzing import fuzz, ready, well
from harness.play import expected, play
from harness.sanitizers import Flavour, reports, sanitized
from harness.servers import Server, serving


@pytest.fixture(scope="session")
def flavour() -> Flavour:
    """The engine compiled with sanitizers, for the tested Python and gunicorn."""
    return sanitized(environments.tested_python(), environments.tested_gunicorn())


def start(flavour: Flavour, threads: str) -> Iterator[Server]:
    with serving(
        flavour.python,
        *("--threads", threads),
        app="echo_app:app",
        environment=flavour.environment,
    ) as server:
        ready(server)
        yield server
        assert set(reports(server.log())) <= set(known.REPORTS)
        assert server.log().count("Booting worker") == 1


@pytest.fixture(params=["1", "4"])
def watched(flavour: Flavour, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A sanitized worker with one thread, then with four; fails at the end with its reports."""
    yield from start(flavour, request.param)


def test_raw_requests(watched: Server) -> None:
    for case in CASES:
        assert play(watched, case) == expected(case, known.today(case)), case.name
    assert set(reports(watched.log())) == set(known.REPORTS)


def test_mutations(watched: Server) -> None:
    made = list(mutations.requests(CASES, 2, 1000))
    fuzz(watched, made, lambda: contextlib.nullcontext(watched))


def test_resets(watched: Server) -> None:
    for name in ("get", "chunked", "pipeline"):
        faults.reset_at_each_byte(watched, faults.REQUESTS[name])

    assert well(watched)


@pytest.mark.parametrize(
    ("place", "report"),
    [
        ("==123==", "ERROR: AddressSanitizer: heap-use-after-free on address 0x1"),
        ("server.c:12:3: ", "runtime error: member access within null pointer"),
        ("==123", "== Invalid read of size 8"),
    ],
)
def test_reports_are_found(place: str, report: str) -> None:
    assert reports(f"[INFO] Booting worker\n{place}{report}\n    #0 0x1 in f\n") == [report]


def test_sanitizers_are_in(flavour: Flavour) -> None:
    (module,) = flavour.python.parents[1].glob("lib/*/site-packages/meinheld/server*.so")

    assert b"__asan_report_load8" in module.read_bytes()
    assert Path(flavour.environment["LD_PRELOAD"]).is_file()
