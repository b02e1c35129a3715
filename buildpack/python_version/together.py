"""Whether all wishes can be met by one version."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from buildpack.python_version.lifetimes import DEFAULT, NEWEST, OLDEST
from buildpack.python_version.model import Version, Wish, minor_numbers
from buildpack.requirements.versions import clauses, release

MANY = 999
"""A patch that stands for all later ones."""


def contradiction(wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """The fewest wishes that no version meets together; () where one does.

    A single one contradicts itself (``>=3.12,<3.12``). Which versions exist doesn't matter here.
    """
    versions = candidates(wishes)
    for size in range(1, len(wishes) + 1):
        for some in combinations(wishes, size):
            if not any(meets(version, some) for version in versions):
                return some
    return ()


def meets(version: Version, wishes: Iterable[Wish]) -> bool:
    """Whether all wishes allow the version; one that isn't final must be asked for by name."""
    wishes = tuple(wishes)
    if not version.final and not any(wish.asked.prerelease == version.text for wish in wishes):
        return False
    return all(wish.asked.allows(version) for wish in wishes)


def candidates(wishes: Iterable[Wish]) -> tuple[Version, ...]:
    """Versions on both sides of every bound: if any version meets the wishes, one of them does."""
    named = {numbers for wish in wishes for numbers in _named(wish)}
    bounds = {(*numbers, 0, 0)[:3] for numbers in named}
    majors = {2, 3, 4} | {major for major, _, _ in bounds}
    minors = {7} | {minor for _, minor, _ in bounds} | set(range(OLDEST[1] - 1, NEWEST[1] + 2))
    minors |= {minor + 1 for minor in minors} | {minor - 1 for minor in minors if minor}
    patches = {0, MANY} | {patch for _, _, patch in bounds}
    patches |= {patch + 1 for patch in patches} | {patch - 1 for patch in patches if patch}
    early = (wish.asked.prerelease for wish in wishes if wish.asked.prerelease)
    return (
        *(Version(text) for text in early),
        *(
            Version(f"{major}.{minor}.{patch}")
            for major in sorted(majors)
            for minor in sorted(minors)
            for patch in sorted(patches)
        ),
    )


def _named(wish: Wish) -> Iterator[tuple[int, ...]]:
    for specifier in wish.asked.alternatives:
        for clause in clauses(specifier) or ():
            yield clause.release
    if wish.asked.prerelease:
        yield release(wish.asked.prerelease)


def fitting_minor(wishes: Sequence[Wish], preferred: Sequence[str] = ()) -> str | None:
    """The minor version to name for all of these wishes, None where we run on none of them.

    The first of ``preferred`` that will do, else the newest that we are tested with, else the
    oldest of those after it.
    """
    versions = [version for version in candidates(wishes) if meets(version, wishes)]
    minors = {version.minor for version in versions if version.numbers[:2] >= OLDEST}
    known = [minor for minor in minors if minor_numbers(minor) <= NEWEST]
    ordered = (
        *sorted(known, key=minor_numbers, reverse=True),
        *sorted(minors.difference(known), key=minor_numbers),
    )
    return next((minor for minor in (*preferred, DEFAULT, *ordered) if minor in minors), None)
