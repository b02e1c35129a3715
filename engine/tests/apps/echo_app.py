"""The WSGI application that says what it was given. Runs on every Python from 3.9 on."""

import json

EMPTY = {
    "/202": ("202", []),
    "/204": ("204 No Content", []),
    "/204-with-length": ("204 No Content", [("Content-Length", "5")]),
    "/304": ("304 Not Modified", []),
}


def app(environ, start_response):
    if environ["PATH_INFO"] in EMPTY:
        start_response(*EMPTY[environ["PATH_INFO"]])
        return []
    body = json.dumps(seen(environ), sort_keys=True).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def seen(environ):
    """What `harness.answers.Seen` holds; bytes of the body are characters."""
    body = environ["wsgi.input"].read().decode("latin-1")
    return {
        "body": body if len(body) <= 1000 else f"{len(body)} bytes",
        "fields": {name: value for name, value in environ.items() if name.startswith("HTTP_X")},
        "host": environ.get("HTTP_HOST"),
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "query": environ["QUERY_STRING"],
        "version": environ["SERVER_PROTOCOL"],
    }
