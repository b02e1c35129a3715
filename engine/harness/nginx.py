"""nginx as an oracle: a proxy in front of an echo server of our own.

What it refuses never gets there; what it lets through is said in the words of the echo app.
"""

import contextlib
import os
import shutil
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from harness.answers import Seen
from harness.servers import Server, listening, started

CONFIGURATION = """\
daemon off;
user root;
worker_processes 1;
pid nginx.pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_max_body_size 1g;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_set_header Host $http_host;
            proxy_ignore_client_abort on;
        }}
    }}
}}
"""


def program() -> Path:
    """FLASKPACK_NGINX, else the one on the PATH or where Debian has it."""
    named = os.environ.get("FLASKPACK_NGINX")
    found = named or shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    assert found, "nginx, an oracle of the raw cases, is missing (Debian: apt-get install nginx)"
    return Path(found)


@contextlib.contextmanager
def proxying() -> Iterator[Server]:
    """nginx with its defaults in front of the echo server."""
    nginx = str(program())
    with (
        tempfile.TemporaryDirectory() as home,
        listening() as listener,
        _Upstream(("127.0.0.1", 0), _Echo) as upstream,
    ):
        thread = threading.Thread(target=upstream.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        ports = {"port": listener.getsockname()[1], "upstream": upstream.server_address[1]}
        (Path(home) / "conf").write_text(CONFIGURATION.format(**ports))
        command = [nginx, "-p", f"{home}/", "-c", "conf", "-e", "stderr"]
        # So nginx's own binary upgrade hands listening sockets over.
        environment = {"NGINX": f"{listener.fileno()};"}
        try:
            with started(command, listener, Path(home), environment) as server:
                try:
                    yield server
                finally:
                    # Killed, it would leave its worker behind.
                    server.stop()
        finally:
            upstream.shutdown()
            thread.join()


class _Upstream(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


class _Echo(socketserver.StreamRequestHandler):
    """Answers nginx's requests, HTTP/1.0 with a Content-Length."""

    def handle(self) -> None:
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) != 3:
            return
        headers: dict[str, str] = {}
        while (text := self.rfile.readline().decode("latin-1").rstrip("\r\n")) != "":
            name, _, value = text.partition(":")
            key = name.upper().replace("-", "_")
            headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
        body = self.rfile.read(int(headers.get("CONTENT_LENGTH", 0))).decode("latin-1")
        self.wfile.write(_answer(line[0], line[1], headers, body))


def _answer(method: str, target: str, headers: dict[str, str], body: str) -> bytes:
    path, _, query = target.partition("?")
    if path in ("/204", "/304"):
        return f"HTTP/1.0 {path[1:]} Nothing\r\n\r\n".encode()
    fields = {f"HTTP_{name}": value for name, value in headers.items() if name.startswith("X")}
    shown = body if len(body) <= 1000 else f"{len(body)} bytes"
    seen = Seen(
        method, unquote(path, "latin-1"), query, "HTTP/1.1", headers.get("HOST"), shown, fields
    )
    document = seen.document()
    head = f"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(document)}\r\n\r\n"
    return head.encode() + (b"" if method == "HEAD" else document)
