"""Progress: one line when a step begins, one with its duration when it is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

_START = time.monotonic()


def duration(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``2 min 05 s``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02d} s"


def elapsed() -> str:
    """The time since this program began."""
    return duration(time.monotonic() - _START)


def line(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announces a step that takes a while; the second line says how long it took."""
    line(f"{text} ...")
    begun = time.monotonic()
    yield
    line(f"  done in {duration(time.monotonic() - begun)}")
