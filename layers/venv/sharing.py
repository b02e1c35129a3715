"""The packages of a new environment shared out to layers, and shown in it again."""

import csv
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import fresh_folder
from buildpack.installed import Distribution
from buildpack.requirements import Target
from layers.packages import Held, Share
from layers.packages.arranging import Group, arranged
from layers.packages.moving import move, show, show_neighbours, unclaimed
from layers.packages.owning import entries_of, inseparable, is_plain, overlap
from layers.venv.keeping import Keeping


class MisfitError(Exception):
    """What was installed doesn't fit beside what was to be kept, and why; never reaches a user."""


def share_out(
    context: BuildContext,
    venv: Path,
    found: Mapping[str, Held],
    staying: Collection[str],
    keeping: Keeping,
) -> tuple[Share, ...]:
    """Every layer of the environment; those that are new are filled.

    ``found`` are the packages that were installed, by normalised name. ``staying`` are those that
    every build installs again: they are the environment's own, with whatever can't be parted
    from them.
    """
    parted = inseparable({name: held.entries for name, held in found.items()})
    loose = [names for names in parted if names.isdisjoint(staying)]
    groups = [Group(names, sum(found[name].size for name in names)) for names in loose]
    layers = _layers(groups, keeping)
    made = tuple(
        Share(number, tuple(found[name] for name in sorted(names)))
        for number, names in enumerate(layers, start=keeping.last_number + 1)
    )
    for share in made:
        fresh_folder(context.layers_dir / share.name)
        move(venv, share.folder(context), _entries(share))
    shares = (*keeping.kept, *made)
    for share in shares:
        show(venv, share.folder(context), _entries(share))
    for share in made:
        show_neighbours(venv, share.folder(context), _entries(share))
    return shares


def check_apart(found: Iterable[Held], keeping: Keeping) -> None:
    """Raise MisfitError where something new has files in what is kept."""
    kept = [entry for held in keeping.held.values() for entry in held.entries]
    if overlap([entry for held in found for entry in held.entries], kept):
        raise MisfitError("packages share files that did not before")


def _layers(groups: list[Group], keeping: Keeping) -> list[set[str]]:
    """The names in each new layer: what shared one before does so again, without what changed."""
    layers = []
    for names in keeping.again:
        same = [group for group in groups if group.names <= names]
        layers.append(set().union(*(group.names for group in same)))
        groups = [group for group in groups if group not in same]
    layers += [set().union(*(group.names for group in layer)) for layer in arranged(groups)]
    return [names for names in layers if names]


def _entries(share: Share) -> list[str]:
    return [entry for held in share.held for entry in held.entries]


def not_to_part(
    venv: Path, found: Mapping[str, Held], own: frozenset[str]
) -> frozenset[str]:
    """The packages that don't say what is theirs; all, where files are left that nobody claims.

    ``own`` are the files that an environment has without packages.
    """
    if unclaimed(venv, [entry for held in found.values() for entry in held.entries]) - own:
        return frozenset(found)
    return frozenset(name for name, held in found.items() if not _can_be_told(held))


def _can_be_told(held: Held) -> bool:
    """Whether a layer's metadata can hold it, and it says what is its own."""
    texts = (*held.entries, *held.requires, held.version, held.identity)
    return bool(held.entries) and is_plain(texts)


def held_of(name: str, dist: Distribution, venv: Path, identity: str, target: Target) -> Held:
    """A package as its layer would tell it to the next build."""
    site = dist.folder.parent.relative_to(venv)
    files = dict(_files(dist.read("RECORD"), str(site)))
    entries = entries_of(files)
    entries += tuple(_bytecode(venv, site, entries))
    there = tuple(entry for entry in entries if (venv / entry).exists())
    size = sum(files.values())
    return Held(name, dist.version, identity, size, dist.requires(target), there)


def _files(record: str, site: str) -> Iterator[tuple[str, int]]:
    """The files that RECORD lists, relative to the environment, with their sizes."""
    for row in csv.reader(record.splitlines()):
        if row:
            size = row[2] if len(row) > 2 else ""
            yield posixpath.normpath(f"{site}/{row[0]}"), int(size) if size.isdecimal() else 0


def _bytecode(venv: Path, site: Path, entries: Iterable[str]) -> Iterator[str]:
    """Of modules that are a file of their own: it lies in a folder that they share."""
    for entry in entries:
        folder, _, file = entry.rpartition("/")
        if folder == str(site) and file.endswith(".py"):
            cache = venv / site / "__pycache__"
            yield from (
                str(path.relative_to(venv)) for path in sorted(cache.glob(f"{file[:-3]}.*.pyc"))
            )
