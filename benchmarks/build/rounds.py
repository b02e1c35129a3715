"""The measurement itself: in each round every contender in turn, for each app."""

from collections import defaultdict

from benchmarks.build import sizes
from benchmarks.build.base import PIP_VERSION
from benchmarks.build.contenders import Contender
from benchmarks.build.contest import LAYERS, Bases, Contest, copied, prepare
from benchmarks.build.results import AppResult
from benchmarks.build.rows import FLASKPACK, OWN, PIP, ROWS, SIZE, UV
from benchmarks.build.steps import STEPS, Bench
from scripts.toolchain import say

INSTALLED = {FLASKPACK: LAYERS, PIP: "/usr/local/lib", UV: "/venv"}
"""Where packages are in the contenders' images."""


class Samples(defaultdict[str, dict[str, list[float]]]):
    """Collects what is measured, see ``results.Samples``."""

    def __init__(self) -> None:
        super().__init__(lambda: defaultdict(list))

    def add(self, row: str, contender: Contender, value: float) -> None:
        self[row][contender.key].append(value)


def measure(bench: Bench, bases: Bases, app: str, rounds: int) -> AppResult:
    with say.step(f"{app}: builds that aren't counted, and a look into their images"):
        contest = prepare(bench, bases, app)
        samples = measure_sizes(bases, contest)
        packages, only = compare_packages(bench, contest)
    for number in range(1, rounds + 1):
        take_round(bench, contest, samples, number)
        say.line(f"{app}, round {number} of {rounds}: {told(app, samples)}")
    return AppResult(app, {row: dict(of) for row, of in samples.items()}, packages, only)


def take_round(bench: Bench, contest: Contest, samples: Samples, number: int) -> None:
    for row in ROWS[contest.app]:
        if row.key not in STEPS:
            continue
        for contender in contest.for_row(row):
            taken = STEPS[row.key](bench, contest.sources, contender, number)
            samples.add(row.key, contender, taken)


def told(app: str, samples: Samples) -> str:
    """The newest times, for whoever waits."""
    return "; ".join(
        f"{row.title.lower()} " + " / ".join(f"{of[-1]:.2f}" for of in samples[row.key].values())
        for row in ROWS[app]
        if row.key in STEPS
    )


def measure_sizes(bases: Bases, contest: Contest) -> Samples:
    samples = Samples()
    own_bases = {FLASKPACK: bases.run, PIP: bases.pip[0], UV: bases.uv[0]}
    for contender in contest.with_app:
        samples.add(SIZE, contender, sizes.image_size(contender.image))
        base = own_bases[contender.key]
        samples.add(OWN, contender, sizes.compressed(contender.image, base))
    return samples


def compare_packages(bench: Bench, contest: Contest) -> tuple[int, dict[str, list[str]]]:
    """How many all sides have alike, and what each has that not all have."""
    found = {
        contender.key: sizes.distributions(
            sizes.files_in(copied(bench, contender.image, INSTALLED[contender.key]))
        )
        for contender in contest.with_app
    }
    # The installer itself, which its base image holds.
    found = {key: packages - {f"pip {PIP_VERSION}"} for key, packages in found.items()}
    alike = set.intersection(*found.values())
    return len(alike), {key: sorted(packages - alike) for key, packages in found.items()}
