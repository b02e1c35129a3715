"""A long round of the property tests: other examples each time, and many more of them.

    FLASKPACK_SOAK=50 scripts/test tests/unit/test_app_finder_properties.py \\
        tests/unit/test_requirements_any_bytes.py

tries 50 times as many examples as usual. What it finds is written into the test as an
``@example``: Hypothesis' own database is a cache, and nobody else has it.
"""

import os

SOAK = int(os.environ.get("FLASKPACK_SOAK", "0"))


def examples(usually: int) -> int:
    """How many examples a test tries."""
    return usually * max(1, SOAK)
