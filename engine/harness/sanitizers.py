"""The engine compiled by gcc with sanitizers, and what they and valgrind said.

AddressSanitizer has to be there before Python is: it is preloaded. Python's own allocator would
hide from it what is freed too early, so malloc serves all.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maker import compiler, patching, recipe, sdist

from harness import environments
from harness.environments import output

FLAGS = (
    *("-std=gnu11", "-O1", "-g", "-fPIC", "-shared", "-fwrapv", "-fno-strict-aliasing"),
    *("-fno-omit-frame-pointer", "-fsanitize=address,undefined"),
    *("-D_GNU_SOURCE", "-DNDEBUG", "-DHTTP_PARSER_DEBUG=0"),
)
_REPORT = re.compile(r"(?:ERROR: AddressSanitizer|runtime error:|== (?:Invalid|Conditional)).*")


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
    made = environments.folder_for("sanitized-environments", python, gunicorn, *FLAGS)
    if not (made / "complete").exists():
        ordinary = environments.environment(python, gunicorn).parents[1]
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(ordinary, made, symlinks=True, ignore=shutil.ignore_patterns("complete"))
        (module,) = made.glob("lib/*/site-packages/meinheld/server*.so")
        _compile(environments.include(python), module)
        (made / "complete").touch()
    return Flavour(
        "sanitized",
        made / "bin" / "python",
        {
            "LD_PRELOAD": output(["gcc", "-print-file-name=libasan.so"]).strip(),
            "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "PYTHONMALLOC": "malloc",
        },
    )


def under_valgrind(python: str, gunicorn: str) -> Flavour:
    """The wheel as it is, each access watched."""
    return Flavour(
        "valgrind",
        environments.environment(python, gunicorn),
        {"PYTHONMALLOC": "malloc"},
        ("valgrind", "--quiet", "--leak-check=no", "--track-fds=no"),
    )


def reports(log: str) -> list[str]:
    """The first line of each report in a server's log, without the place: lines move."""
    return _REPORT.findall(log)


def _compile(include: tuple[Path, ...], module: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text(encoding="utf-8"))
        tree = sdist.unpack(sdist.fetch(pin, recipe.cache_folder()), Path(scratch) / "source")
        patching.apply_series(recipe.ENGINE / "patches", tree)
        folders = [f"-I{folder}" for folder in include]
        sources = [str(source) for source in compiler.sources(tree)]
        output(["gcc", *FLAGS, *folders, *sources, "-o", str(module)])
