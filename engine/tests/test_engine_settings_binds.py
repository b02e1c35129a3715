"""Sockets of every kind, and connections on them."""

import json
import socket
import stat
from pathlib import Path

import pytest
from serving import Server, body, read_all, read_response, serving, wait_until

ASK = b"GET /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def environ(connection: socket.socket) -> dict[str, str]:
    with connection:
        connection.settimeout(15)
        connection.sendall(ASK)
        found: dict[str, str] = json.loads(body(read_all(connection)))
    return found


def free_port(family: int = socket.AF_INET) -> int:
    with socket.socket(family) as some:
        some.bind(("localhost" if family == socket.AF_INET else "::1", 0))
        port: int = some.getsockname()[1]
    return port


def connected(host: str, port: int, server: Server) -> socket.socket:
    """A connection, as soon as gunicorn listens."""
    wait_until(lambda: "Listening at" in server.log(), "gunicorn listens")
    return socket.create_connection((host, port))


@pytest.mark.setting("bind", "umask")
def test_several_binds(installed: Path, tmp_path: Path) -> None:
    path, port, other = tmp_path / "socket", free_port(), free_port(socket.AF_INET6)
    options = ("-b", f"[::1]:{other}", "-b", f"unix:{path}", "--umask", "0o117")
    with serving(installed, *options, bind=f"127.0.0.1:{port}") as server:
        assert environ(connected("127.0.0.1", port, server))["REMOTE_ADDR"] == "127.0.0.1"
        assert environ(connected("::1", other, server))["REMOTE_ADDR"] == "::1"
        assert environ(server.connect(path))["REMOTE_ADDR"] == ""
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert server.stop() == 0
        assert not path.exists()


def test_ipv6(installed: Path) -> None:
    port = free_port(socket.AF_INET6)
    with serving(installed, bind=f"[::1]:{port}") as server:
        connection = connected("::1", port, server)
        own = str(connection.getsockname()[1])
        found = environ(connection)

    assert (found["REMOTE_ADDR"], found["REMOTE_PORT"]) == ("::1", own)
    assert (found["SERVER_NAME"], found["SERVER_PORT"]) == ("::1", str(port))


@pytest.mark.setting("reuse_port")
def test_reuse_port(installed: Path, gunicorn: tuple[int, ...]) -> None:
    port = free_port()
    sockets = 2 if gunicorn >= (24,) else 1
    options = ("--reuse-port", "--workers", "2")
    with serving(installed, *options, bind=f"127.0.0.1:{port}") as server:
        wait_until(lambda: server.log().count("Booting worker") == 2, "both workers boot")
        wait_until(lambda: len(_listeners(port)) == sockets, "each worker has a socket of its own")
        assert environ(connected("127.0.0.1", port, server))["SERVER_PORT"] == str(port)
        assert server.stop() == 0


def _listeners(port: int) -> list[str]:
    """Listening sockets in /proc/net/tcp that somebody accepts from."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return [line for line in lines if f":{port:04X} 00000000:0000 0A" in line]


BACKLOG = """\
import socket, struct
control_socket_disable = True
def post_worker_init(worker):
    # A socket that listens tells its backlog where others tell of selective acknowledgements.
    told = worker.sockets[0].sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 32)
    print("backlog:", struct.unpack("8B6I", told)[13], flush=True)
"""


@pytest.mark.setting("backlog")
def test_backlog_of_the_socket(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(BACKLOG)
    options = ("--backlog", "7", "-c", str(tmp_path / "conf.py"))
    with serving(installed, *options, bind=f"127.0.0.1:{free_port()}") as server:
        wait_until(lambda: "backlog: 7\n" in server.log(), "the worker says it")


@pytest.mark.setting("worker_connections")
def test_worker_connections_are_a_limit(installed: Path) -> None:
    with serving(installed, "--worker-connections", "20") as server:
        server.get("/hello")
        (worker,) = server.workers()
        before = len(list(Path(f"/proc/{worker}/fd").iterdir()))
        crowd = [server.connect() for _ in range(50)]
        for each in crowd:
            each.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            # Idle from then on: the next one may take its place.
            assert body(read_response(each)) == b"hello"
        after = len(list(Path(f"/proc/{worker}/fd").iterdir()))
        for each in crowd:
            each.close()

    assert after - before == 20
