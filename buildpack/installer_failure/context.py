"""What is known beside uv's own words when it failed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from buildpack.requirements.model import InstallerInput, Requirements


@dataclass(frozen=True)
class Context:
    """``python`` is the full version installed for; ``given`` what uv got; ``secrets`` are

    values that must not be shown, beside those in addresses (``given.environment`` is among
    them already).
    """

    python: str
    requirements: Requirements | None = None
    given: InstallerInput | None = None
    secrets: Iterable[str] = field(default=(), repr=False)
