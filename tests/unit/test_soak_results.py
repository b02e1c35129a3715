"""The report of scripts/soak, and its arguments."""

import pytest
from harness.soak import PARTS, Row

from benchmarks.soak.inside import parse
from benchmarks.soak.results import READING, Report, render

ROWS = (
    Row("raw requests", "plain", 1, 3460, 12.3, "memory 20.0 → 20.1 MiB", ()),
    Row("mutated requests", "sanitized", 4, 20, 1.0, "", ("a worker died", "runtime error: x")),
)


def report(*rows: Row) -> Report:
    machine = {"processor": "2 cores"}
    return Report("2026-11-23", "scripts/soak engine", "abc", machine, "Python and gunicorn", rows)


def test_report() -> None:
    assert render(report(*ROWS)) == (
        "# The engine's soak of 2026-11-23\n"
        "\n"
        "`scripts/soak engine` at commit abc, with Python and gunicorn.\n"
        "\n"
        "- processor: 2 cores\n"
        "\n"
        "| part | flavour | threads | requests | seconds | figures | found |\n"
        "|---|---|---|---|---|---|---|\n"
        "| raw requests | plain | 1 | 3,460 | 12 | memory 20.0 → 20.1 MiB | nothing |\n"
        "| mutated requests | sanitized | 4 | 20 | 1 |  | **2** |\n"
        "\n"
        "## Found\n"
        "\n"
        "- mutated requests, sanitized, threads 4: a worker died\n"
        "- mutated requests, sanitized, threads 4: runtime error: x\n"
        f"\n{READING}"
    )


def test_report_without_findings() -> None:
    assert "## Found" not in render(report(ROWS[0]))


def test_arguments() -> None:
    asked = parse(["engine", "--minutes", "0.5", "--part", "raw", "--gunicorn", "23.0.0"])
    assert (asked.minutes, asked.part, asked.flavour) == (0.5, ["raw"], ["plain", "sanitized"])
    assert (asked.gunicorn, asked.mutations, asked.seed) == ("23.0.0", 1_000_000, 1)
    assert parse(["engine"]).part == list(PARTS)
    assert parse(["engine", "--part", "matrix"]).part == ["matrix"]


def test_other_things_to_soak_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["builds"])
    assert "invalid choice: 'builds' (choose from 'engine')" in capsys.readouterr().err


def test_matrix_is_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["engine", "--part", "raw", "--part", "matrix"])
    assert capsys.readouterr().err.endswith("error: matrix is run alone\n")
