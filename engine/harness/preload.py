"""Libraries that are preloaded into a worker, and the page of memory shared with a test."""

import contextlib
import hashlib
import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path

from maker import recipe

from harness.environments import output

NATIVE = Path(__file__).parent / "native"


@contextlib.contextmanager
def preloaded(name: str, variable: str) -> Iterator[tuple[dict[str, str], mmap.mmap]]:
    """The environment that loads native/``name``.c, and the page, zeroed, that it finds by it."""
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(mmap.PAGESIZE)
        with mmap.mmap(file.fileno(), mmap.PAGESIZE) as page:
            yield {"LD_PRELOAD": str(_library(name)), variable: file.name}, page


def _library(name: str) -> Path:
    source = NATIVE / f"{name}.c"
    key = hashlib.sha256(source.read_bytes()).hexdigest()
    made = recipe.cache_folder() / "harness" / f"{name}-{key}.so"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        new = made.with_suffix(".new")
        output(["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", str(new), str(source)])
        new.replace(made)
    return made
