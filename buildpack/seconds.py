"""Numbers of seconds: pip takes fractions (``15.5``), uv whole ones."""

import math
import re

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def whole_seconds(text: str) -> str | None:
    """As uv takes it, no shorter than it was; None for what is no number."""
    return str(math.ceil(float(text))) if _NUMBER.fullmatch(text) else None
