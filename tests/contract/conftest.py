"""What every contract test starts from."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.containers import Container
from support.images import Images, Run
from support.packing import Packer


@pytest.fixture(scope="session")
def packer() -> Iterator[Packer]:
    made = Packer()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def images(packer: Packer) -> Images:
    return Images(packer)


@pytest.fixture
def run(images: Images) -> Iterator[Run]:
    """A container of tests/apps/contract, or of another image: not started yet.

    It gets one worker, which starts sooner than the four of a usual machine, unless ``env``
    says otherwise; ``workers=None`` leaves the number to the image.
    """
    made: list[Container] = []

    def make(
        *arguments: str,
        image: str | None = None,
        workers: int | None = 1,
        env: dict[str, str] | None = None,
        **how: Any,
    ) -> Container:
        fewer = {} if workers is None else {"WEB_CONCURRENCY": str(workers)}
        image = image or images.name("contract")
        made.append(Container(image, *arguments, env=fewer | (env or {}), **how))
        return made[-1]

    yield make
    for container in made:
        container.remove()
