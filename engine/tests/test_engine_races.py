"""Several threads under load: no request is lost, and ThreadSanitizer has nothing to report.

The short form of `scripts/soak engine --part mixture --flavour raced`.
"""

from pathlib import Path

import pytest
from harness import environments, signals
from harness.load import MIXTURE, faults, load
from harness.sanitizers import raced, reports
from serving import wait_until

RESTARTS = ("HUP", "TTIN, TTOU")


@pytest.mark.parametrize("threads", ["1", "32"])
def test_mixture_loses_nothing_while_workers_come_and_go(
    installed: Path, tmp_path: Path, threads: str
) -> None:
    options = ("--max-requests", "500", "--max-requests-jitter", "200")
    with signals.storm(installed, tmp_path, *options, threads=threads) as storm:
        before = storm.workers()
        with load(storm.port, MIXTURE, clients=16) as running:
            for name in RESTARTS:
                signals.ACTIONS[name](storm)
            wait_until(lambda: running.tally.answered > 1000, "the load goes on")
        assert not before & storm.workers()

    assert faults(running.tally, storm.marks) == []


def test_threads_are_in_order(tmp_path: Path) -> None:
    flavour = raced(environments.tested_python(), environments.tested_gunicorn())
    with signals.storm(
        flavour.python,
        tmp_path,
        threads="8",
        prefix=flavour.prefix,
        environment=flavour.environment,
    ) as storm:
        with load(storm.port, MIXTURE, clients=16) as running:
            signals.ACTIONS["HUP"](storm)
            wait_until(lambda: running.tally.answered > 500, "the load goes on")
        log = storm.server.log()

    assert faults(running.tally, storm.marks) == []
    assert reports(log) == []
