"""The harness's table of raw requests: exact bytes in, exact bytes out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.case import Case
from harness.cases import CASES
from harness.play import expected, play
from harness.servers import Server, serving

NAMES = [case.name for case in CASES]


@pytest.fixture(scope="module", params=["1", "4"])
def echo(installed: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """One worker with the app that says what it was given, with one thread and with four."""
    with serving(installed, "--threads", request.param, app="echo_app:app") as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_answer(echo: Server, case: Case) -> None:
    assert play(echo, case) == expected(case)


def test_worker_is_still_the_first(echo: Server) -> None:
    assert echo.log().count("Booting worker") == 1


def test_names_are_unique() -> None:
    assert sorted(set(NAMES)) == sorted(NAMES)
