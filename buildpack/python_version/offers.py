"""What uv can install: its list of downloads, and the choice from it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from buildpack.python_version.lifetimes import DEFAULT, NEWEST, OLDEST
from buildpack.python_version.model import Version, Wish, minor_numbers
from buildpack.python_version.together import meets


@dataclass(frozen=True)
class Offer:
    """One CPython that uv can install; ``key`` is uv's name for it."""

    key: str
    version: Version


def read_offers(listed: str) -> tuple[Offer, ...]:
    """The offers in ``uv python list --output-format json``, newest first.

    Only ordinary CPython that we run on; what isn't final is in it too.
    """
    return tuple(
        sorted(
            (
                Offer(entry["key"], Version(entry["version"]))
                for entry in json.loads(listed)
                if _is_ours(entry)
            ),
            key=lambda offer: (offer.version.numbers, offer.version.final),
            reverse=True,
        )
    )


def _is_ours(entry: dict[str, Any]) -> bool:
    parts = entry["version_parts"]
    ordinary = entry["implementation"] == "cpython" and entry["variant"] == "default"
    return ordinary and (parts["major"], parts["minor"]) >= OLDEST


def best_offer(wishes: Sequence[Wish], offers: Iterable[Offer], last: str = "") -> Offer | None:
    """The offer to take, None where none meets the wishes.

    Of several minor versions the one of the last build, then the default, then the newest that
    we are tested with; of that one the newest.
    """

    def worth(offer: Offer) -> tuple[bool, bool, bool, tuple[int, ...], bool]:
        version = offer.version
        tested = minor_numbers(version.minor) <= NEWEST
        return (
            version.minor == last,
            version.minor == DEFAULT,
            tested,
            version.numbers if tested else tuple(-number for number in version.numbers[:2]),
            version.final,
        )

    return max((one for one in offers if meets(one.version, wishes)), key=worth, default=None)


def described(offers: Iterable[Offer], minor: str | None) -> tuple[str, ...]:
    """What is to be had, for people: the newest of each minor version, and all of one of them."""
    final = [offer.version for offer in offers if offer.version.final]
    newest: dict[str, Version] = {}
    for version in final:
        newest.setdefault(version.minor, version)
    of_one = [version.text for version in final if version.minor == minor]
    return (
        "uv offers " + (", ".join(version.text for version in newest.values()) or "none"),
        *((f"uv offers of {minor}: {', '.join(of_one)}",) if len(of_one) > 1 else ()),
    )
