"""Builds the engine and installs it beside gunicorn, once for each content.

FLASKPACK_ENGINE_PYTHON names another Python to build for and serve with, and
FLASKPACK_ENGINE_GUNICORN another version of gunicorn (both by hand; the suite itself
takes the Python that runs it).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import environments
from harness.servers import Server, serving


@pytest.fixture(scope="session")
def include() -> tuple[Path, ...]:
    """Header folders of the Python that the engine is tested with."""
    return environments.include(environments.tested_python())


@pytest.fixture(scope="session")
def installed() -> Path:
    """The Python of a virtual environment with the engine and gunicorn."""
    return environments.environment(environments.tested_python(), environments.tested_gunicorn())


@pytest.fixture(scope="module")
def server(installed: Path) -> Iterator[Server]:
    """One worker with default settings, for the tests of one module."""
    with serving(installed) as running:
        yield running
