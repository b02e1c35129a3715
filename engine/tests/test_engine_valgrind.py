"""The engine under valgrind: no wrong access, and no memory that is lost."""

from collections.abc import Iterator

import pytest
from harness import environments, faults, views
from harness.cases import CASES
from harness.fuzzing import ready
from harness.play import expected, play
from harness.sanitizers import reports, under_valgrind
from harness.servers import Server, serving

SHORT = 3
"""One case in so many; scripts/soak plays all."""


@pytest.fixture(params=["1", "4"])
def watched(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A worker with one thread, then one with four."""
    flavour = under_valgrind(environments.tested_python(), environments.tested_gunicorn())
    with serving(
        flavour.python,
        *("--threads", request.param),
        app="all_app:app",
        environment=flavour.environment,
        prefix=flavour.prefix,
    ) as server:
        ready(server)
        yield server


def test_nothing_is_found(watched: Server) -> None:
    for case in CASES[::SHORT]:
        assert play(watched, case) == expected(case), case.name
    for request in views.requests()[::SHORT]:
        watched.ask(request)
    for name in ("get", "chunked", "continue"):
        faults.reset_at_each_byte(watched, faults.REQUESTS[name])

    assert watched.stop() == 0
    assert watched.log().count("Booting worker") == 1
    assert reports(watched.log()) == []
