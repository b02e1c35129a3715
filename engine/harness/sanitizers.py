"""The engine compiled by gcc with sanitizers, and what they and valgrind said.

AddressSanitizer has to be there before Python is: it is preloaded. Python's own allocator would
hide from it what is freed too early, so malloc serves all.
"""

import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maker import compiler, patching, recipe, sdist

from harness import environments
from harness.environments import output

NAMED = (
    *("-std=gnu11", "-O1", "-g", "-fPIC", "-shared", "-fwrapv", "-fno-strict-aliasing"),
    *("-fno-omit-frame-pointer", "-D_GNU_SOURCE", "-DNDEBUG", "-DHTTP_PARSER_DEBUG=0"),
)
SANITIZED = (*NAMED, "-fsanitize=address,undefined")
RACED = (*NAMED, "-fsanitize=thread")

_REPORT = re.compile(r"(?:ERROR: AddressSanitizer|WARNING: ThreadSanitizer|runtime error:).*")
_VALGRIND = re.compile(r"^==(\d+)== (?!Thread \d)(.*)$", re.MULTILINE)
_PYTHONS_TOO = ("definitely lost", "uninitialised")
"""What CPython does as well: 3.11 looks at a digit of 0, which has none, and loses its locks."""
_ENGINE, _PYTHON_CODE = "/meinheld/server/", "_PyEval_EvalFrameDefault"
"""What a frame of valgrind's has in it: the path of a source, the name of a function."""


@dataclass(frozen=True)
class Flavour:
    """How a server is started so that mistakes show: its Python, environment and prefix."""

    name: str
    python: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()


def plain(python: str, gunicorn: str) -> Flavour:
    """The wheel as it is."""
    return Flavour("plain", environments.environment(python, gunicorn))


def sanitized(python: str, gunicorn: str) -> Flavour:
    """AddressSanitizer and UndefinedBehaviorSanitizer; leaks are Python's at its end, not ours."""
    return Flavour(
        "sanitized",
        _environment("sanitized-environments", python, gunicorn, SANITIZED),
        {
            "LD_PRELOAD": output(["gcc", "-print-file-name=libasan.so"]).strip(),
            "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "PYTHONMALLOC": "malloc",
        },
    )


def raced(python: str, gunicorn: str) -> Flavour:
    """ThreadSanitizer: each access of the engine, and each lock that anybody takes.

    CPython itself is not compiled for it, but its lock is one of libc's, which are seen: what the
    engine does under it is in order, and what it does without it is judged.
    """
    return Flavour(
        "raced",
        _environment("raced-environments", python, gunicorn, RACED),
        {
            "LD_PRELOAD": output(["gcc", "-print-file-name=libtsan.so"]).strip(),
            "TSAN_OPTIONS": "exitcode=0",
            "PYTHONMALLOC": "malloc",
        },
        # The sanitizer has places of its own in memory.
        ("setarch", os.uname().machine, "--addr-no-randomize"),
    )


def under_valgrind(python: str, gunicorn: str) -> Flavour:
    """Each access watched, and at a process's end the memory that nothing points to any more.

    Not the wheel: it bears no names, and by names reports are judged.
    """
    return Flavour(
        "valgrind",
        _environment("valgrind-environments", python, gunicorn, NAMED),
        {"PYTHONMALLOC": "malloc"},
        (
            *("valgrind", "--quiet", "--num-callers=60", "--fullpath-after="),
            *("--leak-check=full", "--show-leak-kinds=definite", "--error-limit=no"),
        ),
    )


def reports(log: str) -> list[str]:
    """The first line of each report in a server's log, without the place: lines move.

    Memory that is lost, and values that nobody set, are told of the engine alone and of what
    Python did for it; what Python code did is CPython's, the application's and gunicorn's.
    """
    return _REPORT.findall(log) + [
        first
        for first, *frames in _records(log)
        if not any(kind in first for kind in _PYTHONS_TOO) or _is_engines(frames)
    ]


def _records(log: str) -> Iterator[list[str]]:
    """What valgrind wrote about each thing it found, line by line; processes write at a time."""
    by_process: dict[str, list[str]] = {}
    for process, line in _VALGRIND.findall(log):
        by_process.setdefault(process, []).append(line.strip())
    for lines in by_process.values():
        for empty, record in itertools.groupby(lines, lambda line: not line):
            if not empty:
                yield list(record)


def _is_engines(frames: list[str]) -> bool:
    """Whether the engine comes before any Python code, from the allocation outwards."""
    known = (frame for frame in frames if _ENGINE in frame or _PYTHON_CODE in frame)
    return _ENGINE in next(known, "")


def _environment(kind: str, python: str, gunicorn: str, flags: tuple[str, ...]) -> Path:
    """The Python of an environment whose engine is compiled with these flags."""
    made = environments.folder_for(kind, python, gunicorn, *flags)
    if not (made / "complete").exists():
        ordinary = environments.environment(python, gunicorn).parents[1]
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(ordinary, made, symlinks=True, ignore=shutil.ignore_patterns("complete"))
        (module,) = made.glob("lib/*/site-packages/meinheld/server*.so")
        _compile(environments.include(python), flags, module)
        (made / "complete").touch()
    return made / "bin" / "python"


def _compile(include: tuple[Path, ...], flags: tuple[str, ...], module: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text(encoding="utf-8"))
        tree = sdist.unpack(sdist.fetch(pin, recipe.cache_folder()), Path(scratch) / "source")
        patching.apply_series(recipe.ENGINE / "patches", tree)
        folders = [f"-I{folder}" for folder in include]
        sources = [str(source) for source in compiler.sources(tree)]
        output(["gcc", *flags, *folders, *sources, "-o", str(module)])
