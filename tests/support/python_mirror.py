"""A server of Pythons on the loopback address: a folder's files, and answers of other kinds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.serving import answering

STATUSES = {"/refused": 401, "/failing": 503}
"""Paths that begin so get that answer."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Host and port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = next((code for at, code in STATUSES.items() if self.path.startswith(at)), 404)
            file = folder / self.path.lstrip("/")
            data = file.read_bytes() if file.is_file() else b""
            self.send_response(200 if data else status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what it wants to know."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with answering(server, threading.Event()):
        yield f"127.0.0.1:{server.server_port}"
