"""What of the last build's packages stays as it is, in the layers that it is in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from buildpack import log
from buildpack.cnb.context import BuildContext
from buildpack.requirements import digest_of_options, said_what, says_what
from layers.packages import Held, Share
from layers.packages.arranging import merged
from layers.packages.restoring import restored
from layers.venv import NAME, restored_key
from layers.venv.recipe import Recipe
from layers.venv.wanted import Wanted

NAMED_BY_FACTS = ("what is added", "the app's folder", "the setting BP_EXTRAS", "the setting BP_GROUPS")
WRITTEN = "which building the app wrote,"
"""The end of a name in the key: it is never there again, see buildpack/left_behind.py."""


@dataclass(frozen=True)
class Keeping:
    """``kept`` are layers that stay. What is to be installed is new or another, ``changed``, or
    shared a layer with such a package: ``again`` has the names for each of these layers.
    ``last_number`` is the highest that a layer had: new ones are to come later.
    """

    kept: tuple[Share, ...] = ()
    again: tuple[frozenset[str], ...] = ()
    changed: frozenset[str] = frozenset()
    last_number: int = 0

    @property
    def names(self) -> frozenset[str]:
        """What is to be installed of what an index has."""
        return self.changed.union(*self.again)

    @property
    def held(self) -> Mapping[str, Held]:
        """What is kept, by normalised name."""
        return {one.name: one for share in self.kept for one in share.held}


def last_shares(context: BuildContext, recipe: Recipe) -> tuple[Share, ...]:
    """The last build's layers, if this one would install every package in the same way."""
    before = restored_key(context) or {}
    of_how = {name for name in {*before, *recipe.key} if not _says_what(name, before, recipe)}
    metadata = context.restored.get(NAME, {})
    if recipe.refresh or any(before.get(name) != recipe.key.get(name) for name in of_how):
        return ()
    names = metadata.get("packages", ())
    shares = restored(context, names)
    if names and not shares:
        log.line("Everything is installed anew: the last image doesn't say what its layers hold")
    if shares and metadata.get("options") != options_of(recipe):
        log.line("Everything is installed anew: options in the requirements changed")
        return ()
    return shares


def options_of(recipe: Recipe) -> str:
    """What the user's files say of how everything is installed."""
    return digest_of_options(recipe.requirements) if recipe.requirements else ""


def _says_what(name: str, before: Mapping[str, str], recipe: Recipe) -> bool:
    """Whether a part of the key says what is installed, and nothing of how."""
    if name in recipe.key:
        now = says_what(recipe.requirements) if recipe.requirements else frozenset()
        return name in now or name in NAMED_BY_FACTS
    return name in NAMED_BY_FACTS or name.endswith(WRITTEN) or said_what(before[name])


def keeping(shares: Collection[Share], wanted: Wanted) -> Keeping:
    """The layers in which nothing changes; nothing is kept where that is less than half.

    To install more than half costs as much as to install everything, in a better order.
    """
    kept = [share for share in shares if _is_as_wanted(share, wanted)]
    touched = [share for share in shares if share not in kept]
    again = [frozenset(_unchanged(share, wanted)) for share in touched]
    last = max((share.number for share in shares), default=0)
    found = Keeping(tuple(kept), tuple(names for names in again if names), last_number=last)
    new = frozenset(wanted.identities) - found.names - found.held.keys()
    found = _merged(replace(found, changed=new))
    size = sum(share.size for share in shares)
    return found if 2 * sum(share.size for share in found.kept) > size else Keeping()


def _is_as_wanted(share: Share, wanted: Wanted) -> bool:
    return all(wanted.identities.get(one.name) == one.identity for one in share.held)


def _unchanged(share: Share, wanted: Wanted) -> list[str]:
    return [
        one.name for one in share.held if wanted.identities.get(one.name) == one.identity
    ]


def _merged(found: Keeping) -> Keeping:
    """The same, with no more layers than there may be."""
    added = len(found.again) + bool(found.changed)
    ending = [found.kept[position] for position in merged([s.size for s in found.kept], added)]
    return replace(
        found,
        kept=tuple(share for share in found.kept if share not in ending),
        changed=found.changed.union(one.name for share in ending for one in share.held),
    )
