"""Applications that ``wsgiref.validate`` watches, and the server with them."""

import sys
from wsgiref.validate import validator


def validated(environ, start):
    """Reads and answers as ``wsgiref.validate`` wants it, which looks on from both sides."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) + b"".join(environ["wsgi.input"])
    headers = [("Content-Type", "text/plain")]
    if environ["PATH_INFO"] == "/write":
        start("200 OK", headers)(b"written ")
    elif environ["PATH_INFO"] == "/nothing":
        start("204 No Content", [])
        return [b""]
    elif environ["PATH_INFO"] == "/error":
        try:
            raise ValueError("known")
        except ValueError:
            start("500 Error", headers, sys.exc_info())
    else:
        start("200 OK", [*headers, ("Content-Length", str(len(body)))])
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else body
    return [body]


watched = validator(validated)


def wrong(_environ, start):
    start("204 No Content", [("Content-Type", "text/plain")])
    return [b""]


watched_wrong = validator(wrong)
