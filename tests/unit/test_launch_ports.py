"""Where a real gunicorn listens: several places, IPv6, unix sockets, sockets that come open."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.containers import wait
from support.gunicorns import APP, CONF, ended

ACTIVATE = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execvp(sys.argv[2], sys.argv[2:])
"""


@contextmanager
def gunicorn(folder: Path, *fds: int, by: tuple[str, ...] = (), **env: str) -> Iterator[Path]:
    """gunicorn, in the place of another command where one is given; its log."""
    (folder / "main.py").write_text(APP)
    log = folder / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [*by, "gunicorn", "-c", str(CONF), "main:app"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "WEB_CONCURRENCY": "1", **env},
            stderr=stderr,
            pass_fds=fds,
        )
    try:
        wait(lambda: "Booting worker" in log.read_text(), "no worker", log.read_text)
        yield log
    finally:
        process.terminate()
        process.wait(20)


def free_port(host: str) -> int:
    with socket.create_server((host, 0), family=family(host)) as server:
        port: int = server.getsockname()[1]
    return port


def family(host: str) -> int:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def answers(kind: int, address: Any) -> bool:
    with socket.socket(kind) as client:
        client.settimeout(10)
        client.connect(address)
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        received = b""
        while piece := client.recv(4096):
            received += piece
    return received.endswith(b"served")


@pytest.mark.parametrize("host", ["::1", "::", "[::1]"])
def test_ipv6(tmp_path: Path, host: str) -> None:
    port = free_port("::1")
    with gunicorn(tmp_path, HOST=host, PORT=str(port)) as log:
        assert answers(socket.AF_INET6, ("::1", port))
        assert f"Listening at: http://[{host.strip('[]')}]:{port} (" in log.read_text()


def test_several_places(tmp_path: Path) -> None:
    port, path = free_port("127.0.0.1"), tmp_path / "app.sock"
    with gunicorn(tmp_path, BIND=f"127.0.0.1:{port},unix:{path}"):
        assert answers(socket.AF_INET, ("127.0.0.1", port))
        assert answers(socket.AF_UNIX, str(path))


def test_a_descriptor(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.fileno()
        with gunicorn(tmp_path, number, BIND=f"fd://{number}"):
            assert answers(socket.AF_INET, server.getsockname())


def test_sockets_that_systemd_or_podman_opened(tmp_path: Path) -> None:
    """They begin at descriptor 3. Nothing else is opened, and nothing is said about port 80."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.fileno()
        with gunicorn(tmp_path, number, by=(sys.executable, "-c", ACTIVATE, str(number))) as log:
            assert answers(socket.AF_INET, server.getsockname())
            host, port = server.getsockname()
            assert f"Listening at: http://{host}:{port} (" in log.read_text()
            assert "[WARNING]" not in log.read_text()


@pytest.mark.parametrize(
    ("bind", "words"),
    [
        ("unix:/nosuch/s", "unix:/nosuch/s: there is no folder /nosuch"),
        ("unix:main.py", "unix:main.py: something else than a socket is there"),
        ("fd://987", "fd://987: no file is open under this number"),
        ("127.0.0.1:{free},192.0.2.1:80",
         "192.0.2.1:80: not an address of this container; HOST=0.0.0.0 is all"),
        ("127.0.0.1:{free},127.0.0.1:{taken}",
         "127.0.0.1:{taken}: another process has it; give another PORT (or BIND)"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_one_line(tmp_path: Path, bind: str, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ports = {"free": free_port("127.0.0.1"), "taken": server.getsockname()[1]}
        code, said = ended(tmp_path, BIND=bind.format(**ports))
    assert (code, said) == (1, f"Error: cannot listen on {words.format(**ports)}\n")
