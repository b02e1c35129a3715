"""What every contract test starts from."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.containers import Container
from support.images import Images, Run
from support.packing import Packer


@pytest.fixture(scope="session")
def images() -> Iterator[Images]:
    packer = Packer()
    yield Images(packer)
    packer.remove()


@pytest.fixture
def run(images: Images) -> Iterator[Run]:
    """A container of tests/apps/contract, or of another image: not started yet."""
    made: list[Container] = []

    def make(*arguments: str, image: str | None = None, **how: Any) -> Container:
        made.append(Container(image or images.name("contract"), *arguments, **how))
        return made[-1]

    yield make
    for container in made:
        container.remove()
