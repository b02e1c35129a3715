"""The report of the soak of containers."""

from support.limited import Outcome

from benchmarks.soak.containers import Row, parse, render


def row(*wrong: str) -> Row:
    said = ("[INFO] 2 workers of 32 threads: memory 256 MiB allows 2; 2 per core would be 4",)
    return Row("--cpus 2", Outcome(2, said, 12345, 6, 7, 300.2, wrong))


def test_the_report() -> None:
    said = render(
        "2026-01-02", "scripts/soak containers", {"commit": "abc"}, [row(), row("a", "b")]
    )
    assert said.startswith("# Containers with limits under load, 2026-01-02\n")
    assert "| `--cpus 2` | 2 | 300 | 12,345 | 6 | 7 | nothing |" in said
    assert "| `--cpus 2` | 2 | 300 | 12,345 | 6 | 7 | **a; b** |" in said
    assert said.count("- `--cpus 2`: [INFO] 2 workers of 32 threads: ") == 2


def test_five_minutes_unless_told_otherwise() -> None:
    assert parse([]).minutes == 5
    assert parse(["--minutes", "0.5"]).minutes == 0.5
