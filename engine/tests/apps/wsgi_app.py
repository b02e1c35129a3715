"""What PEP 3333 allows an application, and what it doesn't. Runs on every Python from 3.9 on."""

import itertools
import json
import sys
import time
from pathlib import Path

import file_views
import read_views
import write_views
from counting import CLOSED, TEXT, Counted


def app(environ, start):
    name, *arguments = environ["PATH_INFO"].strip("/").split("/")
    return VIEWS[name.replace("-", "_")](environ, start, *arguments)


def hello(_environ, start):
    start("200 OK", [*TEXT, ("Content-Length", "5")])
    return [b"hello"]


def closed(_environ, start, name):
    start("200 OK", TEXT)
    return [b"%d" % CLOSED.count(name)]


def early_exc_info(_environ, start):
    """Changes its mind after an empty piece: nothing may have been sent."""
    start("200 OK", TEXT)
    yield b""
    try:
        raise ValueError("changed my mind")
    except ValueError:
        start("503 Not Now", TEXT, sys.exc_info())
    yield b"replaced"


def late_exc_info(_environ, start, length="5"):
    """Changes its mind when its first piece has been sent."""
    start("200 OK", TEXT)
    yield b"x" * int(length)
    try:
        raise LookupError("too late")
    except LookupError:
        start("503 Not Now", TEXT, sys.exc_info())
    yield b"never"


def late_start(_environ, start):
    start("200 OK", TEXT)
    yield b"late"


def with_character(_environ, start, place, number):
    """A status, or a header's name or value, with one character in it."""
    places = dict.fromkeys(("status", "name", "value"), "X")
    places[place] += chr(int(number)) + "Y"
    start(f"200 {places['status']}", [(places["name"], places["value"])])
    return [b"whole"]


def never_starts(_environ, _start):
    yield b"never started"


def nothing_twice(_environ, start):
    start("200 OK", TEXT)
    return [b"", b""]


def not_modified(_environ, start):
    start("304 Not Modified", [("ETag", '"a"')])
    return Counted("not-modified", [b"never sent"])


def counted(_environ, start, *kind):
    start("200 OK", TEXT)
    return Counted(*kind, [b"counted"])


def counted_list(_environ, start):
    class Pieces(list):
        def close(self):
            CLOSED.append("list")

    start("200 OK", TEXT)
    return Pieces([b"pieces"])


def counted_breaks_off(_environ, start):
    def pieces():
        yield b"begin"
        raise ValueError("broke off")

    start("200 OK", TEXT)
    return Counted("breaks-off", pieces())


def counted_fails_first(_environ, start):
    def pieces():
        raise ValueError("failed first")
        yield

    start("200 OK", TEXT)
    return Counted("fails-first", pieces())


def counted_never_starts(_environ, _start):
    return Counted("never-starts", [b"never"])


def counted_text(_environ, start):
    start("200 OK", TEXT)
    return Counted("text", ["text"])


def counted_header(_environ, start):
    start("200 OK", [("X", "a\nb")])
    return Counted("header", [b"never"])


def counted_short(_environ, start):
    start("200 OK", [*TEXT, ("Content-Length", "9")])
    return Counted("short", [b"short"])


def counted_long(_environ, start):
    start("200 OK", [*TEXT, ("Content-Length", "3")])
    return Counted("long", [b"too", b"long"])


def counted_complains(_environ, start):
    start("200 OK", [*TEXT, ("Content-Length", "4")])
    return Counted("complains", [b"said"], ValueError("close() complains"))


def counted_large(_environ, start):
    start("200 OK", TEXT)
    pieces = (b"x" * 1000000 for _ in range(50))
    return Counted("large", pieces, ValueError("close() of a large one complains"))


def gated(environ, start):
    """Gives its first piece, and the second one when a file is there."""
    gate = Path(environ["HTTP_X_GATE"])
    start("200 OK", TEXT)
    yield b"first"
    end = time.monotonic() + 10
    while not gate.exists() and time.monotonic() < end:
        time.sleep(0.01)
    yield b"second" if gate.exists() else b"in vain"


def endless(_environ, start, status="200"):
    start(f"{status} Endless", [])
    return Counted("endless", itertools.repeat(b"x"))


def errors(environ, start):
    stream = environ["wsgi.errors"]
    stream.write("written to wsgi.errors\n")
    stream.writelines(["one, ", "two \u2713\n"])
    stream.flush()
    return hello(environ, start)


def shown(environ, start, *_arguments):
    kept = {name: value for name, value in environ.items() if isinstance(value, (str, bool, tuple))}
    kept["exact"] = type(environ) is dict
    start("200 OK", TEXT)
    return [json.dumps(kept, sort_keys=True).encode()]


def changed(environ, start):
    """environ is the application's own: what it does with it is nobody else's business."""
    environ.clear()
    environ["wsgi.input"] = None
    return hello(environ, start)


def exits(_environ, _start):
    sys.exit("enough")


VIEWS = {
    name: value
    for views in (globals(), vars(file_views), vars(read_views), vars(write_views))
    for name, value in list(views.items())
    if callable(value) and name != "app"
}
