"""The report: its tables, and pictures that are well-formed."""

import json
from dataclasses import replace
from xml.etree import ElementTree

from benchmarks.serve import plot, text
from benchmarks.serve.cases import Case
from benchmarks.serve.counts import Count
from benchmarks.serve.measure import Sample
from benchmarks.serve.plot import PICTURES
from benchmarks.serve.results import CaseResult, Report
from benchmarks.serve.servers import OURS, SYNC

OF_OURS = Sample(
    rate=12000,
    p50=0.004,
    p99=0.0234,
    processor=0.1,
    client=0.01,
    memory=50.5,
    rested=40.5,
    growth=0.5,
    asked=24000,
    failures={},
)
OF_SYNC = replace(OF_OURS, rate=2400, p99=None, processor=0.5, asked=4800, unanswered=12)
OF_BJOERN = replace(OF_OURS, rate=10000, processor=0.11)
HELLO = CaseResult(
    Case("hello", 64),
    {
        OURS: [OF_OURS, replace(OF_OURS, rate=10000)],
        SYNC: [OF_SYNC, OF_SYNC],
        "bjoern": [OF_BJOERN, replace(OF_BJOERN, rate=9000, failures={"reset": 1})],
    },
)
REPORT = Report(
    date="2026-01-31",
    command="scripts/bench serve --rounds 2",
    commit="abc1234",
    machine={"memory": "4 GiB"},
    versions={"Python": "3.11.2", "bjoern": "3.2.2"},
    rounds=2,
    seconds=2.0,
    processes=2,
    servers=(OURS, SYNC, "bjoern"),
    cases=(HELLO,),
    counts=(
        Count("plain", OURS, 10000.4, 3.01),
        Count("plain", SYNC, 400000, 15),
        Count("plain", "bjoern", None, 6, "instructions: no right answer"),
    ),
)

TOP = """\
# Serving, 2026-01-31

Made by `scripts/bench serve --rounds 2` at commit abc1234; 2 rounds of 2 s
for each measurement, 2 processes.

- memory: 4 GiB
- versions: Python 3.11.2, bjoern 3.2.2

![Requests in a second, 64 connections](x-rate.svg)

![CPU microseconds of the server for a request, 64 connections (less is better)](x-cpu.svg)

![Thousands of instructions for a request (less is better)](x-counts.svg)

## Ours beside the best of the others

Requests in a second (above 1 ours is ahead), then the processor's seconds for 1,000
requests (below 1 ours is ahead); bold where that holds in every round.

| case | best rate | Flaskpack, 32 threads ÷ best | least CPU | Flaskpack, 32 threads ÷ best |
|---|---|--:|---|--:|
| `hello`, 64 connections, kept | bjoern | **1.16 [1.11, 1.20]** | bjoern | **0.91** |

## The servers and their settings

- **Flaskpack, 32 threads**: the engine under gunicorn, as in an image with `THREADS=32`.
"""

TABLE = """\
### `hello`, 64 connections, kept

| | requests/s | ÷ sync | p50, ms | p99, ms | CPU s for 1,000 | ÷ sync | memory, MB \
| before the load | failed |
|---|--:|--:|--:|--:|--:|--:|--:|--:|---|
| Flaskpack, 32 threads | 11000 [10000, 12000] | 4.58 [4.17, 5.00] | 4.00 | 23.4 | 0.1 | 0.20 \
| 50.5 | 40.5 |  |
| gunicorn sync | 2400 | 1.00 | 4.00 | unanswered | 0.5 | 1.00 | 50.5 | 40.5 \
| 24 of 9,600 unanswered |
| bjoern | 9500 [9000, 10000] | 3.96 [3.75, 4.17] | 4.00 | 23.4 | 0.11 | 0.22 \
| 50.5 | 40.5 | 1 reset |
"""

COUNTS = """\
| | `plain`: instructions | ÷ sync | system calls |
|---|--:|--:|--:|
| Flaskpack, 32 threads | 10,000 | 0.03 | 3.0 |
| gunicorn sync | 400,000 | 1.00 | 15.0 |
| bjoern |  |  | 6.0 |

- bjoern, `plain`: instructions: no right answer

## How to read it
"""


def test_the_tables() -> None:
    rendered = text.render(REPORT, "x")
    assert rendered[: len(TOP)] == TOP
    assert TABLE in rendered
    assert COUNTS in rendered


def test_a_server_that_never_ran_has_its_line() -> None:
    ill = CaseResult(HELLO.case, {**HELLO.samples, SYNC: [Sample(problem="it ended with 1")] * 2})
    rendered = text.render(replace(REPORT, cases=(ill,)), "x")
    assert "| gunicorn sync | 0.00 |" not in rendered
    assert "| gunicorn sync |  |  |  |  |  |  |  |  | it ended with 1 |\n" in rendered


def test_a_picture_has_a_bar_for_each_server() -> None:
    rate = ElementTree.fromstring(plot.draw(PICTURES[0], REPORT))
    space = "{http://www.w3.org/2000/svg}"
    assert [bar.get("class") for bar in rate.iter(f"{space}rect")] == ["ours", "peer", "peer"]
    assert [words.text for words in rate.iter(f"{space}text")] == [
        "Requests in a second, 64 connections",
        "Flask, JSON",
        *("Flaskpack, 32 threads", "11000"),
        *("gunicorn sync", "2400"),
        *("bjoern", "9500"),
    ]


def test_cpu_time_is_shown_in_microseconds() -> None:
    (cpu,) = (picture for picture in PICTURES if picture.key == "cpu")
    ((_, bars),) = cpu.groups(REPORT)
    assert [(server, round(found.median, 3)) for server, found in bars] == [
        *((OURS, 100), (SYNC, 500), ("bjoern", 110))
    ]


def test_what_was_not_answered_has_no_bar_in_the_picture_of_latencies() -> None:
    (p99,) = (picture for picture in PICTURES if picture.key == "p99")
    crowd = CaseResult(Case("hello", 1000), HELLO.samples)
    ((title, bars),) = p99.groups(replace(REPORT, cases=(crowd,)))
    assert title == "Flask, JSON"
    assert [(server, round(found.median, 3)) for server, found in bars] == [
        (OURS, 23.4),
        ("bjoern", 23.4),
    ]


def test_a_picture_without_bars_is_left_out() -> None:
    bare = replace(REPORT, cases=(), counts=())
    assert [picture.key for picture in PICTURES if picture.groups(bare)] == []
    assert ".svg" not in text.render(bare, "x")


def test_every_measurement_is_kept() -> None:
    document = json.loads(json.dumps(REPORT.document()))
    (case,) = document["cases"]
    assert case["case"] == {"app": "hello", "connections": 64, "keep": True, "apart": False}
    assert [sample["rate"] for sample in case["samples"][OURS]] == [12000, 10000]
    assert document["counts"][0]["instructions"] == 10000.4
