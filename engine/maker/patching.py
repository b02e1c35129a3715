"""Applies a series of patches exactly: no fuzz, no offset, nothing skipped.

A patch that fits almost is a patch to another file than the one it was read against,
so every context line must stand at the very line the hunk names. Files are taken as
bytes. A file is deleted by name alone, as ``git diff --irreversible-delete`` writes it:
what stood in it is known by the source's digest. Renames and binary patches don't occur
in our series and are refused.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .failure import EngineError

_FILE = re.compile(rb"--- (?P<old>\S+)\n\+\+\+ (?P<new>\S+)\n")
_HUNK = re.compile(rb"@@ -(?P<old>\d+)(?:,(?P<olds>\d+))? \+(?P<new>\d+)(?:,(?P<news>\d+))? @@")
_DELETION = re.compile(
    rb"diff --git a/(?P<path>\S+) b/(?P=path)\ndeleted file mode 100644\n(?!--- )"
)
_SERIES_NAME = re.compile(r"\d{4}-[a-z0-9-]+\.patch")
_NO_NEWLINE = b"\\ No newline at end of file\n"


@dataclass(frozen=True)
class Hunk:
    """Lines ``old`` (each with its newline) at line ``start`` (from 1) become ``new``."""

    start: int
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]


@dataclass(frozen=True)
class FilePatch:
    """What happens to one file; ``creates`` where it must not exist before.

    Without hunks it is deleted.
    """

    path: PurePosixPath
    creates: bool
    hunks: tuple[Hunk, ...]


def series(folder: Path) -> list[Path]:
    """The patches in ``folder`` in their order: 0001, 0002, … without a gap.

    Raises EngineError for any other file, a number missing, or one taken twice.
    """
    files = sorted(folder.iterdir())
    for number, file in enumerate(files, start=1):
        if not _SERIES_NAME.fullmatch(file.name) or not file.name.startswith(f"{number:04}-"):
            raise EngineError(f"{file}: patch number {number} should be {number:04}-name.patch")
    return files


def apply_series(folder: Path, tree: Path) -> list[str]:
    """Applies each patch of ``folder`` to ``tree``, and gives their names."""
    files = series(folder)
    for file in files:
        apply_patch(file, tree)
    return [file.name for file in files]


def apply_patch(file: Path, tree: Path) -> None:
    """Applies one patch of a series to ``tree``."""
    try:
        for patch in parse(file.read_bytes()):
            _apply_to_tree(patch, tree)
    except EngineError as problem:
        raise EngineError(f"{file.name}: {problem}") from None


def parse(text: bytes) -> list[FilePatch]:
    """Reads a unified diff in git's form; what stands before the first file is its header."""
    lines = text.splitlines(keepends=True)
    patches: list[FilePatch] = []
    at = 0
    while at < len(lines):
        if gone := _DELETION.match(b"".join(lines[at : at + 3])):
            patches.append(FilePatch(_inside(gone["path"]), False, ()))
            at += 2
            continue
        if not (start := _FILE.match(b"".join(lines[at : at + 2]))):
            _refuse_other_changes(lines[at])
            at += 1
            continue
        at += 2
        hunks = []
        while at < len(lines) and (head := _HUNK.match(lines[at])):
            hunk, at = _read_hunk(head, lines, at + 1)
            hunks.append(hunk)
        path = _inside(start["new"].removeprefix(b"b/"))
        if not hunks:
            raise EngineError(f"no hunks for {path}")
        patches.append(FilePatch(path, start["old"] == b"/dev/null", tuple(hunks)))
    if not patches:
        raise EngineError("holds no change")
    return patches


def apply(hunks: tuple[Hunk, ...], before: bytes) -> bytes:
    """``before`` with all hunks applied. Raises EngineError at the first that doesn't fit."""
    lines = before.splitlines(keepends=True)
    after: list[bytes] = []
    done = 0
    for hunk in hunks:
        first = max(hunk.start - 1, 0) if hunk.old else hunk.start
        if first < done or tuple(lines[first : first + len(hunk.old)]) != hunk.old:
            raise EngineError(f"the hunk for line {hunk.start} doesn't fit")
        after += [*lines[done:first], *hunk.new]
        done = first + len(hunk.old)
    return b"".join([*after, *lines[done:]])


def _inside(name: bytes) -> PurePosixPath:
    path = PurePosixPath(name.decode())
    if path.is_absolute() or ".." in path.parts:
        raise EngineError(f"a path outside of the tree: {path}")
    return path


def _apply_to_tree(patch: FilePatch, tree: Path) -> None:
    file = tree / patch.path
    if file.exists() == patch.creates:
        raise EngineError(f"{patch.path} {'exists already' if patch.creates else 'does not exist'}")
    if not patch.hunks:
        file.unlink()
        return
    try:
        result = apply(patch.hunks, b"" if patch.creates else file.read_bytes())
    except EngineError as problem:
        raise EngineError(f"{patch.path}: {problem}") from None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(result)


def _read_hunk(head: re.Match[bytes], lines: list[bytes], at: int) -> tuple[Hunk, int]:
    olds, news = int(head["olds"] or 1), int(head["news"] or 1)
    old: list[bytes] = []
    new: list[bytes] = []
    while len(old) < olds or len(new) < news:
        if at == len(lines):
            raise EngineError("ends within a hunk")
        mark, rest = lines[at][:1], lines[at][1:]
        at += 1
        if at < len(lines) and lines[at] == _NO_NEWLINE:
            rest = rest.removesuffix(b"\n")
            at += 1
        if mark not in (b" ", b"-", b"+"):
            raise EngineError(f"not a line of a hunk: {lines[at - 1]!r}")
        if mark != b"+":
            old.append(rest)
        if mark != b"-":
            new.append(rest)
    if (len(old), len(new)) != (olds, news):
        raise EngineError(f"the hunk {head[0].decode()} has another number of lines")
    return Hunk(int(head["old"]), tuple(old), tuple(new)), at


def _refuse_other_changes(line: bytes) -> None:
    unsupported = (b"rename ", b"copy ", b"deleted file", b"GIT binary", b"Binary files", b"@@ ")
    if line.startswith(unsupported):
        raise EngineError(f"a change of a kind that isn't supported: {line!r}")
