"""``${NAME}`` in the user's files, as pip has it: upper-case letters, digits, underscores."""

import re
from collections.abc import Mapping, MutableMapping

from buildpack.errors import requirements as errors
from buildpack.requirements.model import Origin

VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


def with_values(
    text: str, environment: Mapping[str, str], used: MutableMapping[str, str], origin: Origin
) -> str:
    """The text with the variables' values, which are noted in ``used``.

    Raises UnsetVariableError.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in environment:
            raise errors.UnsetVariableError(origin, name)
        used[name] = environment[name]
        return used[name]

    return VARIABLE.sub(value, text)
