"""The start of an image whose Python is its own: what it needs of the run image."""

import platform
from pathlib import Path

import pytest
from support.launch import SHELLS, Image, make_image

HAVE = platform.libc_ver()[1]


@pytest.fixture(params=SHELLS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    return make_image(tmp_path, request.param)


@pytest.mark.parametrize("libc", ["", HAVE, "2.2", "2.9", "1.99", "2.17.1", "unknown"])
def test_a_library_that_is_new_enough(image: Image, libc: str) -> None:
    image.found(libc=libc)
    outcome = image.run()
    assert outcome.became().argv[-1] == "app.main:app"
    assert outcome.stderr == ""


@pytest.mark.parametrize("program", ["start", "prestart"])
@pytest.mark.parametrize("libc", ["2.100", "3.0", "10.1"])
def test_a_library_that_is_too_old(image: Image, libc: str, program: str) -> None:
    image.found(libc=libc)
    outcome = image.run(program=program)
    assert (outcome.server, outcome.code) == (None, 1)
    assert outcome.stderr == (
        f"Error: this image was built for glibc {libc}, this run image has {HAVE}: build it again\n"
    )


def test_a_python_in_a_layer_that_is_gone(image: Image) -> None:
    image.found(python="/layers/flaskpack/python/python/bin/python3.12", libc="2.41")
    outcome = image.run()
    assert (outcome.server, outcome.code) == (None, 1)
    assert outcome.stderr == (
        "Error: /layers/flaskpack/python/python/bin/python3.12 is missing: build the image again\n"
    )
