"""Whether an app that was loaded before the workers are forked can be shared by them.

Threads don't come along into a fork, and what they held stays locked; a connection that two
processes write to mixes up their answers; SQLite forbids to carry one over. So an app that
has any of them when it is loaded can't be preloaded.
"""

import gc
import logging
import os
import socket
import stat
import threading
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple, Optional, Sequence

_SQLITE = b"SQLite format 3\0"


_WAY_OUT = "leave PRELOAD out, or do that in the first request; GUNICORN_CMD_ARGS=--preload insists"


class Loaded(NamedTuple):
    """What a process has: names of its Python threads, the number of all, its connections."""

    threads: Sequence[str]
    tasks: int
    connections: Sequence[str]


def settle(log: Any, *, by_option: bool) -> None:
    """In the arbiter, when the app is loaded: ends the process where it can't be shared.

    Whoever gave gunicorn's own --preload knows better, and is warned.
    """
    problem = find_problem(look())
    if problem:
        words = f"when it was loaded the app {problem}, which the workers can't share"
        if not by_option:
            raise SystemExit(f"Error: PRELOAD=1: {words}: {_WAY_OUT}")
        log.warning("%s", words)
    # A look for cycles writes to every object, and what is written to is shared no longer.
    gc.freeze()


def look() -> Loaded:
    """What this process has, the main thread and the loggers' connections left out."""
    names = [each.name for each in threading.enumerate() if each is not threading.main_thread()]
    descriptors = sorted(int(each.name) for each in Path("/proc/self/fd").iterdir())
    logs = set(_loggers_descriptors())
    found = (_connection(number) for number in descriptors if number > 2 and number not in logs)
    tasks = len(list(Path("/proc/self/task").iterdir()))
    return Loaded(names, tasks, [each for each in found if each])


def find_problem(loaded: Loaded) -> Optional[str]:
    """What keeps the app from being shared, as the rest of a sentence; None where nothing does."""
    if loaded.threads:
        return f"started the thread {loaded.threads[0]!r}"
    if loaded.tasks > 1:
        return "started threads in C (OPENBLAS_NUM_THREADS=1 keeps numpy from it)"
    if loaded.connections:
        return f"opened {loaded.connections[0]}"
    return None


def _connection(descriptor: int) -> Optional[str]:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:  # the one that listed them
        return None
    if stat.S_ISSOCK(mode):
        return _peer(descriptor)
    return _database(descriptor) if stat.S_ISREG(mode) else None


def _peer(descriptor: int) -> Optional[str]:
    """The other end of a stream; datagrams and what only listens can be shared."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as found:
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) != socket.SOCK_STREAM:
                return None
            peer = found.getpeername()
    except OSError:
        return None
    if isinstance(peer, tuple):
        return f"a connection to {peer[0]}:{peer[1]}"
    return f"a connection to {os.fsdecode(peer) or 'another process'}"


def _database(descriptor: int) -> Optional[str]:
    """By its first bytes, read where the file itself stands still."""
    try:
        begins = os.pread(descriptor, len(_SQLITE), 0)
    except OSError:  # open for writing only
        return None
    if begins != _SQLITE:
        return None
    return f"the SQLite database {Path(f'/proc/self/fd/{descriptor}').resolve()}"


def _loggers_descriptors() -> Iterator[int]:
    """Of what the loggers write to: syslog over TCP is a stream, and gunicorn's own."""
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    for logger in [logging.root, *loggers]:
        for handler in logger.handlers:
            number: "Callable[[], int] | None" = getattr(
                getattr(handler, "socket", None), "fileno", None
            )
            if number:
                yield number()
