"""Containers with limits: what runs in them, what it says, and what becomes of it under load."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.load import load
from support.containers import Container, wait

MEASURED = "is renewed\n"
"""What the line about the memory ends with, which comes when the number is decided."""
LEAKING = 300
"""Seconds that a leak may take to show twice: it grows with the requests that are answered."""
RENEWED = "and another takes its place"


@dataclass(frozen=True)
class Case:
    """Limits as docker takes them, and the workers and the log's line that follow.

    The app is tests/apps/hungry. In ``says`` the machine has no say: what stands in brackets is
    left out, and of a memory that allows as many as run, or more, it is said that it is enough.
    """

    options: str
    workers: int
    says: str
    env: Mapping[str, str] = field(default_factory=dict)
    leaks: bool = False

    @property
    def name(self) -> str:
        given = (f"{name}={value}" for name, value in self.env.items())
        return " ".join([self.options or "no limits", *given])


@dataclass(frozen=True)
class Outcome:
    """``says`` are the lines about workers, ``wrong`` what must not be, in words."""

    workers: int
    says: tuple[str, ...]
    answered: int
    repeated: int
    renewed: int
    seconds: float
    wrong: tuple[str, ...]


def outcome(image: str, case: Case, seconds: float) -> Outcome:
    """Of so many seconds of load, and as many more as it takes until a leak shows twice."""
    container = Container(image, env=case.env, options=tuple(case.options.split()))
    try:
        container.start()
        container.wait_for_line(MEASURED)
        container.wait_for_workers(case.workers)
        said = container.output()[1]
        begun = time.monotonic()
        with load(int(container.address().rpartition(":")[2])) as clients:
            time.sleep(seconds)
            if case.leaks:
                leaked = "two workers aren't renewed"
                wait(lambda: _renewed(container) > 1, leaked, container.said, LEAKING)
        tally, taken = clients.tally, time.monotonic() - begun
        renewed, wrong = _renewed(container), list(tally.wrong[:10])
        container.wait_for_workers(case.workers)
        if killed := oom_kills(container):
            wrong.append(f"{killed} kills for want of memory")
        log = container.output()[1]
        wrong += [word for word in ("SIGKILL", "WORKER TIMEOUT", "Traceback") if word in log]
        return Outcome(
            case.workers,
            tuple(_said(said)),
            tally.answered,
            tally.repeated,
            renewed,
            taken,
            tuple(wrong),
        )
    finally:
        container.remove()


def oom_kills(container: Container) -> int:
    """How many processes of the container the kernel has killed for want of memory."""
    files = "/sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events"
    _, said = container.exec("sh", "-c", f"cat {files} 2>/dev/null")
    (number,) = re.findall(r"^oom_kill (\d+)$", said, re.MULTILINE)
    return int(number)


def _renewed(container: Container) -> int:
    return container.output()[1].count(RENEWED)


def _said(log: str) -> list[str]:
    lines = (re.sub(r"^.*\] (\[[A-Z]+\]) ", r"\1 ", line) for line in log.splitlines())
    return [
        re.sub(r" \([^()]*\)", "", re.sub(r" allows \d+$", _enough, line))
        for line in lines
        if re.match(r"\[(INFO|WARNING)\] \d+ workers? of ", line)
    ]


def _enough(allows: "re.Match[str]") -> str:
    running = re.search(r"\] (\d+) worker", allows.string)
    assert running
    is_enough = int(allows.group().split()[1]) >= int(running.group(1))
    return " allows enough" if is_enough else allows.group()
