"""Files that several packages bring, each with another content: uv leaves to chance whose is there.

It installs in parallel (https://github.com/astral-sh/uv/issues/21819). Here the package that
requires the others wins, as with installers that go one by one, else the one whose name is last:
whoever builds gets the same image.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from buildpack import log
from buildpack.installed import Distribution, Installed
from buildpack.requirements import Target

SHOWN = 3
"""Files that are named in a warning."""

Claims = dict[str, str]
"""What RECORD says of a file's content, "sha256=…", by the packages that bring it: the last wins."""


def settle(site: Path, installed: Installed, target: Target, again: Callable[[str], None]) -> None:
    """Have each such file be its winner's; ``again`` installs a package over the others."""
    order = in_order(installed, target)
    found = clashes(order, installed.distributions)
    for names, files in _by_packages(found).items():
        _tell(names, files)
    for name in order:
        won = {file: claims[name] for file, claims in found.items() if name == winner(claims)}
        if any(not _has(site / file, content) for file, content in won.items()):
            again(name)


def winner(claims: Claims) -> str:
    """Whose content the file is to have."""
    return next(reversed(claims))


def in_order(installed: Installed, target: Target) -> list[str]:
    """The packages, each after what it requires; else, and in circles, by name."""
    order: list[str] = []
    begun: set[str] = set()

    def add(name: str) -> None:
        begun.add(name)
        for other in installed.distributions[name].requires(target):
            if other in installed.distributions and other not in begun:
                add(other)
        order.append(name)

    for name in sorted(installed.distributions):
        if name not in begun:
            add(name)
    return order


def clashes(
    order: Iterable[str], distributions: Mapping[str, Distribution]
) -> dict[str, Claims]:
    """Each file that is brought with several contents, as RECORD names it, and its claims."""
    first: dict[str, tuple[str, str]] = {}
    found: defaultdict[str, Claims] = defaultdict(dict)
    for name in order:
        for line in distributions[name].read("RECORD").splitlines():
            file, _, content = line.rpartition(",")[0].rpartition(",")
            if file not in first:
                first[file] = (name, content)
            elif not content or first[file][1] != content or file in found:
                found[file] |= {first[file][0]: first[file][1], name: content}
    return dict(sorted(found.items()))


def _by_packages(found: Mapping[str, Claims]) -> dict[tuple[str, ...], list[str]]:
    together: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for file, claims in found.items():
        together[tuple(claims)].append(file)
    return together


def _tell(names: Sequence[str], files: Sequence[str]) -> None:
    shown = ", ".join(files[:SHOWN])
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    log.warning(
        f"{' and '.join(names)} bring files of the same names: {names[-1]}'s are taken\n"
        f"({shown}{more}). Require one alone if you want another"
    )


def _has(file: Path, content: str) -> bool:
    """Whether a file is as RECORD says; not known to be where RECORD says nothing."""
    try:
        digest = hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return False
    return content == f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
