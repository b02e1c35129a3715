"""The harness at full length: each part gives one row of a table."""

import itertools
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from maker import proof, recipe

from harness import faults, mixture, mutations, parser_fuzz, views
from harness.cases import CASES
from harness.failing_malloc import failing_malloc
from harness.fuzzing import Hurt, fuzz, ready, well
from harness.play import expected, play
from harness.sanitizers import Flavour
from harness.servers import Server
from harness.soak_servers import served
from harness.soak_under_load import crowded, signalled, stressed
from harness.soaked import WARM, Plan, Row, deaths, flatness, growth, reported
from harness.vitals import at_rest

CHUNK = 20_000
"""Requests between two looks at memory."""


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
    start = served(flavour, threads, app)
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
    with served(flavour, threads, app=app)() as server:
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
                served(
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
