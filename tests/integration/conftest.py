"""What integration tests start from."""

from collections.abc import Iterator

import pytest
from support.packing import Packer


@pytest.fixture(scope="module")
def packer() -> Iterator[Packer]:
    """What it builds is removed behind the module's last test."""
    made = Packer()
    yield made
    made.remove()
