"""The user's settings at build time: ``pack build --env`` and project.toml.

They arrive as files of the platform (clear-env); an empty value is no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from buildpack.bindings import Bound
from buildpack.errors.settings import BadSetting
from buildpack.network import Network, read_network

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True)
class Settings:
    """Settings of the build; ``network`` says where packages come from."""

    refresh: bool
    network: Network


def read_settings(platform_env: Mapping[str, str], bound: Bound) -> Settings:
    """The settings among the user's variables, over the bindings; raises BadSetting."""
    return Settings(
        refresh=boolean(platform_env, "BP_REFRESH"),
        network=read_network(platform_env, bound),
    )


def boolean(platform_env: Mapping[str, str], name: str) -> bool:
    """A setting of true or false; false where it isn't set. Raises BadSetting."""
    value = platform_env.get(name, "").strip()
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE or not value:
        return False
    raise BadSetting(name, value, "true or false")
