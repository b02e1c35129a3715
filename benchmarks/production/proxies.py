"""Requests that two readers may take for different ones, through each proxy."""

import json
from collections import Counter

from support.containers import Container
from support.proxies import PROXIES, Proxy, proxying
from support.smuggling import judge
from support.smuggling.corpus import ATTACKS
from support.smuggling.h2 import SHAPES
from support.smuggling.judge import Outcome, Verdict

from benchmarks.production.report import Table
from scripts.toolchain import say

READING = f"""\
## How to read it

- {len(ATTACKS)} attacks in HTTP/1.1 and {len(SHAPES)} in HTTP/2, listed in \
`tests/support/smuggling`, each with another request hidden in it, through proxies of Debian with \
their usual keep-alive. Two visitors who have done nothing come behind each. Every request asks \
for a page of its own, and the app says which it was asked for.
- Refused: by the proxy or by the app; or both wait for a rest that doesn't come.
- One: both took it for one request. Two: both took it for two, one behind the other, as clients \
may send them; each got its own answer, or a refusal.
- Wrong: somebody had an answer that wasn't theirs, or the app ran what nobody got an answer to.
"""


def table(image: str, rounds: int) -> Table:
    """A row for each proxy and kind of attack."""
    rows, found, faults = [], [], 0
    for name in PROXIES:
        verdicts = [verdict for _ in range(rounds) for verdict in _round(image, name)]
        wrong = [each for each in verdicts if each.outcome is Outcome.WRONG]
        faults += len(wrong)
        found += [f"{name}: {each.family}, {each.name}: {each.found}" for each in wrong]
        families = dict.fromkeys(each.family for each in verdicts)
        for family in families:
            outcomes = Counter(each.outcome for each in verdicts if each.family == family)
            counts = [str(outcomes[each]) for each in Outcome]
            rows.append((name, family, str(sum(outcomes.values())), *counts))
        say.line(f"{name}: {len(verdicts)} attacks, {len(wrong)} wrong")
    heads = ("proxy", "attack", "sent", "refused", "one", "two", "wrong")
    return Table("Behind proxies", heads, tuple(rows), faults, tuple(found), READING)


def _round(image: str, name: str) -> list[Verdict]:
    app = Container(image, env={"ACCESS_LOG": "json", "WEB_CONCURRENCY": "1"})
    try:
        app.start()
        app.get()
        host, port = app.own_address()
        with proxying(name, f"{host}:{port}") as proxy:
            return attacked(app, proxy)
    finally:
        app.remove()


def attacked(app: Container, proxy: Proxy) -> list[Verdict]:
    """All attacks, each once."""
    marks = judge.all_marks()
    sent = [*judge.http_1(proxy, ATTACKS, marks), *judge.http_2(proxy, SHAPES, marks)]
    targets = [
        json.loads(line).get("target", "")
        for line in app.output()[0].splitlines()
        if line.startswith("{")
    ]
    return [judge.judge(each, lambda mark: sum(mark in t for t in targets)) for each in sent]
