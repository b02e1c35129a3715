"""The series as a git repository to work in: a commit for each patch, and back again.

The commit of upstream's source bears the tag ``upstream``; a commit's message is the
patch's heading. What is written depends on nothing in the user's configuration of git.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from . import heading, patching, sdist
from .failure import EngineError

BASE = "upstream"

_IDENTITY = ("-c", "user.name=flaskpack", "-c", "user.email=flaskpack@localhost")
_DIFF = (
    *("diff-tree", "--patch", "--unified=3", "--irreversible-delete", "--no-renames"),
    *("--diff-algorithm=myers", "--indent-heuristic", "--full-index"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--no-color", "--no-ext-diff", "--no-textconv"),
)


def open_series(patches: Path, source: Path, folder: Path) -> int:
    """Makes ``folder`` from the archive ``source`` and gives the number of patches in it."""
    if folder.exists():
        raise EngineError(f"{folder} exists already: name a folder that doesn't")
    files = patching.series(patches)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        # Its entries alone: the folder above them may bear an owner from the archive.
        unpacked = sdist.unpack(source, Path(scratch))
        release = unpacked.name
        for entry in unpacked.iterdir():
            entry.rename(folder / entry.name)
    _git(folder, "init", "--quiet", "--initial-branch=series")
    _commit(folder, f"{release} as upstream released it\n")
    _git(folder, "tag", BASE)
    for file in files:
        patching.apply_patch(file, folder)
        _commit(folder, heading.of_patch(file.read_bytes()) + "\n")
    return len(files)


def write_series(folder: Path, patches: Path) -> list[str]:
    """Writes the commits of ``folder`` as the series in ``patches``, and gives their names.

    Raises EngineError before anything is changed: for work that isn't committed, a merge,
    a heading that lacks a part, a change that the series cannot hold.
    """
    if changed := _git(folder, "status", "--porcelain").decode().splitlines():
        raise EngineError(f"{folder} has changes that aren't committed: {changed[0].strip()}")
    if _git(folder, "rev-list", "--merges", f"{BASE}..HEAD"):
        raise EngineError(f"{folder} has a merge: a series is one line of commits")
    commits = _git(folder, "rev-list", "--reverse", f"{BASE}..HEAD").decode().split()
    written = [_patch(folder, commit, number) for number, commit in enumerate(commits, start=1)]
    for file in patching.series(patches):
        file.unlink()
    for name, content in written:
        (patches / name).write_bytes(content)
    return [name for name, _ in written]


def _patch(folder: Path, commit: str, number: int) -> tuple[str, bytes]:
    text = _git(folder, "log", "-1", "--format=%B", commit).strip(b"\n")
    lines = _git(folder, *_DIFF, f"{commit}^", commit).splitlines(keepends=True)
    # They name objects of this one repository.
    diff = b"".join(line for line in lines if not line.startswith(b"index "))
    name = heading.parse(text.decode()).file_name(number)
    try:
        patching.parse(diff)
    except EngineError as problem:
        raise EngineError(f"{name}: {problem}") from None
    return name, text + b"\n\n" + diff


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all", "--force")
    options = ("--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=verbatim", "--file=-")
    _git(folder, *_IDENTITY, "commit", *options, given=message.encode())


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    ours = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), *arguments]
    try:
        run = subprocess.run(
            command, input=given, env=kept | ours, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise EngineError("git is not on PATH: install it (Debian: git)") from None
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip()
        raise EngineError(f"git {arguments[0]} failed in {folder}: {said}")
    return run.stdout
