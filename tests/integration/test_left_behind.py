"""A project whose build writes into the app's folder: the same image from a later build."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.packing import Packer, run

BACKEND = """\
import pathlib, zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    pathlib.Path("src/own.egg-info").mkdir(exist_ok=True)
    pathlib.Path("src/own.egg-info/PKG-INFO").write_text("Name: own\\n")
    {more}
    info = "own-1.dist-info/"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, "own-1-py3-none-any.whl"), "w") as made:
        made.writestr("own.pth", str(pathlib.Path("src").resolve()))
        made.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: own\\nVersion: 1\\n")
        wheel = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        made.writestr(info + "WHEEL", wheel)
        made.writestr(info + "RECORD", "own.pth,,\\n")
    return "own-1-py3-none-any.whl"
"""
PROJECT = """\
[project]
name = "own"
version = "1"
dependencies = ["flask==3.1.3"]
[build-system]
requires = []
build-backend = "backend"
backend-path = ["backend"]
"""
VERSION = 'pathlib.Path("src/own/_version.py").write_text("version = 7\\n")'


@pytest.fixture
def packer() -> Iterator[Packer]:
    made = Packer()
    yield made
    made.remove()


@pytest.mark.parametrize(
    ("more", "module", "again", "answer"),
    [
        ("", "own", "Nothing changed: the last build's environment is kept", "True"),
        (
            VERSION,
            "own._version",
            "Installing: src/own/_version.py, which building the app wrote, is gone",
            "True 7",
        ),
    ],
    ids=["litter", "a module"],
)
def test_the_same_image_again(
    packer: Packer, tmp_path: Path, more: str, module: str, again: str, answer: str
) -> None:
    for name, text in {
        "main.py": f"from flask import Flask\nimport {module}\napp = Flask(__name__)\n",
        "pyproject.toml": PROJECT,
        "backend/backend.py": BACKEND.format(more=more),
        "src/own/__init__.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    first = packer.build(tmp_path)
    assert first.exit_code == 0, first.output
    identity = run("docker", "image", "inspect", "--format", "{{.Id}}", first.image).stdout
    second = packer.build(tmp_path)
    assert f"  {again}" in second.log
    assert run("docker", "image", "inspect", "--format", "{{.Id}}", first.image).stdout == identity
    ask = (
        "import main, os, sys; print(not os.path.exists('src/own.egg-info'),"
        " *(m.version for n, m in sys.modules.items() if n == 'own._version'))"
    )
    assert run("docker", "run", "--rm", first.image, "python", "-c", ask).stdout == f"{answer}\n"
