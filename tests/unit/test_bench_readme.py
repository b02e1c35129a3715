"""The README's figures are those of the newest whole run."""

import json
from pathlib import Path

import pytest

from benchmarks.build import readme
from benchmarks.build.__main__ import README, RESULTS
from benchmarks.build.results import AppResult, Report

HELLO = AppResult(
    "hello",
    {
        "first": {"flaskpack": [3.0], "floor": [1.25], "pip": [6.0], "uv": [3.0]},
        "code": {"flaskpack": [2.4], "floor": [1.5], "pip": [0.32], "uv": [0.3]},
        "size": {"flaskpack": [76.9], "pip": [153.8], "uv": [150]},
    },
    packages=9,
    only={},
)
HUNDREDS = AppResult(
    "three-hundred", {"first": {"flaskpack": [20.0], "uv": [40.0]}}, packages=300, only={}
)
REPORT = Report(
    date="2026-01-31",
    command="scripts/bench build --rounds 1",
    commit="abc1234",
    machine={"processor": "2 cores, AMD EPYC"},
    rounds=1,
    apps=(HELLO, HUNDREDS),
)
WRITTEN = f"""\
before
{readme.BEGIN}\
Measured on 2026-01-31 in 1 round, on 2 cores, AMD EPYC:

| | hello | ÷ pip | ÷ uv | three-hundred | ÷ uv |
|---|--:|--:|--:|--:|--:|
| first build | 3.00 s | 0.50 | 1.00 | 20.0 s | 0.50 |
| only the code changed | 2.40 s | 7.50 | 8.00 | | |
| one requirement in another version | | | | | |
| one more requirement | | | | | |
| another Python | | | | | |
| start to first answer | | | | | |
| image | 76.9 MB | 0.50 | 0.51 | | |

Of this is pack's own, as a buildpack shows that only hands over the same layers:

- a first build: 1.25 s (hello)
- a rebuild where only the code changed: 1.50 s (hello)

![Plot of the table](benchmarks/build/results/2026-01-31.svg)

How it was measured, the spread, and what it doesn't show:
[benchmarks/build/results/2026-01-31.md](benchmarks/build/results/2026-01-31.md), made by
`scripts/bench build --rounds 1`.
{readme.END}\
after
"""


def test_what_is_written() -> None:
    old = f"before\n{readme.BEGIN}| old |\n{readme.END}after\n"
    assert readme.into(old, REPORT) == WRITTEN
    assert readme.into(WRITTEN, REPORT) == WRITTEN


@pytest.mark.parametrize("text", ["", readme.BEGIN, readme.END, readme.END + readme.BEGIN])
def test_a_readme_without_the_marks(text: str) -> None:
    with pytest.raises(ValueError, match="the README lacks"):
        readme.into(text, REPORT)


def test_the_newest_whole_run_counts(tmp_path: Path) -> None:
    for name in ("2026-01-30", "2026-01-31", "2026-02-01-part", "2026-02-01-caching"):
        document = {**REPORT.document(), "date": name}
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    newest = readme.newest(tmp_path)
    assert newest.date == "2026-01-31"
    assert newest.apps == REPORT.apps


def test_the_readme_has_them() -> None:
    """`scripts/bench build --readme` writes them again."""
    text = README.read_text(encoding="utf-8")
    assert readme.into(text, readme.newest(RESULTS)) == text
