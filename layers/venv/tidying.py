"""What is taken out of a new environment: what differs from build to build, what may be secret."""

from collections.abc import Iterable
from pathlib import Path

from buildpack.interpreter import Interpreter

FOR_A_PROMPT = ("bin/activate*", "bin/deactivate*", "bin/*.bat", ".gitignore", "CACHEDIR.TAG")
"""What uv puts into a new environment for people at a prompt, and for itself."""


def tidy_empty(venv: Path) -> None:
    """An environment without packages: a dependency may bring a program of such a name."""
    _remove(path for pattern in FOR_A_PROMPT for path in venv.glob(pattern))


def tidy(venv: Path, site: Path, python: Interpreter, secrets: tuple[str, ...]) -> None:
    """Remove what would differ between two builds, or may be secret."""
    _remove(venv.glob(".lock"))
    for record in site.glob("*.dist-info/uv_cache.json"):  # holds the time of a local wheel
        _forget(record)
    for origin in site.glob("*.dist-info/direct_url.json"):
        # uv leaves out user and password, but a token may be part of the path or the query.
        address = origin.read_text(encoding="utf-8")
        if "?" in address or any(secret in address for secret in secrets):
            _forget(origin)
    # uv links to /usr/bin/python3, which after a rebase may be another minor version.
    program = venv / "bin" / "python"
    program.unlink()
    program.symlink_to(python.path)


def _remove(files: Iterable[Path]) -> None:
    """Delete files; one that two patterns name (activate.bat) is gone the second time."""
    for file in list(files):
        file.unlink(missing_ok=True)


def _forget(file: Path) -> None:
    """Delete a file and its line in RECORD.

    RECORD may be a hard link into the cache, so it is replaced, never edited.
    """
    record = file.parent / "RECORD"
    name = f"{file.parent.name}/{file.name},"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    record.unlink()
    kept = (line for line in lines if not line.startswith(name))
    record.write_text("".join(kept), encoding="utf-8")
    file.unlink()
