"""The WSGI application that the engine's tests ask. Runs on every Python from 3.9 on."""
# ruff: noqa: SIM115  (files are closed by the server, and that is what is tested)

import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

CLOSED = []
GATE = threading.Event()
TEXT = [("Content-Type", "text/plain")]


class Request(NamedTuple):
    environ: dict
    start: Callable
    query: dict


def app(environ, start_response):
    name = environ.get("HTTP_X_SHOW") or environ["PATH_INFO"].strip("/") or "hello"
    query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    return VIEWS.get(name.replace("-", "_"), missing)(Request(environ, start_response, query))


def plain(request, body, status="200 OK", headers=()):
    request.start(status, [*TEXT, ("Content-Length", str(len(body))), *headers])
    return [body]


def missing(request):
    return plain(request, b"missing", "404 Not Found")


def hello(request):
    return plain(request, b"hello")


def show_environ(request):
    shown = {key: value for key, value in request.environ.items() if isinstance(value, (str, bool))}
    return plain(request, json.dumps(shown, sort_keys=True).encode())


def pid(request):
    return plain(request, str(os.getpid()).encode())


def echo(request):
    return plain(request, request.environ["wsgi.input"].read())


def count(request):
    length = 0
    while piece := request.environ["wsgi.input"].read(1 << 16):
        length += len(piece)
    return plain(request, str(length).encode())


def mark(request):
    """Writes the body into the file MARKS, a line for each request that came to be run.

    Then answers with it, in the way that ``how`` says.
    """
    mark = request.environ["wsgi.input"].read()
    with Path(os.environ["MARKS"]).open("ab", buffering=0) as file:
        file.write(mark + b"\n")
    return WAYS[request.query.get("how", "plain")](request, mark)


def slept(request, mark):
    time.sleep(random.uniform(0, 0.05))
    return plain(request, mark)


def computed(request, mark):
    end = time.thread_time() + random.uniform(0, 0.02)
    while time.thread_time() < end:
        pass
    return plain(request, mark)


def raised(_request, mark):
    raise ValueError(f"the view raised: {mark}")


def generated(request, mark):
    plain(request, mark)
    for byte in mark:
        time.sleep(random.choice([0, 0, 0.002]))
        yield bytes([byte])


def as_file(request, mark):
    made = tempfile.TemporaryFile(buffering=0)
    made.write(mark)
    made.seek(0)
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](made)


WAYS = {
    "plain": plain,
    "sleep": slept,
    "compute": computed,
    "raise": raised,
    "generate": generated,
    "file": as_file,
}


def unread(request):
    return plain(request, b"not read")


def large(request):
    return plain(request, b"x" * int(request.query["n"]))


def stream(request):
    request.start("200 OK", TEXT)
    return (b"%d" % i * int(request.query["n"]) for i in range(3))


def empty_pieces(request):
    request.start("200 OK", TEXT)
    return iter([b"", b"a", b"", b"b", b""])


def breaks_off(request):
    request.start("200 OK", TEXT)
    yield b"begin"
    raise ValueError("broke off")


def complain(request):
    print("complaint:", request.query["of"], file=request.environ["wsgi.errors"])
    return plain(request, b"complained")


def raises(_request):
    raise ValueError("the view raised")


def exits(_request):
    raise SystemExit(3)


def no_start(_request):
    return [b"no start_response"]


def returns_none(request):
    request.start("200 OK", TEXT)


def returns_text(request):
    request.start("200 OK", TEXT)
    return ["text"]


def too_long(request):
    request.start("200 OK", [*TEXT, ("Content-Length", "3")])
    return [b"four", b"more"]


def too_short(request):
    request.start("200 OK", [*TEXT, ("Content-Length", "10")])
    return [b"four"]


def no_content(request):
    request.start("204 No Content", [])
    return []


def not_modified(request):
    request.start("304 Not Modified", [("ETag", '"a"')])
    return [b"never sent"]


def bad_status(request):
    return plain(request, b"", BAD_STATUSES[request.query["kind"]])


BAD_STATUSES = {
    "newline": "200 OK\r\nX: y",
    "sign": "+200 OK",
    "word": "fine",
    "empty": "",
    "interim": "103 Early Hints",
    "wide": "200 \u2713",
    "bytes": b"200 OK",
}


def header(request):
    return plain(request, b"hello", headers=[HEADERS[request.query["kind"]]])


HEADERS = {
    "newline": ("X-Test", "a\r\nSet-Cookie: b"),
    "cr": ("X-Test", "a\rb"),
    "nul": ("X-Test", "a\0b"),
    "wide": ("X-Test", "\u2713"),
    "wide-name": ("X-\u2713", "a"),
    "colon-name": ("X:Test", "a"),
    "blank-name": ("X Test", "a"),
    "empty-name": ("", "a"),
    "number": ("X-Test", 5),
    "bytes": (b"X-Test", b"a"),
    "list": ["X-Test", "a"],
    "triple": ("X-Test", "a", "b"),
    "latin": ("X-Test", "caf\u00e9"),
    "twice": ("Content-Length", "4"),
    "close": ("Connection", "close"),
    "chunked": ("Transfer-Encoding", "chunked"),
    "keep": ("Keep-Alive", "timeout=5"),
    "server": ("Server", "mine"),
}


def bad_length(request):
    request.start("200 OK", [*TEXT, ("Content-Length", "-1")])
    return [b"hello"]


def headers(request):
    """As many headers as are asked for."""
    count = int(request.query["n"])
    return plain(request, b"", headers=[(f"X-{number:06}", "a") for number in range(count)])


def replaces(request):
    request.start("200 OK", TEXT)
    try:
        raise ValueError("changed my mind")
    except ValueError:
        request.start("503 Not Now", TEXT, sys.exc_info())
    return [b"replaced"]


def starts_twice(request):
    request.start("200 OK", TEXT)
    request.start("200 OK", TEXT)
    return [b"never"]


class Counted:
    """An iterable whose close() is counted."""

    def __init__(self, pieces):
        self.pieces = iter(pieces)

    def __iter__(self):
        return self.pieces

    def close(self):
        CLOSED.append(1)


def counted(request):
    request.start("200 OK", TEXT)
    return Counted([b"counted"])


def counted_break(request):
    request.start("200 OK", TEXT)
    return Counted(breaks_off(request._replace(start=lambda *_: None)))


def counted_large(request):
    request.start("200 OK", TEXT)
    return Counted(b"x" * 1000000 for _ in range(100))


def closed(request):
    return plain(request, str(len(CLOSED)).encode())


def sleep(request):
    print("sleeping", flush=True)
    time.sleep(float(request.query["s"]))
    return plain(request, b"slept")


INSIDE = []


def compute(request):
    """Computes for so many seconds, and answers how many did at a time, at most.

    Then it sleeps for ``pause`` seconds, and with ``hold`` it waits for /release.
    """
    INSIDE.append(1)
    most, end = len(INSIDE), time.thread_time() + float(request.query["s"])
    while time.thread_time() < end:
        most = max(most, len(INSIDE))
    INSIDE.pop()
    time.sleep(float(request.query.get("pause", 0)))
    if "hold" in request.query:
        print("holding", flush=True)
        GATE.wait(20)
    return plain(request, str(most).encode())


def rings(request):
    """From now on a signal comes 20 times a second."""
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    return plain(request, b"rings")


def forks(request):
    """Leaves a process behind that has all descriptors of this one."""
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    return plain(request, str(child).encode())


def inherited(request):
    """The descriptors that a program is given by this process."""
    return plain(request, subprocess.check_output(["ls", "-l", "/proc/self/fd"], close_fds=False))


def takeovers(request):
    """How often a thread has taken the event loop over from another."""
    from meinheld import server

    return plain(request, str(server.takeovers()).encode())


def wait(request):
    """Waits until another request asks for /release."""
    return plain(request, b"released" if GATE.wait(20) else b"waited in vain")


def release(request):
    GATE.set()
    return plain(request, b"releasing")


def waits_between(request):
    """More than a socket takes, and when that is sent, waits for /release."""
    request.start("200 OK", TEXT)

    def pieces():
        yield b"x" * 9_000_000
        print("between pieces", flush=True)
        yield b"released" if GATE.wait(20) else b"waited in vain"

    return pieces()


def a_file(request):
    made = tempfile.TemporaryFile(buffering=0)
    made.write(b"0123456789" * int(request.query.get("n", "1")))
    made.seek(int(request.query.get("at", "0")))
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](made)


def unreadable_file(request):
    with tempfile.NamedTemporaryFile(buffering=0) as made:
        made.write(b"12345")
        only_writes = os.fdopen(os.open(made.name, os.O_WRONLY), "wb", buffering=0)
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](only_writes)


def shrinking_file(request):
    made = tempfile.TemporaryFile(buffering=0)
    made.write(b"0123456789")
    made.seek(0)
    request.start("200 OK", [*TEXT, ("Content-Length", "20")])
    return request.environ["wsgi.file_wrapper"](made)


def piped_file(request):
    reading, writing = os.pipe()
    os.write(writing, b"through a pipe")
    os.close(writing)
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](os.fdopen(reading, "rb"))


def memory_file(request):
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](io.BytesIO(b"one\ntwo\n" * 3), 5)


class OnlyReads:
    """The least that PEP 3333 asks of a file-like object."""

    def __init__(self, data):
        self.read = io.BytesIO(data).read


def only_reads(request):
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](OnlyReads(b"only reads"))


def compressed_file(request):
    import gzip

    made = tempfile.TemporaryFile()
    made.write(gzip.compress(b"plain again"))
    made.seek(0)
    request.start("200 OK", TEXT)
    return request.environ["wsgi.file_wrapper"](gzip.GzipFile(fileobj=made))


KEPT = {}
INTERNED = ("SERVER_NAME", "HTTP_USER_AGENT")


def keeps_environ(request):
    KEPT["environ"] = request.environ
    return plain(request, b"kept")


def same_port(request):
    """Whether the last request's REMOTE_PORT was this very object."""
    before, KEPT["port"] = KEPT.get("port"), request.environ["REMOTE_PORT"]
    return plain(request, str(before is KEPT["port"]).encode())


def interned(request):
    """The names above that are the same objects in environ."""
    found = [name for name in INTERNED if any(name is key for key in request.environ)]
    return plain(request, json.dumps(found).encode())


def caller(request):
    """The Python function that called the application."""
    return plain(request, sys._getframe(2).f_code.co_name.encode())


def late_start(request):
    """Calls the start_response of the last request that asked for this."""
    before, KEPT["start"] = KEPT.get("start"), request.start
    try:
        before and before("200 OK", [])
    except RuntimeError as problem:
        return plain(request, str(problem).encode())
    return plain(request, b"started")


def length(request):
    request.start("200 OK", [*TEXT, ("Content-Length", request.query["is"])])
    return [b"hello"]


class WithoutClose:
    """An iterable that fails when it is asked for its close()."""

    def __iter__(self):
        return iter([b"whole"])

    @property
    def close(self):
        raise ValueError("no close")


def without_close(request):
    request.start("200 OK", [*TEXT, ("Content-Length", "5")])
    return WithoutClose()


VIEWS = {name: value for name, value in globals().items() if callable(value) and name != "app"}
VIEWS["environ"] = show_environ
VIEWS["file"] = a_file
