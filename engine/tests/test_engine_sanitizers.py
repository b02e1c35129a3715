"""The engine with AddressSanitizer and UndefinedBehaviorSanitizer: nothing to report."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import environments, faults, mutations, views
from harness.cases import CASES
from harness.fuzzing import fuzz, ready, well
from harness.play import expected, play
from harness.sanitizers import Flavour, reports, sanitized
from harness.servers import Server, serving
from harness.wire import read_response, status, wait_until_taken


@pytest.fixture(scope="session")
def flavour() -> Flavour:
    """The engine compiled with sanitizers, for the tested Python and gunicorn."""
    return sanitized(environments.tested_python(), environments.tested_gunicorn())


@contextlib.contextmanager
def started(flavour: Flavour, threads: str, app: str = "echo_app:app") -> Iterator[Server]:
    """A sanitized worker; fails at the end with its reports."""
    with serving(
        flavour.python,
        *("--threads", threads),
        app=app,
        environment=flavour.environment,
    ) as server:
        ready(server)
        yield server
        assert reports(server.log()) == []
        assert server.log().count("Booting worker") == 1


@pytest.fixture(params=["1", "4"])
def watched(flavour: Flavour, request: pytest.FixtureRequest) -> Iterator[Server]:
    """One with one thread, then one with four."""
    with started(flavour, request.param) as server:
        yield server


def test_raw_requests(watched: Server) -> None:
    for case in CASES:
        assert play(watched, case) == expected(case), case.name


@pytest.mark.parametrize("threads", ["1", "4"])
def test_views(flavour: Flavour, threads: str) -> None:
    with started(flavour, threads, "all_app:app") as server:
        for request in views.requests():
            server.ask(request)
        for request in faults.ANSWERS.values():
            faults.reset_in_each_answer(server, request)
        assert well(server)


def test_name_of_a_header_may_end_with_a_piece(watched: Server) -> None:
    with watched.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-A")
        wait_until_taken(connection)
        connection.sendall(b": b\r\n\r\n")
        assert status(read_response(connection)) == 200


ODD = (
    *("from_close", "from_end", "from_input", "from_others", "changed_headers", "cleared_headers"),
    *("cleared_environ", "kept_input", "subclasses", "itself", "environ_itself", "own_class"),
    *("no_exception", "deep", "GeneratorExit", "KeyboardInterrupt", "MemoryError", "SystemExit"),
    "ConnectionResetError",
)


@pytest.mark.parametrize("threads", ["1", "4"])
def test_application_may_be_odd(flavour: Flavour, threads: str) -> None:
    body = b"line\n" * 200_000
    with serving(
        flavour.python, "--threads", threads, app="odd_app:app", environment=flavour.environment
    ) as server:
        for view in ODD * 2:
            for version in ("1.0", "1.1"):
                head = f"POST /{view} HTTP/{version}\r\nHost: a\r\nContent-Length: "
                for size in (5, len(body)):
                    sent = f"{head}{size}\r\nConnection: close\r\n\r\n".encode() + body[:size]
                    assert status(server.ask(sent)) in (200, 500), view

        assert reports(server.log()) == []
        assert server.log().count("Booting worker") == 1


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
        ("==123== ", "Invalid read of size 8"),
    ],
)
def test_reports_are_found(place: str, report: str) -> None:
    assert reports(f"[INFO] Booting worker\n{place}{report}\n    #0 0x1 in f\n") == [report]


@pytest.mark.parametrize(
    "first",
    [
        "8 bytes in 1 blocks are definitely lost in loss record 1 of 2",
        "Conditional jump or move depends on uninitialised value(s)",
    ],
)
@pytest.mark.parametrize(
    ("functions", "found"),
    [
        (("malloc", "new_buffer (/x/meinheld/server/buffer.c:1)", "_PyEval_EvalFrameDefault"), 1),
        (("malloc", "PyDict_New", "new_environ (/x/meinheld/server/a.c:1)", "main"), 1),
        (("malloc", "_PyEval_EvalFrameDefault", "call_app (/x/meinheld/server/server.c:1)"), 0),
        (("malloc", "PyThread_allocate_lock", "main"), 0),
    ],
)
def test_what_python_does_too_is_told_of_the_engine_alone(
    functions: tuple[str, ...], found: int, first: str
) -> None:
    frames = "".join(f"==7==    by 0x1: {function}\n" for function in functions)
    log = f"==7== Thread 5:\n==7== {first}\n{frames}==7== \n"

    assert reports(log) == [first] * found
    mixed = log.replace("\n==7==    by", "\n==8== \n[INFO] x\n==7==    by")
    assert reports(mixed + log) == [first] * found * 2


def test_sanitizers_are_in(flavour: Flavour) -> None:
    (module,) = flavour.python.parents[1].glob("lib/*/site-packages/meinheld/server*.so")

    assert b"__asan_report_load8" in module.read_bytes()
    assert Path(flavour.environment["LD_PRELOAD"]).is_file()
