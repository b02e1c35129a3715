"""environ as PEP 3333 and gunicorn's own workers have it."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import Server, body, read_all, serving, wait_until, without_date

HEADERS = b"Host: a:81\r\nX-Two: 1\r\nConnection: close\r\n"
REQUESTS = {
    "GET": b"GET /shown?a=%20&b HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "HTTP/1.0": b"GET /shown HTTP/1.0\r\n\r\n",
    "POST": b"POST /shown HTTP/1.1\r\nContent-Type: a/b\r\nContent-Length: 2\r\n"
    + HEADERS
    + b"\r\nab",
    "chunked": b"POST /shown HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    + HEADERS
    + b"\r\n1\r\na\r\n0\r\n\r\n",
    "absolute": b"GET http://a:81/shown?x HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "escapes": b"GET /shown/%C3%A9%2f%00%zz%?%2f HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "parameters": b"GET /shown/a;b=c/../d//e HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "eight bits": b"GET /shown HTTP/1.1\r\nX-Eight: caf\xe9\r\n" + HEADERS + b"\r\n",
    "script name": b"GET /shown HTTP/1.1\r\nScript-Name: /x\r\nProxy: y\r\n" + HEADERS + b"\r\n",
}
OURS = {"SERVER_PORT", "REMOTE_PORT", "RAW_URI"}
"""Another one's ports; RAW_URI has a test of its own."""


@pytest.fixture(scope="module")
def servers(installed: Path) -> Iterator[tuple[Server, Server]]:
    """The engine, and gunicorn's sync worker."""
    with (
        serving(installed, app="wsgi_app:app") as ours,
        serving(installed, app="wsgi_app:app", worker="sync") as sync,
    ):
        yield ours, sync


def shown(answer: bytes) -> dict[str, Any]:
    content = body(answer)
    found: dict[str, Any] = json.loads(content[content.index(b"{") : content.rindex(b"}") + 1])
    return found


def kept(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in OURS}


@pytest.mark.parametrize("kind", REQUESTS)
def test_environ_is_gunicorns(servers: tuple[Server, Server], kind: str) -> None:
    ours, sync = (shown(server.ask(REQUESTS[kind])) for server in servers)

    assert kept(ours) == kept(sync)
    assert ours["SERVER_PORT"] == str(servers[0].address[1])


def test_environ_of_a_simple_request(servers: tuple[Server, Server]) -> None:
    server, _ = servers
    with server.connect() as connection:
        connection.sendall(REQUESTS["GET"])
        found = shown(without_date(read_all(connection)))
        port = connection.getsockname()[1]

    assert found.pop("SERVER_SOFTWARE").startswith("gunicorn/")
    assert found.pop("RAW_URI", "/shown?a=%20&b") == "/shown?a=%20&b"
    assert found == {
        "HTTP_CONNECTION": "close",
        "HTTP_HOST": "a:81",
        "HTTP_X_TWO": "1",
        "PATH_INFO": "/shown",
        "QUERY_STRING": "a=%20&b",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": str(port),
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.address[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "exact": True,
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": False,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
        "wsgi.version": [1, 0],
    }


def test_several_workers_and_threads_are_told(installed: Path) -> None:
    with serving(installed, "--workers", "2", "--threads", "2", app="wsgi_app:app") as server:
        found = shown(server.ask(REQUESTS["GET"]))

    assert found["wsgi.multiprocess"] is True
    assert found["wsgi.multithread"] is True


def ask(connection: socket.socket, host: str) -> dict[str, Any]:
    connection.sendall(f"GET /shown HTTP/1.0\r\n{host}\r\n".encode())
    return shown(read_all(connection))


def test_server_of_each_socket(installed: Path) -> None:
    free = "127.0.0.1:0"
    with serving(installed, "-b", free, app="wsgi_app:app", bind=free) as server:
        wait_until(lambda: "Listening at: " in server.log(), "gunicorn listens")
        ports = re.findall(r"http://127\.0\.0\.1:(\d+)", server.log())
        found = []
        for port in ports:
            with socket.create_connection(("127.0.0.1", int(port)), timeout=15) as connection:
                found.append(ask(connection, ""))

    assert len(set(ports)) == 2
    assert [each["SERVER_NAME"] for each in found] == ["127.0.0.1", "127.0.0.1"]
    assert [each["SERVER_PORT"] for each in found] == ports


UNIX = {
    "a:81": ("a", "81"),
    "a": ("a", "80"),
    "a:": ("a", "80"),
    "[::1]": ("[::1]", "80"),
    "[::1]:81": ("[::1]", "81"),
    "": None,
}


@pytest.mark.parametrize("host", UNIX)
def test_server_of_a_unix_socket(installed: Path, tmp_path: Path, host: str) -> None:
    path = tmp_path / "socket"
    with serving(installed, app="wsgi_app:app", bind=f"unix:{path}") as server:
        wait_until(lambda: "Listening at" in server.log(), "the socket is there")
        with server.connect(path) as connection:
            found = ask(connection, f"Host: {host}\r\n" if host else "")

    assert (found["SERVER_NAME"], found["SERVER_PORT"]) == (UNIX[host] or (str(path), "80"))
    assert found["REMOTE_ADDR"] == ""
    assert "REMOTE_PORT" not in found
