"""gunicorn has one function for each hook: ours run behind it."""

from typing import Any, Callable


def add(cfg: Any, name: str, ours: Callable[..., None]) -> None:
    """Run a hook of ours after the one that gunicorn's configuration has already."""
    theirs = getattr(cfg, name)

    def one(worker: Any) -> None:
        theirs(worker)
        ours(worker)

    def two(server: Any, worker: Any) -> None:
        theirs(server, worker)
        ours(server, worker)

    # gunicorn looks at the number of parameters.
    cfg.set(name, one if name == "post_worker_init" else two)
