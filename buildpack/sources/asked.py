"""What the build is asked for beside the main dependencies: BP_EXTRAS and BP_GROUPS."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from buildpack.errors.settings import BadSetting
from buildpack.errors.sources import UnknownNameError
from buildpack.requirements.syntax import normalised

EXTRAS = "BP_EXTRAS"
GROUPS = "BP_GROUPS"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Asked:
    """Normalised names of extras and groups."""

    extras: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def check(
        self,
        file: str,
        extras: Iterable[str] = (),
        groups: Iterable[str] = (),
        *,
        always: Iterable[str] = (),
    ) -> None:
        """Raise UnknownNameError for a name that the file doesn't have.

        ``always`` are groups that may be named, and are installed anyway.
        """
        for setting, kind, wanted, there in (
            (EXTRAS, "extra", self.extras, extras),
            (GROUPS, "group", self.groups - frozenset(always), groups),
        ):
            known = {normalised(name): name for name in there}
            for name in sorted(wanted - known.keys()):
                raise UnknownNameError(setting, kind, name, file, sorted(known.values()))


def read_asked(platform_env: Mapping[str, str]) -> Asked:
    """The extras and groups that the build's settings name; raises BadSetting."""
    return Asked(_names(platform_env, EXTRAS), _names(platform_env, GROUPS))


def settings_of(platform_env: Mapping[str, str]) -> dict[str, str]:
    """The settings that are made, as the key of what is installed names them."""
    found = {name: _names(platform_env, name) for name in (EXTRAS, GROUPS)}
    return {
        f"the setting {name}": ",".join(sorted(names)) for name, names in found.items() if names
    }


def _names(platform_env: Mapping[str, str], setting: str) -> frozenset[str]:
    value = platform_env.get(setting, "")
    names = [name for name in re.split(r"[\s,]+", value) if name]
    if not all(_NAME.fullmatch(name) for name in names):
        raise BadSetting(setting, value, "names, separated by commas or blanks")
    return frozenset(map(normalised, names))
