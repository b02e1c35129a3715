"""scripts/bench build in its short form, from setting up to the report, and interrupted."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.containers import wait
from support.packing import inspect, run

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def short_run(to: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running program, and the beginning of the names of what it makes."""
    # Whoever starts the tests in the background has interrupts ignored, by all that they start.
    command = ["env", "--default-signal=INT", str(REPOSITORY / "scripts" / "bench")]
    command += ["build", "--short", "--to", str(to)]
    output, everything = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(command, stdout=output, stderr=everything, text=True) as program:
        assert program.stdout is not None
        said = ""
        for line in program.stdout:
            said += line
            if named := re.search(r"flaskpack-bench-[0-9a-f]{8}-", line):
                break
        assert named, said
        yield program, named[0]


def left(names: str) -> list[str]:
    """All that there still is of a run."""
    label = f"label=flaskpack.bench={names.split('-')[2]}"
    lists = (
        ("ps", "--all", "--filter", f"name={names}"),
        ("ps", "--all", "--filter", label),
        ("ps", "--all", "--filter", f"volume={names}hello-flaskpack-build"),
        ("volume", "ls", "--filter", f"name={names}"),
        ("images", "--all", "--filter", f"reference={names}*"),
        ("images", "--all", "--filter", label),
    )
    return [found for asked in lists for found in run("docker", *asked, "-q").stdout.split()]


def test_a_short_run_measures_and_reports_and_leaves_nothing(tmp_path: Path) -> None:
    with short_run(tmp_path) as (program, names):
        said, _ = program.communicate(timeout=300)
    assert program.returncode == 0, said
    assert left(names) == []

    document, report, picture = sorted(tmp_path.iterdir())
    assert [document.suffix, report.suffix, picture.suffix] == [".json", ".md", ".svg"]
    (app,) = json.loads(document.read_text())["apps"]
    three, all_four = ["flaskpack", "pip", "uv"], ["flaskpack", "floor", "pip", "uv"]
    samples = app["samples"]
    assert {row: list(of) for row, of in samples.items()} == {
        "first": all_four,
        "code": all_four,
        "start": three,
        "changed": three,
        "added": three,
        "python": three,
        "size": three,
        "own": three,
    }
    assert all(
        len(values) == 1 and values[0] > 0 for of in samples.values() for values in of.values()
    )
    assert samples["own"]["flaskpack"] < samples["size"]["flaskpack"]
    assert [name.split()[0] for name in app["only"]["flaskpack"]] == ["meinheld"]
    assert (app["only"]["pip"], app["only"]["uv"]) == ([], [])


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    with short_run(tmp_path) as (program, names):
        assert program.stdout is not None
        # Until the base images are made.
        next(line for line in program.stdout if line.startswith("hello: builds"))
        volume = f"volume={names}hello-flaskpack-build"
        building = ("docker", "ps", "--quiet", "--filter", volume)
        wait(
            lambda: bool(run(*building).stdout),
            "pack builds nothing",
            lambda: str(program.poll()),
        )
        (network,) = inspect(run(*building).stdout.strip())["NetworkSettings"]["Networks"]
        program.send_signal(signal.SIGINT)
        said, _ = program.communicate(timeout=60)
    assert program.returncode == 130, said
    assert left(names) == []
    # pack makes one for each build.
    assert network not in run("docker", "network", "ls", "--format", "{{.Name}}").stdout.split()
    assert list(tmp_path.iterdir()) == []
