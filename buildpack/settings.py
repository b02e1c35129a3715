"""The user's settings at build time: ``pack build --env`` and project.toml.

They arrive as files of the platform (clear-env); an empty value is no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from buildpack.errors.settings import BadSetting

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})

INDEX_VARIABLES = {
    "UV_DEFAULT_INDEX": "UV_DEFAULT_INDEX",
    "UV_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "UV_INDEX": "UV_INDEX",
    "UV_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
    "PIP_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
}
"""The user's variable, and uv's that takes its value; the first that is set wins."""


@dataclass(frozen=True)
class Settings:
    """Settings of the build.

    ``index`` holds variables for uv that say where packages come from: they may hold
    credentials and are never logged.
    """

    refresh: bool
    index: Mapping[str, str]


def read_settings(platform_env: Mapping[str, str]) -> Settings:
    """The settings among the user's variables; raises BadSetting."""
    return Settings(
        refresh=boolean(platform_env, "BP_REFRESH"),
        index=_index(platform_env),
    )


def boolean(platform_env: Mapping[str, str], name: str) -> bool:
    """A setting of true or false; false where it isn't set. Raises BadSetting."""
    value = platform_env.get(name, "").strip()
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE or not value:
        return False
    raise BadSetting(name, value, "true or false")


def _index(platform_env: Mapping[str, str]) -> dict[str, str]:
    index: dict[str, str] = {}
    for name, variable in INDEX_VARIABLES.items():
        value = platform_env.get(name, "").strip()
        if value:
            index.setdefault(variable, value)
    return index
