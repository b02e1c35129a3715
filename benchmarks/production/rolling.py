"""Updates of an app under constant load: what was lost."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from support.rolling import Site, swarm, two_containers, updates

from benchmarks.production.report import Table
from scripts.toolchain import say

SITES: dict[str, Callable[[str], AbstractContextManager[Site]]] = {
    "two containers behind nginx": partial(two_containers, proxy="nginx"),
    "two containers behind HAProxy": partial(two_containers, proxy="HAProxy"),
    "a service of Docker Swarm, two replicas, behind HAProxy": swarm,
}
READING = """\
## How to read it

- Six clients ask without a rest, by POST, on connections that they keep for twenty requests. The \
proxies are told to send a POST again where a connection to the app is closed without an answer. \
Every answer is compared with what was asked.
- Failed is whatever a client was answered that wasn't its own, and no answer on a new connection.
- Sent again: requests on a connection that was closed before a byte of an answer, as each client \
does (RFC 9110, section 9.2.2).
- Of two containers one is stopped by `docker stop`, removed, and replaced by the next version at \
the same address; then the other. The proxy isn't told, it sees for itself. Swarm starts a new \
task, waits until `healthcheck` says that it is healthy, and stops an old one.
- The configurations are those of `tests/support/proxies.py` and `tests/support/rolling.py`.
"""


def table(image: str, count: int, least: int) -> Table:
    """A row for each site."""
    rows, found, faults = [], [], 0
    for name, site in SITES.items():
        begun = time.monotonic()
        with site(image) as running:
            done = updates(running, count, least).tally
        seconds = time.monotonic() - begun
        faults += len(done.wrong)
        found += [f"{name}: {line}" for line in done.wrong[:20]]
        row = (
            name,
            str(count),
            f"{done.answered:,}",
            str(done.repeated),
            f"{seconds:.0f}",
            f"**{len(done.wrong)}**" if done.wrong else "0",
        )
        say.line(": ".join([name, ", ".join(row[1:])]))
        rows.append(row)
    heads = ("site", "updates", "requests answered", "sent again", "seconds", "failed")
    return Table("Updates under load", heads, tuple(rows), faults, tuple(found), READING)
