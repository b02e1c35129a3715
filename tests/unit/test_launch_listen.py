"""Where to listen: the decision as a table, the kernel's answers for real."""

import errno
import os
import socket
from pathlib import Path

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import listen  # isort: skip

WARNING = (
    "port 80 is not permitted for this user, listening on 8080: give a PORT (or BIND) from "
    "1024 up, or run with --sysctl net.ipv4.ip_unprivileged_port_start=0"
)


@pytest.mark.parametrize(
    ("host", "port", "bind", "expected"),
    [
        ("0.0.0.0", None, None, ("0.0.0.0:80", "80", None)),
        ("127.0.0.1", None, None, ("127.0.0.1:80", "80", None)),
        ("0.0.0.0", 8080, None, ("0.0.0.0:8080", "8080", None)),
        ("::", None, None, ("[::]:80", "80", None)),
        ("::1", 9, None, ("[::1]:9", "9", None)),
        ("[::1]", 9, None, ("[::1]:9", "9", None)),
        ("127.0.0.1", 9000, "0.0.0.0:8080", ("0.0.0.0:8080", "9000", None)),
        ("127.0.0.1", None, "unix:/s", ("unix:/s", "80", None)),
    ],
)
def test_where(
    host: str, port: "int | None", bind: "str | None", expected: tuple[str, str, "str | None"]
) -> None:
    assert listen.decide(host, port, bind, lambda _host, _port: True) == expected


def test_80_that_is_not_permitted_becomes_8080() -> None:
    def refuse(_host: str, _port: int) -> bool:
        return False

    assert listen.decide("0.0.0.0", None, None, refuse) == ("0.0.0.0:8080", "8080", WARNING)
    assert listen.decide("::", None, None, refuse).bind == "[::]:8080"
    # Asked for by name, it stays: it shall fail with its own words.
    assert listen.decide("0.0.0.0", 80, None, refuse) == ("0.0.0.0:80", "80", None)
    assert listen.decide("0.0.0.0", None, "a:80", refuse) == ("a:80", "80", None)


def test_a_port_in_use_is_permitted_and_a_problem() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        host, port = server.getsockname()
        assert listen.is_permitted(host, port)
        assert listen.find_problem([(host, port)]) == (
            f"cannot listen on {host}:{port}: another process has it; give another PORT (or BIND)"
        )
    assert listen.find_problem([(host, port)]) is None


def test_a_port_whose_last_connections_have_not_faded_yet_is_free() -> None:
    """As after a restart in the host's network: TIME_WAIT is on the server's side."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address) as client:
            server.accept()[0].close()
            assert client.recv(1) == b""
    assert listen.find_problem([address]) is None


def test_any_other_error_is_told_in_the_kernels_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: socket.socket, _address: object) -> None:
        raise OSError(errno.ENOBUFS, "No buffer space available")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert listen.is_permitted("0.0.0.0", 80)
    assert listen.find_problem([("0.0.0.0", 80)]) == (
        "cannot listen on 0.0.0.0:80: No buffer space available"
    )


def test_addresses_that_no_machine_has() -> None:
    assert listen.find_problem([("192.0.2.1", 8000)]) == (
        "cannot listen on 192.0.2.1:8000: not an address of this container; HOST=0.0.0.0 is all"
    )
    assert listen.find_problem([("nosuch.invalid", 8000)]) == (
        "cannot listen on nosuch.invalid:8000: there is no host of that name"
    )


def test_unix_sockets(tmp_path: Path) -> None:
    place = tmp_path / "app.sock"
    assert listen.find_problem([str(place)]) is None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        assert listen.find_problem([str(place)]) is None  # gunicorn replaces it
    missing = tmp_path / "none"
    assert listen.find_problem([f"{missing}/s"]) == (
        f"cannot listen on unix:{missing}/s: there is no folder {missing}"
    )
    (tmp_path / "file").touch()
    assert listen.find_problem([f"{tmp_path}/file"]) == (
        f"cannot listen on unix:{tmp_path}/file: something else than a socket is there"
    )
    long = f"{tmp_path}/{'x' * 108}"
    assert listen.find_problem([long]) == f"cannot listen on unix:{long}: longer than 107 bytes"


def test_a_folder_that_this_user_cannot_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert listen.find_problem(["/run/app.sock"]) == (
        "cannot listen on unix:/run/app.sock: this user can't write to /run"
    )


def test_descriptors(tmp_path: Path) -> None:
    with socket.socket() as server, (tmp_path / "file").open("w") as file:
        assert listen.find_problem([server.fileno()]) is None
        assert listen.find_problem([server.fileno(), file.fileno()]) == (
            f"cannot listen on fd://{file.fileno()}: it is no socket"
        )
    assert listen.find_problem([987654]) == (
        "cannot listen on fd://987654: no file is open under this number"
    )


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, False),
        ({"LISTEN_PID": "1", "LISTEN_FDS": "2"}, True),
        ({"LISTEN_PID": "1", "LISTEN_FDS": "0"}, False),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "2"}, False),  # another process' environment
        ({"LISTEN_FDS": "2"}, False),
        ({"GUNICORN_FD": "5", "GUNICORN_PID": "1"}, True),
    ],
)
def test_sockets_that_come_open(environ: dict[str, str], expected: bool) -> None:
    assert listen.inherits(environ, 1) is expected


def test_a_port_that_is_not_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: socket.socket, _address: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert not listen.is_permitted("0.0.0.0", 80)
    assert listen.find_problem([("0.0.0.0", 443)]) == (
        "cannot listen on 0.0.0.0:443: not permitted for this user: give a PORT (or BIND) from "
        "1024 up, or run with --sysctl net.ipv4.ip_unprivileged_port_start=0"
    )


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert listen.__file__.startswith(str(MODULES))
