"""Settings of true or false, in every spelling that people use."""

from collections.abc import Mapping

from buildpack.errors.settings import BadSetting

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def boolean(platform_env: Mapping[str, str], name: str) -> bool:
    """A setting of true or false; false where it isn't set. Raises BadSetting."""
    value = platform_env.get(name, "").strip()
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE or not value:
        return False
    raise BadSetting(name, value, "true or false")
