"""Views that return a file, or what is nearly one."""

import io
import socket

from counting import CLOSED, TEXT


class CountedFile(io.BytesIO):
    def close(self):
        CLOSED.append("file")
        super().close()


def counted_file(environ, start):
    start("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](CountedFile(b"of a file"))


class Blocks:
    """Gives as much as it is asked for, once, and says how much that was."""

    def __init__(self, name=None):
        self.left = 1
        if name:
            self.fileno = lambda: name

    def read(self, size):
        self.left -= 1
        return b"asked for %d" % size if self.left == 0 else b""


def blocks(environ, start, *size):
    start("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](Blocks(), *map(int, size))


def bad_fileno(environ, start):
    start("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](Blocks(99999))


def text_file(environ, start):
    start("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](io.StringIO("text"))


def file_in_a_list(environ, start):
    """As middleware passes it on."""
    start("200 OK", TEXT)
    return list(environ["wsgi.file_wrapper"](io.BytesIO(b"listed"), 2))


def socket_file(environ, start):
    ours, theirs = socket.socketpair()
    theirs.sendall(b"from a socket")
    theirs.close()
    start("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](ours.makefile("rb"))
