"""Which package goes into which layer."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 24
"""Layers. Docker allows an image 127 in all."""

ENOUGH_BYTES, ENOUGH_NAMES = 1_000_000, 8
"""A layer with so much, or so many packages, is worth it even in a small environment. To load one
costs Docker some 50 ms, about what it costs to build and load 1 MB."""


@dataclass(frozen=True)
class Group:
    """Packages that can't be parted; ``size`` is in bytes."""

    names: frozenset[str]
    size: int


def arranged(groups: Sequence[Group]) -> list[list[Group]]:
    """The groups of each layer, for a new environment: at most ``MOST`` layers.

    The largest come first, and have a layer of their own; small ones share theirs until it has
    its share of all bytes or of all packages. Most packages are small: when one changes, its
    layer is, and little lies behind it.
    """
    all_bytes = sum(group.size for group in groups)
    all_names = sum(len(group.names) for group in groups)
    enough_bytes = max(ENOUGH_BYTES, _half_of_a_share(all_bytes))
    enough_names = max(ENOUGH_NAMES, _half_of_a_share(all_names))
    layers: list[list[Group]] = []
    size, number = enough_bytes, enough_names
    for group in sorted(groups, key=lambda group: (-group.size, min(group.names))):
        if size >= enough_bytes or number >= enough_names:
            layers.append([])
            size = number = 0
        layers[-1].append(group)
        size += group.size
        number += len(group.names)
    return layers


def _half_of_a_share(total: int) -> int:
    """Layers are full by bytes or by packages: half of them may be either, and one isn't full."""
    return -(-2 * total // (MOST - 1))


def merged(sizes: Sequence[int], added: int) -> list[int]:
    """Which of the layers that could be kept are to be made again with what is new.

    ``sizes`` are theirs, ``added`` is how many new ones there are: the smallest give way, until
    there are no more than ``MOST``.
    """
    smallest = sorted(range(len(sizes)), key=lambda position: (sizes[position], position))
    return smallest[: max(0, len(sizes) + added - MOST)]
