"""The image's labels: which versions are in it, for ``docker inspect`` and inventories."""

from collections.abc import Mapping

from buildpack.cnb.launch import Label
from buildpack.interpreter import Interpreter
from buildpack.vendored import Vendored

OF_PACKAGES = {
    "flaskpack.flask": "flask",
    "flaskpack.gunicorn": "gunicorn",
    "flaskpack.engine": "meinheld",
}
"""A label, and the package whose version it says; left out where it isn't installed."""


def labels(
    buildpack_version: str, python: Interpreter, vendored: Vendored, packages: Mapping[str, str]
) -> tuple[Label, ...]:
    """The labels of an image with these ``packages`` (versions by normalised name)."""
    said = {
        "flaskpack.version": buildpack_version,
        "flaskpack.python": python.version,
        "flaskpack.uv": vendored.uv_version,
    }
    said |= {key: packages[name] for key, name in OF_PACKAGES.items() if name in packages}
    return tuple(Label(key, value) for key, value in said.items())
