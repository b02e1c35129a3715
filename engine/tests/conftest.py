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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "setting(*names): proves what docs/gunicorn.md says of these settings"
    )


@pytest.fixture(scope="session")
def include() -> tuple[Path, ...]:
    """Header folders of the Python that the engine is tested with."""
    return environments.include(environments.tested_python())


@pytest.fixture(scope="session")
def installed() -> Path:
    """The Python of a virtual environment with the engine and gunicorn."""
    return environments.environment(environments.tested_python(), environments.tested_gunicorn())


@pytest.fixture(scope="session")
def gunicorn(installed: Path) -> tuple[int, ...]:
    """The version of the gunicorn that is tested with: ``(27, 0, 1)``."""
    code = "import gunicorn; print(*gunicorn.version_info)"
    return tuple(map(int, environments.output([str(installed), "-c", code]).split()))


@pytest.fixture(scope="module")
def server(installed: Path) -> Iterator[Server]:
    """One worker with default settings, for the tests of one module."""
    with serving(installed) as running:
        yield running
