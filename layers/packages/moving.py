"""Files of an environment on their way into a layer, and what shows them in their old place."""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from layers.packages.libraries import looked_for
from layers.packages.owning import DEPTH, overlap, topmost


def unclaimed(venv: Path, entries: Collection[str]) -> frozenset[str]:
    """The files of an environment outside of these entries, without bytecode."""
    claimed, waiting, found = set(entries), [""], set()
    while waiting:
        above = waiting.pop()
        with os.scandir(venv / above) as listed:
            for one in listed:
                name = f"{above}{one.name}"
                if name in claimed or name.endswith(".pyc"):
                    continue
                if one.is_dir(follow_symlinks=False):
                    waiting.append(f"{name}/")
                else:
                    found.add(name)
    return frozenset(found)


def move(venv: Path, part: Path, entries: Iterable[str]) -> None:
    """Move entries into a layer's part, to the same place in it."""
    for entry in topmost(entries):
        target = part / entry
        target.parent.mkdir(parents=True, exist_ok=True)
        (venv / entry).rename(target)


def show(venv: Path, part: Path, entries: Iterable[str]) -> None:
    """Links in the environment to a layer's entries, whether they are there yet or not."""
    for entry in topmost(entries):
        link = venv / entry
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(part / entry)


def show_neighbours(venv: Path, part: Path, entries: Collection[str]) -> None:
    """Links in a layer's part to what its libraries look for outside of these, its own entries.

    ``$ORIGIN/../../nvidia`` is followed in the layer that the library really lies in: what
    another layer has is shown there too. Whether it is there yet or not: it may come with a later
    build, which keeps this layer.
    """
    for place in looked_for(part):
        names = place.split("/")
        if len(names) < DEPTH:
            _show(venv, part, _libraries(venv, place))
        elif missing := _missing(part, names):
            _show(venv, part, [] if overlap([missing], entries) else [missing])


def _show(venv: Path, part: Path, names: Iterable[str]) -> None:
    for name in names:
        link = part / name
        if not os.path.lexists(link):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(venv / name)


def _libraries(venv: Path, place: str) -> list[str]:
    """The libraries in a folder of many packages: each is an entry of its own."""
    found = sorted((venv / place).glob("*.so*"))
    return [str(path.relative_to(venv)) for path in found]


def _missing(part: Path, names: list[str]) -> str:
    """The uppermost folder of a path that a part lacks, from the depth on at which packages are
    apart; empty where it lacks none.
    """
    paths = ("/".join(names[:depth]) for depth in range(DEPTH, len(names) + 1))
    return next((path for path in paths if not os.path.lexists(part / path)), "")
