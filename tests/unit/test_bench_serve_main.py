"""The options of scripts/bench serve: what they ask for, and how the report names it."""

import pytest

from benchmarks.serve.__main__ import command_of, parse, plan_of
from benchmarks.serve.cases import Case, full, short, usual
from benchmarks.serve.rounds import Plan
from benchmarks.serve.servers import OURS, SERVERS, SYNC
from scripts.toolchain.errors import SetupError


def plan(*options: str, cores: int = 2) -> Plan:
    return plan_of(parse(list(options)), cores)


def test_the_default_and_the_full_length() -> None:
    counted = ("plain", "hello")
    assert plan() == Plan(tuple(usual()), tuple(SERVERS), counted, 3, 2.0, 2)
    assert plan("--full") == Plan(
        tuple(full()),
        tuple(SERVERS),
        (*counted, "page", "upload", "download"),
        *(5, 4.0, 2),
    )
    assert plan("--short") == Plan(tuple(short()), (OURS, SYNC), (), 1, 0.3, 2)


def test_a_part() -> None:
    options = ["--server", "bjoern", "--server", OURS, "--app", "hello", "--connections", "1"]
    assert plan(*options, "--rounds", "9", "--seconds", "0.5") == Plan(
        (Case("hello", 1),), (OURS, "bjoern"), ("hello",), 9, 0.5, 2
    )
    assert plan("--app", "work").counted == ()
    assert plan("--full", "--app", "upload").counted == ("upload",)
    assert plan("--short", "--server", "granian").servers == ("granian",)


def test_on_one_core_nothing_is_apart() -> None:
    assert [case for case in plan(cores=1).cases if case.apart] == []
    assert plan(cores=1).processes == 1


def test_where_nothing_is_left_that_is_said() -> None:
    with pytest.raises(SetupError, match=r"^No case is left to measure\. Ask for other --app or"):
        plan("--short", "--app", "work")


@pytest.mark.parametrize(
    "options",
    [
        ("--rounds", "0"),
        ("--seconds", "0"),
        ("--seconds", "-1"),
        ("--full", "--short"),
        ("--server", "apache"),
        ("--connections", "2"),
    ],
)
def test_what_makes_no_sense_is_refused(options: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        parse(list(options))


@pytest.mark.parametrize(
    ("options", "command", "partly"),
    [
        ([], "", False),
        (["--to", "/somewhere", "--anew"], "", False),
        (["--full", "--rounds", "7"], " --full --rounds 7", False),
        (["--short"], " --short", True),
        (
            ["--connections", "64", "--app", "wait", "--server", "sync", "--server", "gevent"],
            " --server sync --server gevent --app wait --connections 64",
            True,
        ),
    ],
)
def test_the_command_is_told_wherever_it_writes_to(
    options: list[str], command: str, partly: bool
) -> None:
    asked = parse(options)
    assert (command_of(asked), asked.partly) == (f"scripts/bench serve{command}", partly)
