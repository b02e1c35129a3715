"""The Dockerfiles' base images, and the commands that build on them."""

from pathlib import Path

import pytest

from benchmarks.build import base, contenders
from benchmarks.build.contenders import DOCKERFILES

PIP = """\
FROM flaskpack/run:x
LABEL flaskpack.bench=1
USER 0:0
# Beside Python's own packages, as in images that bring pip along.
RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && ln -sf python3 /usr/bin/python
COPY *.whl /
RUN pip=$(echo /*.whl) && python $pip/pip install --quiet --no-index $pip && rm $pip
COPY bundle.crt /etc/ssl/certs/ca-certificates.crt
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
"""


def test_a_base_image_is_our_run_image_with_an_installer() -> None:
    assert base.dockerfile("flaskpack/run:x", "pip", "flaskpack.bench=1", True) == PIP
    assert base.dockerfile("flaskpack/run:x", "uv", "flaskpack.bench=1", False) == (
        "FROM flaskpack/run:x\nLABEL flaskpack.bench=1\nUSER 0:0\nCOPY uv /usr/local/bin/\n"
    )


def test_another_python_is_another_base_image() -> None:
    made = contenders.dockerfile("uv", "image", Path("/app"), "uv", ("one", "other"), {})
    assert made.build == (
        *("docker", "build", "--tag", "image", "--file", str(DOCKERFILES / "uv")),
        *("--build-arg", "BASE=one", "--build-arg", "GUNICORN=gunicorn==27.0.1", "/app"),
    )
    changed = [pair for pair in zip(made.build, made.otherwise, strict=True) if len({*pair}) > 1]
    assert changed == [("BASE=one", "BASE=other")]
    assert made.from_nothing == ("--no-cache",)


@pytest.mark.parametrize("recipe", ["pip", "pip-locked", "uv", "uv-locked"])
def test_all_dockerfiles_start_the_same_server(recipe: str) -> None:
    text = (DOCKERFILES / recipe).read_text()
    workers = f'"-w", "{contenders.WORKERS}"'
    assert text.endswith(f'CMD ["gunicorn", {workers}, "-b", "0.0.0.0:8000", "main:app"]\n')
