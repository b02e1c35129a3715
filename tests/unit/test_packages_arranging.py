"""How packages are shared out to layers."""

import random

import pytest

from layers.packages.arranging import MOST, Group, arranged, merged


def groups(*sizes: int) -> list[Group]:
    return [Group(frozenset({f"p{number}"}), size) for number, size in enumerate(sizes)]


def sizes(layers: list[list[Group]]) -> list[list[int]]:
    return [[group.size for group in layer] for layer in layers]


M = 1_000_000
ARRANGED = {
    "nothing": ([], []),
    "one": ([5], [[5]]),
    "few small ones": ([5, 9, 7], [[9, 7, 5]]),
    "more small ones": ([5] * 10, [[5] * 8, [5] * 2]),
    "a large one is alone": ([5, 3 * M, 5], [[3 * M], [5, 5]]),
    "until there is enough": ([600_000, 500_000, 400_000], [[600_000, 500_000], [400_000]]),
    "a share of all bytes": (
        [400 * M, 100 * M, 60 * M, *[50 * M] * 4],
        [[400 * M], [100 * M], [60 * M, 50 * M], [50 * M, 50 * M], [50 * M]],
    ),
    "a share of all packages": ([5] * 230, [[5] * 20] * 11 + [[5] * 10]),
}


@pytest.mark.parametrize(("given", "layers"), ARRANGED.values(), ids=ARRANGED)
def test_arranged(given: list[int], layers: list[list[int]]) -> None:
    assert sizes(arranged(groups(*given))) == layers


@pytest.mark.parametrize("number", [1, 5, 30, 300, 3000])
def test_there_are_never_too_many(number: int) -> None:
    for seed in range(20):
        dice = random.Random(seed)
        given = groups(*(int(10 ** dice.uniform(2, 8)) for _ in range(number)))
        layers = arranged(given)
        assert len(layers) <= MOST
        found = [size for layer in sizes(layers) for size in layer]
        assert sorted(found) == sorted(group.size for group in given)


def test_the_order_of_what_is_given_is_no_matter() -> None:
    given = groups(*range(100), *range(100))
    shuffled = random.Random(1).sample(given, len(given))
    assert arranged(shuffled) == arranged(given)


MERGED = {
    "there is room": ([5, 1, 9], 2, []),
    "the smallest ones give way": ([9] * (MOST - 2) + [1, 5], 2, [MOST - 2, MOST - 1]),
    "of equal ones the first": ([5] * MOST, 1, [0]),
    "nothing comes": ([5] * MOST, 0, []),
}


@pytest.mark.parametrize(("given", "added", "ending"), MERGED.values(), ids=MERGED)
def test_merged(given: list[int], added: int, ending: list[int]) -> None:
    assert merged(given, added) == ending
