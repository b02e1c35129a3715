"""The parts of a soak in which many clients ask at the same time."""

import random
import tempfile
import time

from harness import sanitizers
from harness.crowd import BODY, HEAD, allow_descriptors, crowd, latency
from harness.fuzzing import ready
from harness.load import MIXTURE, load
from harness.load import faults as load_faults
from harness.sanitizers import Flavour
from harness.signals import ACTIONS, Storm
from harness.soak_servers import served, stormed
from harness.soaked import Plan, Row, deaths, ended_badly, flatness, reported
from harness.vitals import at_rest, vitals

RESTARTS = ("HUP", "TTIN, TTOU", "TERM to a worker")

STRESSING_CLIENTS = 24

CROWD = 9_500
"""Slow connections: ten thousand with the server's and the harness's own descriptors."""

SLOW_MSEC, SLOWER = 20, 3
"""So long is too long, where it's so many times as long as without the crowd: a machine that has
more to do makes everybody wait."""


def signalled(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """All signals in an order of its own each time, under clients that never rest."""
    begun, rounds, answered, repeated, told = time.monotonic(), 0, 0, 0, list[str]()
    while not rounds or time.monotonic() - begun < plan.seconds:
        names = random.Random(f"{plan.seed}/{rounds}").sample([*ACTIONS], len(ACTIONS))
        with (
            tempfile.TemporaryDirectory() as folder,
            stormed(flavour, threads, folder) as made,
        ):
            with load(made.port) as running:
                for name in names:
                    ACTIONS[name](made)
            made.end()
            log = made.server.log()
            found = [
                *load_faults(running.tally, made.marks),
                *sanitizers.reports(log),
                *ended_badly(log),
            ]
            if "Traceback" in log:
                found.append("a traceback in the log")
        told += [f"{', '.join(names)}: {each}" for each in found]
        answered += running.tally.answered
        repeated += running.tally.repeated
        rounds += 1
    seconds = time.monotonic() - begun
    figures = f"{rounds * len(ACTIONS)} signals, {repeated} requests sent again"
    return Row("signals", flavour.name, threads, answered, seconds, figures, tuple(told))


def stressed(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """Views that wait, compute, raise, generate, send files or are left by their clients.

    For a third of the time memory is watched; then workers come and go, by signals and
    max_requests. No request is lost in either.
    """
    begun, answered, told = time.monotonic(), 0, list[str]()
    rounds, figures = 0, ""
    while not rounds or time.monotonic() - begun < plan.seconds:
        signalled = rounds > 0
        options = ("--max-requests", "3000", "--max-requests-jitter", "500") if signalled else ()
        with (
            tempfile.TemporaryDirectory() as folder,
            stormed(flavour, threads, folder, *options) as made,
        ):
            with load(made.port, MIXTURE, clients=STRESSING_CLIENTS) as running:
                if signalled:
                    for name in random.Random(f"{plan.seed}/{rounds}").choices(RESTARTS, k=4):
                        ACTIONS[name](made)
                else:
                    figures = _watched(made, plan.seconds / 3)
            told += load_faults(running.tally, made.marks)
            made.end()
            log = made.server.log()
            told += [*sanitizers.reports(log), *ended_badly(log)]
        answered += running.tally.answered
        rounds += 1
    seconds = time.monotonic() - begun
    figures += f", {4 * (rounds - 1)} restarts"
    return Row("stress", flavour.name, threads, answered, seconds, figures, tuple(told))


def crowded(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """A normal client beside thousands that are idle, or send a head or a body byte by byte."""
    allow_descriptors(CROWD * 2 + 1000)
    begun, answered, figures, told = time.monotonic(), 0, list[str](), list[str]()
    for kind, begin, options in (
        ("idle", b"", ("--keep-alive", "3600", "--worker-connections", str(CROWD + 100))),
        ("head", HEAD, ("--worker-connections", str(CROWD + 100))),
        ("body", BODY, ("--worker-connections", str(CROWD + 100))),
        ("head, beyond the limit", HEAD, ("--worker-connections", str(CROWD // 10))),
    ):
        with served(flavour, threads, "all_app:app", options=options)() as server:
            before = ready(server)
            alone = latency(server, plan.seconds / 16)
            with crowd(server, CROWD, begin, drip=kind != "idle"):
                memory = (vitals(server).memory - before.memory) / CROWD
                found = latency(server, plan.seconds / 4)
            answered += found.count
            figures.append(
                f"{kind}: {found}, alone {alone.p99:.1f} ms, {memory:.0f} bytes for each of them"
            )
            if found.p99 >= max(SLOW_MSEC, SLOWER * alone.p99):
                told.append(f"{kind}: p99 {found.p99:.1f} ms, alone {alone.p99:.1f} ms")
            after = at_rest(server, before.descriptors + 2)
            told += [*deaths(before, after), *reported(server)]
    seconds = time.monotonic() - begun
    return Row(
        f"normal requests beside {CROWD:,} connections",
        flavour.name,
        threads,
        answered,
        seconds,
        "; ".join(figures),
        tuple(told),
    )


def _watched(made: Storm, seconds: float) -> str:
    """Memory and descriptors after a tenth of the time, and at its end."""
    time.sleep(seconds / 10)
    before = vitals(made.server)
    time.sleep(seconds * 9 / 10)
    return flatness(before, vitals(made.server))
