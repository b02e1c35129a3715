"""What bindings say, in the terms of the tool that it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PYTHON_MIRROR = ("UV_PYTHON_INSTALL_MIRROR", "UV_PYTHON_DOWNLOADS_JSON_URL")
"""uv's variables that say where a Python comes from."""


@dataclass(frozen=True)
class Bound:
    """``index``, ``reach`` and ``python_mirror`` are variables for uv: where packages come
    from, how they are reached, where a Python comes from. ``arguments`` are for an install
    of the user's requirements. ``netrc`` is the content of such a file, ``certificates`` are
    PEM blocks; both are empty where there are none.

    ``told`` are lines for the log. Everything else may hold secrets and is in no repr.
    """

    index: Mapping[str, str] = field(default_factory=dict, repr=False)
    reach: Mapping[str, str] = field(default_factory=dict, repr=False)
    python_mirror: Mapping[str, str] = field(default_factory=dict, repr=False)
    arguments: tuple[str, ...] = field(default=(), repr=False)
    netrc: str = field(default="", repr=False)
    certificates: str = field(default="", repr=False)
    told: tuple[str, ...] = ()

    def with_more(self, other: "Bound") -> "Bound":
        """Both together."""
        return Bound(
            index={**self.index, **other.index},
            reach={**self.reach, **other.reach},
            python_mirror={**self.python_mirror, **other.python_mirror},
            arguments=self.arguments + other.arguments,
            netrc=self.netrc + other.netrc,
            certificates=self.certificates + other.certificates,
            told=self.told + other.told,
        )
