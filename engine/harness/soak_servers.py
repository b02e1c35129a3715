"""The servers that a soak asks: in one flavour, with so many threads."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from harness.sanitizers import Flavour
from harness.servers import Server, serving
from harness.signals import Storm, storm

FREED = {"MALLOC_TRIM_THRESHOLD_": "131072"}
"""Has glibc give back what large answers took: by itself it keeps some, for each thread."""


def served(
    flavour: Flavour,
    threads: int,
    app: str = "echo_app:app",
    environment: dict[str, str] | None = None,
    options: tuple[str, ...] = (),
) -> Callable[[], AbstractContextManager[Server]]:
    """Starts one worker, each time it is called."""
    return lambda: serving(
        flavour.python,
        *("--threads", str(threads), *options),
        app=app,
        prefix=flavour.prefix,
        environment={**FREED, **flavour.environment, **(environment or {})},
    )


def stormed(
    flavour: Flavour, threads: int, folder: str, *options: str
) -> AbstractContextManager[Storm]:
    """Two workers, which signals may be sent to."""
    return storm(
        flavour.python,
        Path(folder),
        *options,
        threads=str(threads),
        prefix=flavour.prefix,
        environment=flavour.environment,
    )
