"""The workers of one arbiter: first one, and when its memory is known as many as fit.

gunicorn's arbiter spawns `server.num_workers` and keeps them at that number. So it is told 1
before it spawns any. The worker that loads the app first measures itself, decides, writes the
number into a pipe and wakes the arbiter by a signal that does nothing where nobody waits for
it. What the arbiter does then is one assignment: it is in the middle of anything, and must not
log. A number that somebody named is never cut: the worker only says what it thinks of it.
"""

import contextlib
import os
import random
import signal
from functools import lru_cache
from typing import Any, NamedTuple, Optional

from . import cgroups, guard, hooks, memory, workers
from .memory import Memory
from .workers import Asked, Fit, Measured

WAKE = signal.SIGURG


class Plan(NamedTuple):
    """What is asked for, and the memory there is; None where nobody knows."""

    asked: Asked
    memory: Optional[Memory]


class Fleet:
    """What an arbiter knows of its workers; they inherit it when they are forked."""

    def __init__(self) -> None:
        self.plan: Optional[Plan] = None
        self.number: Optional[int] = None  # None until it is decided
        self._measuring: Optional[int] = None  # the age of the worker that does
        self._held = False
        self._serving = guard.Serving()
        self._answers, self._answer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def begin(self, server: Any, plan: Plan) -> None:
        """Before the arbiter spawns the first of a generation of workers."""
        self.plan, self.number, self._measuring = plan, None, None
        self._held = _can_wait(server, plan)
        hooks.add(server.cfg, "pre_fork", self.pre_fork)
        hooks.add(server.cfg, "post_fork", self.post_fork)
        hooks.add(server.cfg, "post_worker_init", self.post_worker_init)
        hooks.add(server.cfg, "child_exit", self.child_exit)
        signal.signal(WAKE, lambda _number, _frame: self.hear(server))
        if self._held:
            server.log.info(
                "1 worker first: its memory says how many of %s fit", plan.asked.workers
            )
            server.num_workers = 1
            # On a reload gunicorn spawns as many as its configuration says, at once.
            server.cfg.set("workers", 1)

    def pre_fork(self, server: Any, worker: Any) -> None:
        """In the arbiter. One worker at a time measures: the next one when it has died."""
        if self._held and self.plan:
            server.cfg.set("workers", self.number or self.plan.asked.workers)
        ages = {other.age for other in server.WORKERS.values()}
        if self.number is None and self._measuring not in ages:
            self._measuring = worker.age

    def post_fork(self, _server: Any, _worker: Any) -> None:
        signal.signal(WAKE, signal.SIG_DFL)

    def post_worker_init(self, worker: Any) -> None:
        """In the worker, when it has loaded the app."""
        plan = self.plan
        fit = decide(plan, worker.ppid, self.number) if plan else None
        measures = worker.age == self._measuring and self.number is None
        if measures and plan:
            tell(worker.log, plan.asked, fit)
            number = fit.workers if fit else plan.asked.workers
            os.write(self._answer, f"{worker.age} {number}\n".encode())
            # The arbiter may be another user's, where `user` is set: then it never waits.
            with contextlib.suppress(PermissionError):
                os.kill(worker.ppid, WAKE)
        if fit:
            guard.watch(worker, fit, guard.limits(fit, random.random()), self._serving)

    def child_exit(self, _server: Any, worker: Any) -> None:
        """In the arbiter: also one that was killed serves no more."""
        self._serving.end(worker.age)

    def hear(self, server: Any) -> None:
        """In the arbiter, in a signal handler: a worker has decided."""
        with contextlib.suppress(BlockingIOError):
            for line in os.read(self._answers, 4096).split(b"\n")[:-1]:
                age, number = map(int, line.split())
                if age == self._measuring and self.number is None:
                    self.number = number
                    # Else TTIN or TTOU came in between: who sent it has the last word.
                    if self._held and server.num_workers == 1:
                        server.num_workers = number
            server.wakeup()


@lru_cache(maxsize=None)
def of_this_process() -> Fleet:
    """It outlives a reload, where the configuration is read anew."""
    return Fleet()


def _can_wait(server: Any, plan: Plan) -> bool:
    """Whether the number may turn out less, and the worker may wake the arbiter."""
    if plan.asked.named or plan.asked.workers == 1 or plan.memory is None:
        return False
    return bool(server.cfg.uid == os.geteuid())


def decide(plan: Plan, arbiter: int, number: Optional[int]) -> Optional[Fit]:
    """By what this process takes now; `number` is what was decided earlier, or None."""
    taken = memory.share("self", cgroups.read)
    if plan.memory is None or taken is None:
        return None
    asked = plan.asked if number is None else plan.asked._replace(workers=number, named=True)
    arbiters = memory.share(str(arbiter), cgroups.read) or 0
    return workers.fit(asked, plan.memory, Measured(taken, arbiters))


def tell(log: Any, asked: Asked, fit: Optional[Fit]) -> None:
    """The two lines, or one where the memory isn't known."""
    if fit is None:
        log.info(
            "%s: %s; the memory is not known",
            workers.count(asked.workers, asked.threads),
            asked.why,
        )
        return
    (log.warning if fit.is_doubtful else log.info)("%s", fit.numbers)
    log.info("%s", fit.cause)
