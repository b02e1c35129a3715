"""Requests of all kinds, one after the other: good and bad, small and large, answered and not."""

import random
from collections.abc import Iterator

from harness import faults, mutations, views
from harness.cases import CASES


def requests(seed: int, count: int, first: int = 0) -> Iterator[bytes]:
    """Request number ``first`` and those after it: each depends on the seed and its number only."""
    kinds = (*mutations.corpus(CASES), *faults.REQUESTS.values(), *views.requests())
    for number in range(first, first + count):
        yield random.Random(f"{seed}/{number}").choice(kinds)
