"""The app's files by the names that requirements files use; nothing outside of the app."""

import os
import stat
from pathlib import Path, PurePosixPath

from buildpack.errors import requirements as errors
from buildpack.requirements.model import Coverage, LocalPath, Origin, shown

LARGEST_FILE = 4_000_000  # bytes: 300 packages locked with all their hashes have a third of it
_PROJECT_FILES = ("pyproject.toml", "setup.py")


def contents(app_dir: Path, file: PurePosixPath, included_by: Origin | None) -> bytes:
    """The bytes of a requirements file; raises a RequirementsError."""
    path, name = app_dir / file, shown(file)
    try:
        mode = path.stat().st_mode
        if not _is_inside(app_dir, path):
            raise errors.LinkOutsideError(name, included_by)
        if not stat.S_ISREG(mode):
            raise errors.NotAFileError(name, included_by, _kind(mode))
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise errors.MissingFileError(name, included_by) from None
    except (OSError, ValueError) as problem:
        raise errors.UnreadableFileError(name, included_by, _why(problem)) from None
    if len(data) > LARGEST_FILE:
        raise errors.TooLargeError(name, included_by, LARGEST_FILE)
    return data


def inside(app_dir: Path, origin: Origin, place: PurePosixPath, named: str) -> PurePosixPath:
    """A path relative to the app dir, ``..`` resolved; absolute ones may lead into it."""
    root = os.path.normpath(app_dir)
    # normpath keeps a double slash at the beginning, as POSIX wants it.
    plain = "/" + os.path.normpath(app_dir / place).lstrip("/")
    if plain != root and not plain.startswith(root + "/"):
        raise errors.OutsideError(origin, named)
    return PurePosixPath(os.path.relpath(plain, root))


def find_local(
    app_dir: Path, origin: Origin, value: str, named: str, covers: Coverage
) -> LocalPath:
    """Where a local path leads: from the app dir, or else from the file it stands in.

    ``named`` is the path as written: the values of variables are in no message.
    """
    value = "/" + value.lstrip("/") if value.startswith("/") else value
    places = (PurePosixPath(value), origin.file.parent / value)
    tried = tuple(dict.fromkeys(inside(app_dir, origin, place, named) for place in places))
    for path in tried:
        if os.path.lexists(app_dir / path):
            if not _is_inside(app_dir, app_dir / path):
                raise errors.OutsideError(origin, named)
            return LocalPath(origin, path, covers)
    looked_for = [shown(path) for path in tried] if "${" not in named else []
    raise errors.NoSuchPathError(origin, named, looked_for)


def check_installable(app_dir: Path, local: LocalPath, archive: bool) -> None:
    """Raises NotInstallableError for what is neither a Python project nor an archive."""
    path = app_dir / local.path
    name = f"./{shown(local.path)}" if local.path != PurePosixPath() else "The app's folder"
    if path.is_dir():
        if not any((path / file).is_file() for file in _PROJECT_FILES):
            raise errors.NotInstallableError(
                local.origin, f"{name} has neither a pyproject.toml nor a setup.py"
            )
    elif local.covers is Coverage.METADATA:
        raise errors.NotInstallableError(local.origin, f"-e needs a folder, and {name} is none")
    elif not archive or not path.is_file():
        raise errors.NotInstallableError(
            local.origin, f"{name} is neither a folder, nor a wheel or a source archive"
        )


def _is_inside(app_dir: Path, path: Path) -> bool:
    real, root = os.path.realpath(path), os.path.realpath(app_dir)
    return real == root or real.startswith(root + "/")


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a named pipe" if stat.S_ISFIFO(mode) else "no regular file"


def _why(problem: OSError | ValueError) -> str:
    return (problem.strerror if isinstance(problem, OSError) else None) or "its name can't be used"
