"""The labels: what is in the image, and nothing about what isn't."""

from pathlib import Path

from buildpack.interpreter import Interpreter
from buildpack.labels import labels
from buildpack.vendored import Vendored

PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")
VENDORED = Vendored(Path("uv"), "0.9.1", "1.0.2+flaskpack.1", Path("wheels"))


def said(packages: dict[str, str]) -> dict[str, str]:
    return {label.key: label.value for label in labels("0.2.0", PYTHON, VENDORED, packages)}


def test_every_version_is_said() -> None:
    packages = {
        "flask": "3.1.3",
        "gunicorn": "27.0.1",
        "meinheld": "1.0.2+flaskpack.1",
        "click": "8.5.1",
    }
    assert said(packages) == {
        "flaskpack.version": "0.2.0",
        "flaskpack.python": "3.13.5",
        "flaskpack.uv": "0.9.1",
        "flaskpack.flask": "3.1.3",
        "flaskpack.gunicorn": "27.0.1",
        "flaskpack.engine": "1.0.2+flaskpack.1",
    }


def test_what_is_not_installed_has_no_label() -> None:
    assert said({"gunicorn": "27.0.1"}) == {
        "flaskpack.version": "0.2.0",
        "flaskpack.python": "3.13.5",
        "flaskpack.uv": "0.9.1",
        "flaskpack.gunicorn": "27.0.1",
    }
