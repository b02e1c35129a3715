"""Apps whose build fails: what each requires, and what ``pack build`` prints then, as files.

A file of ``build_failure_samples`` holds the app's files and, last, all that the buildpack prints
below its heading ``Dependencies``. ``127.0.0.1:PORT`` stands for the index in both.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SAMPLES = Path(__file__).parent / "build_failure_samples"
ADDRESS = "127.0.0.1:PORT"
MAIN = """\
from importlib.metadata import distributions

from flask import Flask

app = Flask(__name__)


@app.get("/")
def versions():
    return {one.name: one.version for one in distributions() if one.name in ("big", "lib")}
"""
BEFORE = """\
Flaskpack 0.1.0

Python
  3.13.5, the run image's own: /usr/bin/python3.13

App
  main:app is a Flask app: main.py:5, `app = Flask(__name__)`

Dependencies
"""
AFTER = """\
ERROR: failed to build: exit status 1
ERROR: failed to build: executing lifecycle: failed with status code: 51
"""
"""The lifecycle's words, and pack's."""


@dataclass(frozen=True)
class Sample:
    """An app that can't be built: its files, and all that is printed."""

    files: Mapping[str, str]
    printed: str

    def at(self, url: str) -> dict[str, str]:
        """The app's files, where they name an index the one at that address."""
        return {
            name: text.replace(ADDRESS, urlsplit(url).netloc.rpartition("@")[2])
            for name, text in self.files.items()
        }


def read_sample(name: str) -> Sample:
    """A file of ``build_failure_samples``, by its name without ``.txt``."""
    text = (SAMPLES / f"{name}.txt").read_text()
    sections = re.split(r"^----- (.+)\n", text, flags=re.MULTILINE)[1:]
    *files, (heading, printed) = zip(sections[::2], sections[1::2], strict=True)
    assert heading == "pack build"
    return Sample(dict(files), BEFORE + printed + AFTER)


def write_app(app: Path, files: Mapping[str, str]) -> Path:
    """A Flask app of these files that answers with the versions of ``big`` and ``lib``."""
    shutil.rmtree(app, ignore_errors=True)
    for name, text in {"main.py": MAIN, **files}.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text(text)
    return app


def settled(log: str) -> str:
    """The log without what differs from run to run.

    That is times, the index's port, and the names that uv and gcc make up for their files.
    """
    log = re.sub(r"\bin [\d.]+m?s\b", "in TIME", log)
    log = re.sub(r"\b127\.0\.0\.1:\d+", ADDRESS, log)
    log = re.sub(r"/\.tmp\w{6}\b", "/.tmpNAME", log)
    log = re.sub(r"/tmp/cc\w{6}\.", "/tmp/ccNAME.", log)
    return re.sub(r"(/sdists-v\d+/index)/\w{16}/([\w.-]+/[\d.]+)/[\w-]{16}/", r"\1/…/\2/…/", log)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size ("2m") in a folder, open to all, until the block ends."""
    folder.mkdir()
    options = f"size={size},mode=1777,uid=1001,gid=1000"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
