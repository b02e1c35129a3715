"""What the layers of the last build hold, out of their metadata."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from buildpack.cnb.context import BuildContext
from layers.packages import Held, Share
from layers.packages.owning import is_plain


def restored(context: BuildContext, names: Iterable[str]) -> tuple[Share, ...]:
    """The layers of these names; () where what they hold can't be told.

    The metadata is an image's label: it may be anything, and nothing in it may lead out of the
    environment.
    """
    try:
        return tuple(_share(name, context.restored[name]) for name in names)
    except (KeyError, ValueError, TypeError, AttributeError):
        return ()


def _share(name: str, metadata: Mapping[str, Any]) -> Share:
    return Share(int(name.rpartition("-")[2]), tuple(_held(metadata["holds"])))


def _held(lines: Iterable[str]) -> Iterator[Held]:
    for line in lines:
        name, version, identity, size, requires, entries = line.split(" ")
        held = Held(name, version, identity, int(size), _names(requires), _names(entries))
        if not is_plain(held.entries):
            raise ValueError(line)
        yield held


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
