"""Workers fit the container: its CPUs and its memory, and none is killed under load."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from support.images import Images
from support.limited import Case, Outcome, outcome
from support.limits import CASES, HARDEST, LEAKS

SECONDS = 10
TOGETHER = 6
"""How many containers are under load at a time."""


@pytest.fixture(scope="module")
def outcomes(images: Images) -> "dict[str, Future[Outcome]]":
    """All of them, while others are looked at: they are about memory, not about speed."""
    image = images.name("hungry")
    pool = ThreadPoolExecutor(TOGETHER)
    cases = [*LEAKS, *CASES]
    started = {case.name: pool.submit(outcome, image, case, SECONDS) for case in cases}
    pool.shutdown(wait=False)
    return started


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_workers_fit(case: Case, outcomes: "dict[str, Future[Outcome]]") -> None:
    found = outcomes[case.name].result()
    assert (found.workers, found.says) == (case.workers, (case.says,))
    assert found.wrong == ()
    assert found.answered > 10
    assert found.renewed == 0


@pytest.mark.parametrize("case", LEAKS, ids=lambda case: case.name)
def test_workers_that_leak_are_renewed(case: Case, outcomes: "dict[str, Future[Outcome]]") -> None:
    found = outcomes[case.name].result()
    assert found.wrong == ()
    assert found.renewed > 1
    assert found.answered > 100


def test_the_soaks_are_among_them() -> None:
    assert len(HARDEST) == 4
    assert len(CASES) > 20
