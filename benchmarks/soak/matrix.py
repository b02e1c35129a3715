"""The engine's tests on each Python that is here with each gunicorn that it has a version of."""

import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

from benchmarks import machine
from scripts.toolchain import headers, pythons, say, setup, shell

PART = "matrix"
GUNICORNS = {
    # version: the least minor of the Python 3 that it runs on
    "22.0.0": 7,
    "23.0.0": 7,
    "24.1.1": 10,
    "25.3.0": 10,
    "26.2.0": 10,
    "27.0.1": 10,
}
"""The newest of each line that the engine is for."""

TESTS = setup.REPOSITORY / "engine" / "tests"
OTHERS = ("maker", "patching", "promises", "proof", "series", "oracles", "sanitizers")
"""What these modules are about doesn't change with the Python or the gunicorn."""

READING = """\
## How to read it

Each line is one run of the engine's tests, those that ask a running worker, with an engine built \
for that Python. A test that is about a setting which that gunicorn doesn't have passes there \
when gunicorn takes no notice of it. `scripts/soak engine --part matrix --python PROGRAM \
--gunicorn VERSION` makes one line anew.
"""


@dataclass(frozen=True)
class Result:
    """Counts of tests of one pair; ``failed`` has the names."""

    python: str
    gunicorn: str
    passed: int
    failed: tuple[str, ...]
    seconds: float


def run(python: str | None, gunicorn: str | None, folder: Path) -> int:
    """1 where a test failed. Each pair is written when it is done; other lines are kept."""
    found = [Path(python)] if python else list(here())
    count = 0
    for program in found:
        minor = int(_ask(program, "import sys; print(sys.version_info[1])"))
        for version, least in GUNICORNS.items():
            if minor >= least and gunicorn in (None, version):
                result = tested(program, version)
                write(result, folder)
                count += len(result.failed)
    return int(bool(count))


def here() -> Iterator[Path]:
    """A program of each minor version; says which there is none of."""
    tools = Path(sys.executable).parent
    for minor in headers.MINORS:
        if python := pythons.find(minor, tools, os.environ):
            yield python.program
        else:
            say.line(f"There is no Python 3.{minor} here.")


def tested(python: Path, gunicorn: str) -> Result:
    """Runs the tests with one pair."""
    modules = [
        str(module)
        for module in sorted(TESTS.glob("test_engine_*.py"))
        if module.stem.removeprefix("test_engine_") not in OTHERS
    ]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"]
        subprocess.run(
            [*command, f"--junitxml={report}", *modules],
            cwd=setup.REPOSITORY,
            env={
                **os.environ,
                "FLASKPACK_ENGINE_PYTHON": str(python),
                "FLASKPACK_ENGINE_GUNICORN": gunicorn,
            },
            check=False,
        )
        passed, failed = read(report.read_text(encoding="utf-8"))
    version = _ask(python, "import platform; print(platform.python_version())")
    return Result(version, gunicorn, passed, failed, time.monotonic() - begun)


def read(report: str) -> tuple[int, tuple[str, ...]]:
    """How many tests passed, and the names of all others, from pytest's XML."""
    passed, failed = 0, []
    for case in ElementTree.fromstring(report).iter("testcase"):
        if len([each for each in case if each.tag in ("failure", "error", "skipped")]):
            failed.append(f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}")
        else:
            passed += 1
    return passed, tuple(failed)


def write(result: Result, folder: Path) -> None:
    """Puts the line in its place in the table of today."""
    folder.mkdir(parents=True, exist_ok=True)
    date = datetime.date.today().isoformat()
    path = folder / f"{date}-matrix.json"
    known = json.loads(path.read_text(encoding="utf-8"))["results"] if path.exists() else []
    kept = [Result(**{**each, "failed": tuple(each["failed"])}) for each in known]
    pair = (result.python, result.gunicorn)
    results = [each for each in kept if (each.python, each.gunicorn) != pair] + [result]
    results.sort(key=lambda each: (_number(each.python), _number(each.gunicorn)))
    facts = {"commit": machine.commit(setup.REPOSITORY), **machine.computer()}
    document = {"date": date, "facts": facts, "results": [asdict(each) for each in results]}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    text = render(date, facts, results)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    say.line(
        f"Python {result.python}, gunicorn {result.gunicorn}: {result.passed} passed, "
        f"{len(result.failed)} failed in {result.seconds:.0f} s"
    )


def render(date: str, facts: dict[str, str], results: list[Result]) -> str:
    """The whole table, in Markdown."""
    lines = [
        f"# The engine's tests on each Python with each gunicorn, {date}",
        "",
        *(f"- {what}: {words}" for what, words in facts.items()),
        "",
        "| Python | gunicorn | passed | failed | seconds |",
        "|---|---|---|---|---|",
        *(
            f"| {each.python} | {each.gunicorn} | {each.passed} | {len(each.failed) or 'none'} "
            f"| {each.seconds:.0f} |"
            for each in results
        ),
        "",
    ]
    failed = [
        f"- Python {each.python}, gunicorn {each.gunicorn}: `{name}`"
        for each in results
        for name in each.failed
    ]
    if failed:
        lines += ["## Failed", "", *failed, ""]
    return "\n".join([*lines, READING])


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _ask(python: Path, code: str) -> str:
    return (shell.ask([python, "-I", "-c", code]) or "").strip()
