"""Which files and folders of an environment are whose, and which packages can't be parted."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

DEPTH = 4
"""``lib/python3.13/site-packages/flask``: an entry lies so deep, or is a file above that. So
``share/man/man1`` is a folder of many packages too."""

CACHE = "__pycache__"
PLAIN = re.compile(r"[!#-&(-+\--\[\]-~]+")
"""What the metadata of a layer can hold: printable, and no comma, blank, quote or backslash."""


def entries_of(files: Iterable[str]) -> tuple[str, ...]:
    """The entries of a package with these files, relative to the environment; sorted.

    A folder in which no file of the package lies itself (``google``, a namespace) may be shared
    with other packages: those below it are its entries.
    """
    listed = [file.split("/") for file in files]
    with_files = {tuple(parts[:-1]) for parts in listed}
    return tuple(sorted({"/".join(_entry(parts, with_files)) for parts in listed}))


def _entry(parts: Sequence[str], with_files: Collection[tuple[str, ...]]) -> Sequence[str]:
    for depth in range(DEPTH, len(parts)):
        folder = tuple(parts[:depth])
        if folder in with_files and folder[-1] != CACHE:
            return folder
    return parts


def is_plain(texts: Iterable[str]) -> bool:
    """Whether all can be written down, and no path leads out of the environment."""
    return all(
        PLAIN.fullmatch(text) and not text.startswith("/") and ".." not in text.split("/")
        for text in texts
    )


def inseparable(owners: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """Packages by their entries -> the groups that share one, or have one inside of another's."""
    together = {name: name for name in owners}

    def root(name: str) -> str:
        while together[name] != name:
            name = together[name]
        return name

    by_entry: dict[str, str] = {}
    for name, entries in owners.items():
        for entry in entries:
            together[root(by_entry.setdefault(entry, name))] = root(name)
    for entry, name in by_entry.items():
        for above in _above(entry):
            if above in by_entry:
                together[root(by_entry[above])] = root(name)
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name in owners:
        groups[root(name)].add(name)
    return sorted(map(frozenset, groups.values()), key=min)


def overlap(entries: Iterable[str], others: Iterable[str]) -> bool:
    """Whether an entry of the one side is one of the other, or inside of one of the other."""
    one, other = set(entries), set(others)
    return any(
        not inside.isdisjoint([entry, *_above(entry)])
        for outside, inside in ((one, other), (other, one))
        for entry in outside
    )


def topmost(entries: Iterable[str]) -> list[str]:
    """The entries that aren't inside of another one, sorted."""
    there = set(entries)
    return sorted(entry for entry in there if there.isdisjoint(_above(entry)))


def _above(entry: str) -> Iterator[str]:
    parts = entry.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))
