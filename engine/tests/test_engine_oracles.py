"""gunicorn's sync worker and nginx beside the table of raw requests: every difference is listed."""

import sys
from collections.abc import Callable

import pytest
from harness import environments, nginx, oracles
from harness.case import Case
from harness.cases import CASES
from harness.outcome import outcome, wanted
from harness.play import play
from harness.servers import Server, serving

PATIENCE = 1.0
"""Seconds of silence that count as waiting."""


def differences(
    server: Server, right: Callable[[Case], str], *, first_only: bool = False
) -> dict[str, str]:
    """``{name: outcome}`` of all cases that the server takes for something else."""
    found = {}
    for case in CASES:
        told = outcome(case, play(server, case, PATIENCE), first_only=first_only)
        if told != right(case):
            found[case.name] = told
    return found


def test_differences_of_gunicorn_are_listed() -> None:
    # Always the pinned one: the list is its.
    python = environments.environment(sys.executable, environments.pinned_gunicorn())
    with serving(python, worker="sync", app="echo_app:app") as server:
        found = differences(server, oracles.wanted_first, first_only=True)

    assert found == oracles.known(oracles.SYNC)


def test_differences_of_nginx_are_listed() -> None:
    with nginx.proxying() as server:
        found = differences(server, wanted)

    assert found == oracles.known(oracles.NGINX)


@pytest.mark.parametrize("listed", [oracles.SYNC, oracles.NGINX], ids=["sync", "nginx"])
def test_no_case_is_listed_twice(listed: tuple[oracles.Difference, ...]) -> None:
    names = [name for each in listed for name in each.names]

    assert sorted(set(names)) == sorted(names)
