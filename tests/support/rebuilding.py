"""A small project that is built again and again, with a package of its own in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.package_index import running, wheel
from support.packing import Built, Packer, run

MAIN = "from flask import Flask\n\napp = Flask(__name__)\n"
BACKEND = """\
import zipfile

FILES = {
    "METADATA": "Metadata-Version: 2.1\\nName: greeting\\nVersion: 1.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "RECORD": "",
}

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "greeting-1.0-py3-none-any.whl"
    info = "greeting-1.0.dist-info/"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as archive:
        archive.write("greeting.py")
        for file, text in FILES.items():
            archive.writestr(info + file, text)
    return name
"""
FILES = {
    "main.py": MAIN,
    "requirements.txt": "-r requirements/base.txt\nflaskpack-tiny\nsix==1.17.0\n./greeting\n",
    "requirements/base.txt": "-r deeper.txt\n",
    "requirements/deeper.txt": "idna==3.10\n",
    "greeting/pyproject.toml": (
        '[project]\nname = "greeting"\nversion = "1.0"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    ),
    "greeting/backend.py": BACKEND,
    "greeting/greeting.py": 'TEXT = "hello"\n',
}

HEAD = """\
Flaskpack 0.1.0

Python
  3.13.5, the run image's own: /usr/bin/python3.13

App
  main:app is a Flask app: main.py:3, `app = Flask(__name__)`

Dependencies
"""


@dataclass
class Project:
    """A project that is built again and again; ``env`` are the platform's variables."""

    app: Path
    packer: Packer
    env: dict[str, str]

    def write(self, name: str, text: str) -> None:
        (self.app / name).parent.mkdir(parents=True, exist_ok=True)
        (self.app / name).write_text(text)

    def build(self, *options: str) -> Built:
        built = self.packer.build(self.app, "rebuild", "--network", "host", *options, env=self.env)
        assert built.exit_code == 0, built.output
        return built


@contextmanager
def project_in(folder: Path) -> Iterator[Project]:
    """The project, with an index that has flaskpack-tiny beside the usual one."""
    packer = Packer()
    with running([wheel("flaskpack-tiny", "1.0")]) as index:
        made = Project(folder, packer, {"UV_EXTRA_INDEX_URL": index.url})
        for name, text in FILES.items():
            made.write(name, text)
        yield made
    packer.remove()


def ask(built: Built, program: str) -> str:
    """What a program says in the image."""
    return run("docker", "run", "--rm", built.image, "python", "-c", program).stdout
