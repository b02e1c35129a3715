"""The report: its tables, and a picture that is well-formed."""

import json
from xml.etree import ElementTree

from benchmarks.build import plot, text
from benchmarks.build.results import AppResult, Report

HELLO = AppResult(
    "hello",
    {
        "first": {"flaskpack": [3.0, 4.0, 3.5], "pip": [8.0, 7.0, 9.0], "uv": [3.0, 3.5, 3.2]},
        "code": {"flaskpack": [2.4], "floor": [1.5], "pip": [0.32], "uv": [0.32]},
        "size": {"flaskpack": [76.9], "pip": [131.6], "uv": [150]},
    },
    packages=9,
    only={"flaskpack": ["meinheld 1.0.2+flaskpack.1"], "pip": [], "uv": ["x 1", "y 2"]},
)
REPORT = Report(
    date="2026-01-31",
    command="scripts/bench build --rounds 3",
    commit="abc1234",
    machine={"memory": "4 GiB", "kernel": "Linux 6.1"},
    rounds=3,
    apps=(HELLO,),
)

TOP = """\
# Building and starting, 2026-01-31

Made by `scripts/bench build --rounds 3` at commit abc1234; 3 rounds.

- memory: 4 GiB
- kernel: Linux 6.1

![The tables below as bars](x.svg)

## `hello`: Flask alone

| | Flaskpack | (a) pack's floor | (b) Dockerfile, pip | (c) Dockerfile, uv \
| ours ÷ (a) | ours ÷ (b) | ours ÷ (c) | aims |
|---|--:|--:|--:|--:|--:|--:|--:|---|
| First build, s | 3.50 [3.00, 4.00] |  | 8.00 [7.00, 9.00] | 3.20 [3.00, 3.50] \
|  | 0.39 [0.38, 0.57] | 1.09 [1.00, 1.14] \
| ≤ 0.5 of (b): reached; ≤ (b): reached; ≤ (c): **missed** |
| Code-only rebuild, s | 2.40 | 1.50 | 0.32 | 0.32 | 1.60 | 7.50 | 7.50 \
| ≤ 1.2 of (a): **missed** |
"""


def test_the_tables() -> None:
    rendered = text.render(REPORT, "x.svg")
    assert rendered[: len(TOP)] == TOP
    assert (
        "| Image, MB | 76.9 |  | 132 | 150 |  | 0.58 | 0.51 "
        "| ≤ 0.6 of (b): reached; ≤ (c): reached |\n" in rendered
    )
    assert (
        "\nAll sides installed the same 9 packages in the same versions. Beside them: "
        "Flaskpack: meinheld 1.0.2+flaskpack.1; (c) Dockerfile, uv: x 1, y 2.\n" in rendered
    )


def test_the_picture_has_a_bar_for_each_figure_and_a_line_for_each_spread() -> None:
    svg = ElementTree.fromstring(plot.draw(REPORT))
    space = "{http://www.w3.org/2000/svg}"
    bars = [bar.get("class") for bar in svg.iter(f"{space}rect") if bar.get("height") == "12"]
    assert bars == [
        *("flaskpack", "pip", "uv"),
        *("flaskpack", "floor", "pip", "uv"),
        *("flaskpack", "pip", "uv"),
    ]
    spreads = [(line.get("x1"), line.get("x2")) for line in svg.iter(f"{space}line")]
    assert spreads == [("413.3", "461.1"), ("604.4", "700.0"), ("413.3", "437.2")]
    words = [words.text for words in svg.iter(f"{space}text")]
    assert words[4:8] == ["hello", "First build, s", "3.50", "8.00"]


def test_every_measurement_is_kept() -> None:
    document = json.loads(json.dumps(REPORT.document()))
    assert document["apps"][0]["samples"]["first"]["flaskpack"] == [3.0, 4.0, 3.5]
    assert document["commit"] == "abc1234"
