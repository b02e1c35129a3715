"""The user's settings at build time: ``pack build --env`` and project.toml.

They arrive as files of the platform (clear-env); an empty value is no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from buildpack.bindings import Bound
from buildpack.boolean import boolean
from buildpack.network import Network, read_network


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
