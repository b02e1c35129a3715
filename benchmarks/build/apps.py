"""The apps that are built, and what changes in them between two builds."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.toolchain.setup import REPOSITORY

APPS: Mapping[str, Path] = {
    "hello": REPOSITORY / "examples" / "hello",
    "eleven": Path(__file__).parent / "apps" / "eleven",
}

ONE_MORE = "humanize==4.17.0"
"""Small, pure Python, and without requirements of its own."""


def fresh(app: str, to: Path) -> None:
    """A copy of the app as it is in the repository, whatever was there."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(APPS[app], to, ignore=shutil.ignore_patterns("__pycache__"))


def change_code(app: Path, number: int) -> None:
    """A comment, another one for each number."""
    _append(app / "main.py", f"# change {number}\n")


def add_requirement(app: Path) -> None:
    _append(app / "requirements.txt", f"\n{ONE_MORE}\n")


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)
