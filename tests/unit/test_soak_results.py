"""The report of scripts/soak, and its arguments."""

import datetime
import json
from pathlib import Path

import pytest
from harness.soak import PARTS
from harness.soaked import Row, ended_badly

from benchmarks.soak.inside import parse, shown, write
from benchmarks.soak.results import READING, Report, Run, read, render

ROWS = (
    Row("raw requests", "plain", 1, 3460, 12.3, "memory 20.0 → 20.1 MiB", ()),
    Row("mutated requests", "sanitized", 4, 20, 1.0, "", ("a worker died", "runtime error: x")),
)


def run(*rows: Row, command: str = "scripts/soak engine") -> Run:
    return Run(command, "abc", "Python and gunicorn", rows)


def report(*runs: Run) -> Report:
    return Report("2026-11-23", {"processor": "2 cores"}, runs)


def test_report() -> None:
    assert render(report(run(*ROWS), run(ROWS[0], command="scripts/soak engine --seed 2"))) == (
        "# The engine's soak of 2026-11-23\n"
        "\n"
        "- processor: 2 cores\n"
        "\n"
        "`scripts/soak engine` at commit abc, with Python and gunicorn:\n"
        "\n"
        "| part | flavour | threads | requests | seconds | figures | found |\n"
        "|---|---|---|---|---|---|---|\n"
        "| raw requests | plain | 1 | 3,460 | 12 | memory 20.0 → 20.1 MiB | nothing |\n"
        "| mutated requests | sanitized | 4 | 20 | 1 |  | **2** |\n"
        "\n"
        "`scripts/soak engine --seed 2` at commit abc, with Python and gunicorn:\n"
        "\n"
        "| part | flavour | threads | requests | seconds | figures | found |\n"
        "|---|---|---|---|---|---|---|\n"
        "| raw requests | plain | 1 | 3,460 | 12 | memory 20.0 → 20.1 MiB | nothing |\n"
        "\n"
        "## Found\n"
        "\n"
        "- mutated requests, sanitized, threads 4: a worker died\n"
        "- mutated requests, sanitized, threads 4: runtime error: x\n"
        f"\n{READING}"
    )


def test_report_without_findings() -> None:
    assert "## Found" not in render(report(run(ROWS[0])))


def test_runs_of_a_day_stand_side_by_side(tmp_path: Path) -> None:
    other = run(ROWS[1], command="scripts/soak engine --seed 2")
    for each in (run(), other, run(*ROWS)):
        write(each, tmp_path)

    date = datetime.date.today().isoformat()
    known = json.loads((tmp_path / f"{date}.json").read_text())
    assert known["date"] == date
    assert read(known) == (other, run(*ROWS))
    assert (tmp_path / f"{date}.md").read_text().startswith(f"# The engine's soak of {date}\n")


def test_arguments() -> None:
    asked = parse(["engine", "--minutes", "0.5", "--part", "raw", "--gunicorn", "23.0.0"])
    assert (asked.minutes, asked.part, asked.flavour) == (0.5, ["raw"], ["plain", "sanitized"])
    assert (asked.gunicorn, asked.requests, asked.seed) == ("23.0.0", 1_000_000, 1)
    assert parse(["engine"]).part == list(PARTS)
    assert parse(["engine", "--part", "matrix"]).part == ["matrix"]


def test_command_is_shown_without_its_folder() -> None:
    assert shown(["engine", "--to", "/a b", "--seed", "2"]) == "scripts/soak engine --seed 2"
    assert shown(["engine", "--part", "raw"]) == "scripts/soak engine --part raw"


def test_other_things_to_soak_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["builds"])
    assert "invalid choice: 'builds' (choose from 'engine')" in capsys.readouterr().err


def test_matrix_is_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["engine", "--part", "raw", "--part", "matrix"])
    assert capsys.readouterr().err.endswith("error: matrix is run alone\n")


def test_workers_that_ended_badly() -> None:
    assert ended_badly(
        "[7] [INFO] Worker (pid:8) was sent SIGTERM!\n"
        "[7] [WARNING] Worker (pid:9) was sent SIGSEGV!\n"
        "[7] [WARNING] Worker (pid:10) was sent SIGSEGV!\n"
        "[7] [CRITICAL] WORKER TIMEOUT (pid:11)\n"
        "[7] [ERROR] Worker (pid:12) exited with code 1.\n"
        "Fatal Python error: none_dealloc\n"
    ) == [
        "a worker: Fatal Python error: none_dealloc",
        "a worker: WORKER TIMEOUT",
        "a worker: exited with code 1",
        "a worker: was sent SIGSEGV",
    ]
