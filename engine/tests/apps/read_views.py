"""Ways to read a body. Each of CALLS gives pieces of any file-like object."""

import json

CALLS = {
    "all": lambda body: [body.read()],
    "none": lambda body: [body.read(None), body.read()],
    "sized": lambda body: [
        body.read(4),
        body.read(0),
        body.read(1 << 20),
        body.read(),
        body.read(1),
    ],
    "lines": lambda body: [body.readline(), body.readline(None), body.readline(-1)],
    "sized-lines": lambda body: [body.readline(2), body.readline(9), body.readline(1 << 40)],
    "all-lines": lambda body: [*body.readlines(), b"|", *body.readlines()],
    "hinted": lambda body: [*body.readlines(3), b"|", *body.readlines(None)],
    "iterated": lambda body: [*body, b"|", *body],
    "mixed": lambda body: [body.read(1), body.readline(), next(iter(body), b"end"), body.read(2)],
    "beyond": lambda body: [body.read(), body.read(), body.readline(), *body.readlines(), *body],
}


def read(environ, start, how):
    start("200 OK", [("Content-Type", "application/json")])
    pieces = CALLS[how](environ["wsgi.input"])
    return [json.dumps([piece.decode() for piece in pieces]).encode()]
