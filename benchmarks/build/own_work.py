"""The buildpack's own work on a code-only rebuild, without pack and the lifecycle."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.build.made import Made
from benchmarks.figures import Spread, spread
from scripts.toolchain import say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.images import build_base
from scripts.toolchain.setup import SUITE, Toolchain

INSIDE = Path(__file__).with_name("own_work_inside.py")
MOUNTED = "/cnb/buildpacks/flaskpack/0.1.0"
AIM = 0.3
"""Seconds for detect and build together, with 10,000 files and 300 requirements."""

APPS = {
    "large": "10,000 files, 1,500 of them Python modules, 300 requirements in 3 files",
    "compiled": "the same with 150 modules",
    "hello": "one module, one requirement",
}

Samples = Mapping[str, Mapping[str, Sequence[float]]]
"""``{app: {phase: seconds, one for each round}}`` ("processor": processor time of both phases), and
``{"python": {"start": …}}``."""


@dataclass(frozen=True)
class OwnWork:
    """A whole run. ``machine`` is ``{what: words}`` for people."""

    date: str
    command: str
    commit: str
    machine: Mapping[str, str]
    rounds: int
    samples: Samples

    def together(self, app: str) -> Spread:
        """detect and build of the same round."""
        phases = (self.samples[app][phase] for phase in ("detect", "build"))
        return spread([sum(times) for times in zip(*phases, strict=True)])

    def reached(self, app: str) -> bool:
        return self.together(app).median <= AIM

    def document(self) -> dict[str, Any]:
        """For JSON, each single measurement included."""
        return asdict(self)


def measure(tools: Toolchain, made: Made, rounds: int) -> Samples:
    """In one container of the build image, without a network; raises SetupError."""
    command: list[str | Path] = ["docker", "run", "--rm", "--name", made.name("own-work")]
    command += ["--network", "none", "--user", "0", "--label", made.label]
    command += ["--volume", f"{tools.buildpack}:{MOUNTED}:ro"]
    command += ["--volume", f"{INSIDE}:/{INSIDE.name}:ro"]
    # As pack does it: the app and the layers lie in a volume, not in the container's own layer.
    command += ["--mount", "type=volume,dst=/workspace"]
    command += ["--entrypoint", f"/usr/bin/python{SUITE.python}", build_base(SUITE).name]
    command += ["-I", "-B", f"/{INSIDE.name}", MOUNTED, str(rounds)]
    with say.step(f"Own work: {rounds} rounds of each app, in turn"):
        log = tools.site.log("bench-own-work")
        shell.do(
            command,
            log=log,
            failure="The buildpack's own work could not be measured",
            remedy="The log says why",
        )
    return parse(log.read_text(encoding="utf-8"))


def parse(output: str) -> Samples:
    """The last line of what the program in the container said."""
    try:
        samples: Samples = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        raise SetupError("The container gave no figures", output[-500:]) from None
    return samples


def render(report: OwnWork) -> str:
    """The report as Markdown."""
    return "\n".join((*_head(report), *_table(report), *_notes(report))) + "\n"


def _head(report: OwnWork) -> Iterator[str]:
    yield f"# The buildpack's own work on a code-only rebuild, {report.date}\n"
    yield f"Made by `{report.command}` at commit {report.commit}; {report.rounds} rounds.\n"
    yield from (f"- {what}: {words}" for what, words in report.machine.items())


def _table(report: OwnWork) -> Iterator[str]:
    yield "\n| | detect, s | build, s | together, s | aim | processor time, s |"
    yield "|---|--:|--:|--:|---|--:|"
    for app, words in APPS.items():
        phases = (spread(report.samples[app][phase]) for phase in ("detect", "build"))
        cells = [_cell(figure) for figure in (*phases, report.together(app))]
        processor = _cell(spread(report.samples[app]["processor"]))
        yield f"| {words} | {' | '.join(cells)} | {_verdict(report, app)} | {processor} |"
    python = _cell(spread(report.samples["python"]["start"]))
    yield f"| Python started twice, nothing more | | | {python} | | |"


def _verdict(report: OwnWork, app: str) -> str:
    if app == "hello":
        return ""
    return f"≤ {AIM}: {'reached' if report.reached(app) else '**missed**'}"


def _notes(_report: OwnWork) -> Iterator[str]:
    yield (
        "\nMedians, with the least and the greatest in brackets. bin/detect and bin/build of the"
        " packaged buildpack run in a container of the build image, as the build's user, with the"
        " metadata that the lifecycle restores after a real first build; one line of `main.py`"
        " differs, and there is no bytecode in the app's folder. In each round every app has its"
        " turn.\n"
    )
    yield (
        "The app's modules are compiled beside the other work, on another core where there is one;"
        " of those that the last build knew only the files are made."
    )


def _cell(figure: Spread) -> str:
    return f"{figure.median:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
