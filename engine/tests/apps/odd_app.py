"""Views that call the engine from odd places, and give it odd objects. Runs from Python 3.9 on."""

import contextlib
import gc
import sys
import threading

TEXT = [("Content-Type", "text/plain")]


def app(environ, start):
    return VIEWS[environ["PATH_INFO"].strip("/")](environ, start)


def attempt(call, *arguments):
    """The engine may say no."""
    with contextlib.suppress(RuntimeError, TypeError, ValueError):
        call(*arguments)


class Calls:
    """Pieces, whose close() and end call start_response() and write()."""

    def __init__(self, start):
        self.start = start
        self.write = start("200 OK", TEXT)

    def __iter__(self):
        yield b"piece"
        self.again()

    def again(self):
        attempt(self.start, "200 OK", TEXT)
        attempt(self.write, b"more")
        try:
            raise ValueError
        except ValueError:
            attempt(self.start, "500 Oh", TEXT, sys.exc_info())

    close = __del__ = again


def from_close(_environ, start):
    return Calls(start)


def from_end(environ, start):
    environ["calls"] = Calls(start)
    environ["environ"] = environ
    return [b"piece"]


def from_input(environ, start):
    """read() of a file calls start_response() again."""

    class File:
        left = 3

        def read(self, _size):
            self.left -= 1
            attempt(start, "200 OK", TEXT)
            return b"x" * self.left

        def close(self):
            start("200 OK", TEXT)

    start("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](File())


def from_others(_environ, start):
    """Other threads call start_response() and write() while much is sent."""
    write = start("200 OK", TEXT)
    ended = threading.Event()

    def call():
        while not ended.is_set():
            for arguments in (("500 Oh", list(TEXT), (ValueError, ValueError(), None)), (b"x",)):
                attempt(write, *arguments)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for each in threads:
        each.start()
    try:
        for _ in range(20):
            write(b"x" * 200_000)
    finally:
        ended.set()
        for each in threads:
            each.join()
    return []


def changed_headers(_environ, start):
    headers = [*TEXT]
    start("200 OK", headers)
    headers[:] = [("X-A", "b"), ["not a tuple"], None, *headers * 1000]
    yield b"piece"


def cleared_headers(_environ, start):
    headers = [*TEXT]
    start("200 OK", headers)
    headers.clear()
    gc.collect()
    yield b"piece"


def cleared_environ(environ, start):
    start("200 OK", TEXT)
    environ.clear()
    return [b"piece"]


def kept_input(environ, start):
    """Reads the last request's body, which has ended."""
    before = list(KEPT)
    KEPT[:] = [environ["wsgi.input"]]
    start("200 OK", TEXT)
    for each in before:
        for read in (each.read, each.readline, each.readlines):
            attempt(read, 2)
    return [b"piece"]


KEPT = []


class Str(str):
    def __str__(self):
        raise ValueError

    __eq__ = __hash__ = __len__ = __str__


class Bytes(bytes):
    def __len__(self):
        return 1 << 40

    def __del__(self):
        gc.collect()


class List(list):
    def __iter__(self):
        raise ValueError

    def __len__(self):
        return 5


class Pair(tuple):
    __slots__ = ()

    def __getitem__(self, _index):
        raise ValueError


def subclasses(_environ, start):
    start(Str("200 OK"), List([Pair((Str("X-A"), Str("b")))]))
    return [Bytes(b"piece"), Bytes(b""), Bytes(b"piece")]


def itself(_environ, start):
    return start("200 OK", TEXT)


def environ_itself(environ, start):
    start("200 OK", TEXT)
    return environ


def own_class(environ, start):
    start("200 OK", TEXT)
    for each in (start, environ["wsgi.input"], environ["wsgi.file_wrapper"]):
        attempt(type(each))
    return [b"piece"]


NO_EXCEPTIONS = (
    *((None, None, None), (1, 2, 3), (ValueError, 5, 7), (ValueError,), 5),
    [ValueError],
)


def no_exception(_environ, start):
    start("200 OK", TEXT)
    for _ in range(2):
        for odd in NO_EXCEPTIONS:
            attempt(start, "200 OK", TEXT, odd)
        yield b"piece"


def deep(environ, start):
    return deep(environ, start)


def raising(kind):
    def view(_environ, start):
        start("200 OK", TEXT)
        yield b"piece"
        raise kind

    return view


VIEWS = {
    name: value
    for name, value in list(globals().items())
    if callable(value) and name not in ("app", "attempt", "raising") and not isinstance(value, type)
}
for kind in (GeneratorExit, KeyboardInterrupt, MemoryError, SystemExit, ConnectionResetError):
    VIEWS[kind.__name__] = raising(kind)
