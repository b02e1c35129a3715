"""The harness at full length: each part gives one row of a table."""

import itertools
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from maker import proof, recipe

from harness import faults, mixture, mutations, parser_fuzz, sanitizers, views
from harness.cases import CASES
from harness.crowd import BODY, HEAD, allow_descriptors, crowd, latency
from harness.failing_malloc import failing_malloc
from harness.fuzzing import Hurt, fuzz, ready, well
from harness.load import MIXTURE, load
from harness.load import faults as load_faults
from harness.play import expected, play
from harness.sanitizers import Flavour
from harness.servers import Server, serving
from harness.signals import ACTIONS, Storm, storm
from harness.soaked import WARM, Plan, Row, deaths, flatness, growth, reported
from harness.vitals import at_rest, vitals

RESTARTS = ("HUP", "TTIN, TTOU", "TERM to a worker")

STRESSING_CLIENTS = 24

CROWD = 9_500
"""Slow connections: ten thousand with the server's and the harness's own descriptors."""

SLOW_MSEC = 20

CHUNK = 20_000
"""Requests between two looks at memory."""


FREED = {"MALLOC_TRIM_THRESHOLD_": "131072"}
"""Has glibc give back what large answers took: by itself it keeps some, for each thread."""


def raw(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """The table of raw requests over and over, in an order of its own each time."""
    rounds, wrong = itertools.count(), set[str]()

    def play_all(server: Server) -> int:
        for case in random.Random(f"{plan.seed}/{next(rounds)}").sample(CASES, len(CASES)):
            if play(server, case) != expected(case):
                wrong.add(f"another answer to: {case.name}")
        return len(CASES)

    row = _over_and_over("raw requests", play_all, flavour, threads, plan, app="echo_app:app")
    return replace(row, faults=(*sorted(wrong), *row.faults))


def mutated(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """Mutated requests, as many as fit into the time."""

    def made(count: int, first: int) -> Iterator[bytes]:
        return mutations.requests(CASES, plan.seed, count, first)

    return _one_by_one("mutated requests", made, flavour, threads, plan, app="echo_app:app")


def mixed(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """Requests of all kinds, as many as fit into the time."""

    def made(count: int, first: int) -> Iterator[bytes]:
        return mixture.requests(plan.seed, count, first)

    return _one_by_one("mixed requests", made, flavour, threads, plan, app="all_app:app")


def _one_by_one(
    part: str,
    made: Callable[[int, int], Iterator[bytes]],
    flavour: Flavour,
    threads: int,
    plan: Plan,
    *,
    app: str,
) -> Row:
    """What ``made`` gives for a count and the first number, each on a connection of its own."""
    begun, sent, told = time.monotonic(), 0, list[str]()
    start = _served(flavour, threads, app)
    with start() as server:
        before = ready(server)
        while sent < plan.requests and (not sent or time.monotonic() - begun < plan.seconds):
            count = min(CHUNK, plan.requests - sent)
            try:
                done = fuzz(server, list(made(count, sent)), start)
            except Hurt as found:
                told.append(str(found))
                break
            if sent <= plan.requests * WARM:
                before = done.after
            sent += count
        after = at_rest(server, before.descriptors + 2)
        told += [*deaths(before, after), *growth(flavour, before, after), *reported(server)]
    seconds = time.monotonic() - begun
    return Row(part, flavour.name, threads, sent, seconds, flatness(before, after), tuple(told))


def viewed(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """Every view of the application that the tests ask, and clients that reset in its answers."""

    def ask(server: Server) -> int:
        count = 0
        for request in views.requests():
            server.ask(request)
            count += 1
        for request in faults.ANSWERS.values():
            faults.reset_in_each_answer(server, request)
        return count

    return _over_and_over("views", ask, flavour, threads, plan, app="all_app:app")


def resets(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """Clients that reset at each byte of each kind of request, over and over."""

    def reset(server: Server) -> int:
        small = [request for name, request in faults.REQUESTS.items() if name != "large"]
        for request in small:
            faults.reset_at_each_byte(server, request)
        return sum(len(request) + 1 for request in small)

    return _over_and_over("clients that reset", reset, flavour, threads, plan, app="echo_app:app")


def _over_and_over(
    part: str,
    once: Callable[[Server], int],
    flavour: Flavour,
    threads: int,
    plan: Plan,
    *,
    app: str,
) -> Row:
    """``once`` asks one worker, and says how often; at least one round."""
    begun, count = time.monotonic(), 0
    with _served(flavour, threads, app=app)() as server:
        before = ready(server)
        rounds = 0
        while not rounds or time.monotonic() - begun < plan.seconds:
            count += once(server)
            rounds += 1
            if time.monotonic() - begun <= plan.seconds * WARM or rounds == 1:
                before = at_rest(server, before.descriptors + 2)
        told = [] if well(server) else ["the next request is not answered"]
        after = at_rest(server, before.descriptors + 2)
        told += [*deaths(before, after), *growth(flavour, before, after), *reported(server)]
    seconds = time.monotonic() - begun
    return Row(part, flavour.name, threads, count, seconds, flatness(before, after), tuple(told))


def starved(flavour: Flavour, threads: int, _plan: Plan) -> Row:
    """Each allocation of each kind of request fails once, and once with all after it."""
    begun, count, told = time.monotonic(), 0, list[str]()
    for name, request in {**faults.REQUESTS, **faults.ANSWERS}.items():
        for on in (False, True):
            with (
                failing_malloc() as malloc,
                _served(
                    flavour, threads, app="all_app:app", environment=malloc.environment
                )() as server,
            ):
                ready(server)
                (worker,) = server.workers()
                malloc.arm(worker, 0)
                server.ask(request)
                count += malloc.disarm()
                found = list(faults.fail_each_allocation(server, malloc, request, on=on))
            kind = f"{name}, {'all from there' if on else 'one'}"
            told += [f"{kind}: number {number}: {what}" for number, what in found]
    seconds = time.monotonic() - begun
    return Row("allocations that fail", flavour.name, threads, count, seconds, "", tuple(told))


def signalled(flavour: Flavour, threads: int, plan: Plan) -> Row:
    """All signals in an order of its own each time, under clients that never rest."""
    begun, rounds, answered, repeated, told = time.monotonic(), 0, 0, 0, list[str]()
    while not rounds or time.monotonic() - begun < plan.seconds:
        names = random.Random(f"{plan.seed}/{rounds}").sample([*ACTIONS], len(ACTIONS))
        with (
            tempfile.TemporaryDirectory() as folder,
            storm(
                flavour.python,
                Path(folder),
                threads=str(threads),
                prefix=flavour.prefix,
                environment=flavour.environment,
            ) as made,
        ):
            with load(made.port) as running:
                for name in names:
                    ACTIONS[name](made)
            found = [
                *load_faults(running.tally, made.marks),
                *sanitizers.reports(made.server.log()),
            ]
            if "Traceback" in made.server.log():
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
            storm(
                flavour.python,
                Path(folder),
                *options,
                threads=str(threads),
                prefix=flavour.prefix,
                environment=flavour.environment,
            ) as made,
        ):
            with load(made.port, MIXTURE, clients=STRESSING_CLIENTS) as running:
                if signalled:
                    for name in random.Random(f"{plan.seed}/{rounds}").choices(RESTARTS, k=4):
                        ACTIONS[name](made)
                else:
                    figures = _watched(made, plan.seconds / 3)
            told += load_faults(running.tally, made.marks)
            told += sanitizers.reports(made.server.log())
            if "Fatal" in made.server.log() or "WORKER TIMEOUT" in made.server.log():
                told.append("a worker died")
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
        with _served(flavour, threads, "all_app:app", options=options)() as server:
            before = ready(server)
            with crowd(server, CROWD, begin, drip=kind != "idle"):
                memory = (vitals(server).memory - before.memory) / CROWD
                found = latency(server, plan.seconds / 4)
            answered += found.count
            figures.append(f"{kind}: {found}, {memory:.0f} bytes for each of them")
            told += [f"{kind}: p99 {found.p99:.1f} ms"] if found.p99 >= SLOW_MSEC else []
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


def parser(plan: Plan) -> Row:
    """The request parser under libFuzzer, from the corpus that is kept on.

    The plan's seconds are the processor's: on a busy machine it takes longer.
    """
    begun = time.monotonic()
    target = parser_fuzz.ready(plan.python)
    inputs = target.folder / "corpus"
    parser_fuzz.spread(parser_fuzz.corpus(), inputs)
    # An input that is slow is told, and none runs for ever.
    executed, used, started = 0, 0.0, _processor_seconds()
    for number in itertools.count(plan.seed):
        seconds = max(10, int(plan.seconds - used))
        limits = (f"-max_total_time={seconds}", f"-seed={number}", "-timeout=20")
        done = parser_fuzz.fuzz(target, inputs, *limits)
        executed, used = executed + done.executed, _processor_seconds() - started
        if used >= plan.seconds or done.wrong:
            break
    return Row(
        "parser",
        "libFuzzer",
        1,
        executed,
        time.monotonic() - begun,
        f"edges {done.covered}, features {done.features}, {used / 3600:.2f} CPU-hours",
        done.wrong,
    )


def series(_plan: Plan) -> Row:
    """Each patch's tests, without it and with it."""
    begun = time.monotonic()
    verdicts = list(proof.verdicts(recipe.ENGINE, (), jobs=1))
    told = [f"{each.patch}: {problem}" for each in verdicts for problem in each.problems]
    proven = sum(not each.problems for each in verdicts)
    seconds = time.monotonic() - begun
    return Row(
        "series", "wheel", 1, len(verdicts), seconds, f"{proven} patches proven", tuple(told)
    )


def _processor_seconds() -> float:
    """What all ended children of this process have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


Part = Callable[[Flavour, int, Plan], Row]

SERVED: dict[str, Part] = {
    "raw": raw,
    "views": viewed,
    "mixed": mixed,
    "mutated": mutated,
    "resets": resets,
    "starved": starved,
    "signals": signalled,
    "stress": stressed,
    "crowd": crowded,
}
ALONE = {"parser": parser, "series": series}
"""What has one flavour, and no worker that is asked all the time."""

PARTS = (*SERVED, *ALONE)


def rows(parts: list[str], flavours: list[Flavour], plan: Plan) -> Iterator[Row]:
    """All parts in all flavours, with one thread and with 32.

    Memory is made to run out in the plain flavour alone: sanitizers and valgrind have a malloc of
    their own.
    """
    for part in parts:
        if part in ALONE:
            yield ALONE[part](plan)
            continue
        for flavour in flavours:
            for threads in (1, 32):
                if part != "starved" or flavour.name == "plain":
                    yield SERVED[part](flavour, threads, plan)


def _served(
    flavour: Flavour,
    threads: int,
    app: str = "echo_app:app",
    environment: dict[str, str] | None = None,
    options: tuple[str, ...] = (),
) -> Callable[[], AbstractContextManager[Server]]:
    return lambda: serving(
        flavour.python,
        *("--threads", str(threads), *options),
        app=app,
        prefix=flavour.prefix,
        environment={**FREED, **flavour.environment, **(environment or {})},
    )
