"""Which minor versions there are for us, and how long each gets security fixes.

The last months are those of the release schedules; https://devguide.python.org/versions/ shows
them side by side, and the day where it has passed.
"""

import datetime
from collections.abc import Mapping

from buildpack.python_version.model import minor_numbers

OLDEST = (3, 9)
"""What runs at launch is written for this version and newer ones."""

NEWEST = (3, 14)
"""The newest that the engine and the launch programs are tested with: no newer one is chosen
where an older one will do."""

DEFAULT = "3.13"
"""For an app that asks for nothing, on a run image without a Python."""

SOON = datetime.timedelta(days=183)

END_OF_LIFE: Mapping[str, tuple[datetime.date, str]] = {
    "3.9": (datetime.date(2025, 10, 31), "PEP 596"),
    "3.10": (datetime.date(2026, 10, 31), "PEP 619"),
    "3.11": (datetime.date(2027, 10, 31), "PEP 664"),
    "3.12": (datetime.date(2028, 10, 31), "PEP 693"),
    "3.13": (datetime.date(2029, 10, 31), "PEP 719"),
    "3.14": (datetime.date(2030, 10, 31), "PEP 745"),
    "3.15": (datetime.date(2031, 10, 31), "PEP 790"),
}
"""The last day with security fixes, and where it stands."""


def warning(minor: str, today: datetime.date) -> str | None:
    """What to say of a version that gets no security fixes, or soon won't."""
    if minor not in END_OF_LIFE:
        return None
    end, source = END_OF_LIFE[minor]
    advice = f"move to {max(minor, DEFAULT, key=minor_numbers)}"
    if today > end:
        return f"Python {minor} has had no security fixes since {end} ({source}): {advice}"
    if end - today <= SOON:
        return f"Python {minor} gets security fixes only until {end} ({source}): {advice} in time"
    return None
