"""Views that call write(), as PEP 3333 allows it and otherwise."""

import contextlib
import signal
import tempfile
import threading

from counting import CLOSED, TEXT, Counted


def written(_environ, start):
    write = start("200 OK", TEXT)
    write(b"one")
    write(b"")
    write(b"two")
    return [b"", b"three"]


def written_only(_environ, start):
    start("200 OK", [*TEXT, ("Content-Length", "6")])(b"as one")
    return []


def written_file(environ, start):
    start("200 OK", TEXT)(b"0")
    made = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (the server closes it)
    made.write(b"123")
    made.seek(0)
    return environ["wsgi.file_wrapper"](made)


def written_counted(_environ, start):
    start("200 OK", TEXT)(b"a")
    return Counted("written-counted", [b"b"])


def written_raises(_environ, start):
    start("200 OK", TEXT)(b"begin")
    raise ValueError("after write()")


def written_large(_environ, start, length):
    write = start("200 OK", [*TEXT, ("Content-Length", str(4 * int(length)))])
    for _ in range(4):
        try:
            write(b"x" * int(length))
        except ConnectionError:
            CLOSED.append("gone")
            raise
    return Counted("written-large", [])


def written_too_much(_environ, start):
    write = start("200 OK", [*TEXT, ("Content-Length", "3")])
    write(b"four")
    return []


def written_text(_environ, start):
    start("200 OK", TEXT)("text")
    return []


def written_late(_environ, start):
    write = start("200 OK", TEXT)
    yield b"first"
    write(b"second")


def written_interrupted(_environ, start):
    """A signal's handler raises while a piece waits for its reader."""

    def ring(*_):
        print("it rings", flush=True)
        raise TimeoutError

    write = start("200 OK", TEXT)
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    with contextlib.suppress(TimeoutError):
        write(b"x" * 30_000_000)
    with contextlib.suppress(ConnectionError):
        write(b"end")
    return []


def written_under_signals(_environ, start):
    """Signals that come 20 times a second, and raise nothing."""
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        start("200 OK", TEXT)(b"x" * 30_000_000)
    except ConnectionError:
        print("gave up", flush=True)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return []


KEPT = []


def written_afterwards(_environ, start):
    """Calls the write() of the last request that asked for this."""
    before = list(KEPT)
    KEPT[:] = [start("200 OK", TEXT)]
    for write in before:
        try:
            write(b"never")
        except RuntimeError as problem:
            return [str(problem).encode()]
    return [b"kept"]


def written_elsewhere(_environ, start):
    write, said = start("200 OK", TEXT), []

    def other():
        try:
            write(b"never")
        except RuntimeError as problem:
            said.append(str(problem).encode())

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    return said
