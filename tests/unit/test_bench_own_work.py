"""The report on the buildpack's own work: what is added up, what is reached, what it says."""

import pytest

from benchmarks.build.own_work import OwnWork, parse, render
from scripts.toolchain.errors import SetupError

HELLO = {"detect": [0.05], "build": [0.1], "processor": [0.14]}
REPORT = OwnWork(
    date="2026-11-23",
    command="scripts/bench build --own-work --rounds 3",
    commit="abc1234",
    machine={"processor": "2 cores"},
    rounds=3,
    samples={
        "large": {
            "detect": [0.05, 0.06, 0.2],
            "build": [0.1, 0.24, 0.11],
            "processor": [0.14, 0.15, 0.16],
        },
        "compiled": {"detect": [0.05] * 3, "build": [0.26] * 3, "processor": [0.2] * 3},
        "hello": HELLO,
        "python": {"start": [0.02]},
    },
)


def test_the_phases_of_a_round_are_added_up() -> None:
    together = REPORT.together("large")
    assert [round(figure, 6) for figure in (together.low, together.median, together.high)] == [
        0.15,
        0.3,
        0.31,
    ]
    assert (REPORT.reached("large"), REPORT.reached("compiled")) == (True, False)


def test_the_table() -> None:
    table = [line for line in render(REPORT).splitlines() if line.startswith("|")]
    assert table == [
        "| | detect, s | build, s | together, s | aim | processor time, s |",
        "|---|--:|--:|--:|---|--:|",
        "| 10,000 files, 1,500 of them Python modules, 300 requirements in 3 files"
        " | 0.060 [0.050, 0.200] | 0.110 [0.100, 0.240] | 0.300 [0.150, 0.310] | ≤ 0.3: reached"
        " | 0.150 [0.140, 0.160] |",
        "| the same with 150 modules"
        " | 0.050 [0.050, 0.050] | 0.260 [0.260, 0.260] | 0.310 [0.310, 0.310]"
        " | ≤ 0.3: **missed** | 0.200 [0.200, 0.200] |",
        "| one module, one requirement | 0.050 [0.050, 0.050] | 0.100 [0.100, 0.100]"
        " | 0.150 [0.150, 0.150] |  | 0.140 [0.140, 0.140] |",
        "| Python started twice, nothing more | | | 0.020 [0.020, 0.020] | | |",
    ]


def test_the_figures_are_the_last_line() -> None:
    assert parse('a warning\n{"python": {"start": [0.02]}}\n') == {"python": {"start": [0.02]}}


@pytest.mark.parametrize("output", ["", "no figures\n"])
def test_a_container_that_says_nothing(output: str) -> None:
    with pytest.raises(SetupError) as raised:
        parse(output)
    assert "The container gave no figures" in str(raised.value)
