"""The table of the engine's tests on each Python with each gunicorn."""

import datetime
import json
from pathlib import Path

import pytest

from benchmarks.soak import matrix
from benchmarks.soak.matrix import Result

REPORT = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest">
<testcase classname="engine.tests.test_one" name="test_a[x]" time="0.1"/>
<testcase classname="engine.tests.test_one" name="test_b"><failure message="">t</failure></testcase>
<testcase classname="engine.tests.test_two" name="test_c"><error message="m">t</error></testcase>
<testcase classname="engine.tests.test_two" name="test_d"><skipped message="m"/></testcase>
</testsuite></testsuites>
"""


def test_what_did_not_pass_is_named() -> None:
    assert matrix.read(REPORT) == (1, ("test_one::test_b", "test_two::test_c", "test_two::test_d"))


def test_table() -> None:
    results = [Result("3.9.1", "22.0.0", 5, (), 1.4), Result("3.13.0", "27.0.1", 4, ("a::b",), 2.6)]
    text = matrix.render("2026-01-02", {"commit": "abc"}, results)

    assert text == (
        "# The engine's tests on each Python with each gunicorn, 2026-01-02\n"
        "\n"
        "- commit: abc\n"
        "\n"
        "| Python | gunicorn | passed | failed | seconds |\n"
        "|---|---|---|---|---|\n"
        "| 3.9.1 | 22.0.0 | 5 | none | 1 |\n"
        "| 3.13.0 | 27.0.1 | 4 | 1 | 3 |\n"
        "\n"
        "## Failed\n"
        "\n"
        "- Python 3.13.0, gunicorn 27.0.1: `a::b`\n"
        "\n" + matrix.READING
    )


def test_lines_of_other_runs_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    matrix.write(Result("3.13.0", "22.0.0", 1, ("a::b",), 1.0), tmp_path)
    matrix.write(Result("3.9.18", "27.0.1", 2, (), 2.0), tmp_path)
    matrix.write(Result("3.13.0", "22.0.0", 3, (), 3.0), tmp_path)

    date = datetime.date.today().isoformat()
    kept = json.loads((tmp_path / f"{date}-matrix.json").read_text())["results"]
    assert [(each["python"], each["passed"]) for each in kept] == [("3.9.18", 2), ("3.13.0", 3)]
    assert (tmp_path / f"{date}-matrix.md").read_text().count("\n| 3.") == 2
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .endswith("Python 3.13.0, gunicorn 22.0.0: 3 passed, 0 failed in 3 s")
    )
