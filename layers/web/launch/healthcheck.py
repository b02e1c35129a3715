"""Asks the server of this container, and ends with 0 when it answers: the process healthcheck.

    python -I -S healthcheck.py [TARGET]

Without TARGET it asks for /, and any status below 500 will do: the server is there, and the app
needn't have such a page. With TARGET (/ready) the status has to be below 400, as for a probe of
Kubernetes. One line says what came: on stdout, or on stderr with exit code 1.

Where the server listens is not read from settings, which a hook, a file or an option may have
overruled, but from the kernel: the listening sockets of the lowest process that has one.
Sources: proc_pid_net(5), proc_pid_fd(5), proc_net_unix in unix(7).
"""

import os
import socket
import sys
import time
from typing import Dict, Iterable, List, NamedTuple, Optional, Union

SECONDS = 4
"""For all of it: less than a probe is usually given."""

LISTEN_TCP = "0A"
ACCEPTS_CONNECTIONS = 0x10000
"""State and flag of a listening socket, in /proc/net/tcp and /proc/net/unix."""

Address = Union["tuple[str, int]", str]


class UnhealthyError(Exception):
    """The line that says why."""


class Listening(NamedTuple):
    """A process and the address that it listens at; of a unix socket, its path."""

    process: int
    address: Address


def main(arguments: "List[str]") -> str:
    """What came, in one line; raises UnhealthyError."""
    if len(arguments) > 1 or not all(is_target(each) for each in arguments):
        raise UnhealthyError(f"healthcheck takes one target that begins with /, not {arguments}")
    begun = time.monotonic()
    server = find_server()
    where = shown(server.address)
    status = ask(server, arguments[0] if arguments else "/", begun + SECONDS)
    took = f"{(time.monotonic() - begun) * 1000:.0f} ms"
    if status >= (400 if arguments else 500):
        raise UnhealthyError(f"{where} answered {status} after {took}")
    return f"{where} answered {status} after {took}"


def is_target(text: str) -> bool:
    return text.startswith("/") and all("!" <= char <= "~" for char in text)


def find_server() -> Listening:
    """Where the container's server listens; raises UnhealthyError."""
    closed = False
    for process in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        if process == os.getpid():
            continue
        try:
            inodes = sockets_of(process)
            tables = {name: read(f"/proc/{process}/net/{name}") for name in ("tcp", "tcp6", "unix")}
        except PermissionError:
            closed = closed or process == 1
            continue
        except OSError:  # it has ended
            continue
        address = first(inodes, tables)
        if address:
            return Listening(process, address)
    if closed:
        raise UnhealthyError("process 1 belongs to another user: run healthcheck as the server's")
    raise UnhealthyError("no process listens yet")


def sockets_of(process: int) -> "List[str]":
    """The inodes of a process's sockets, in the order of their descriptors."""
    folder = f"/proc/{process}/fd"
    found = []
    for name in sorted(os.listdir(folder), key=int):
        try:
            link = os.readlink(f"{folder}/{name}")
        except FileNotFoundError:
            continue
        if link.startswith("socket:["):
            found.append(link[len("socket:[") : -1])
    return found


def first(inodes: "Iterable[str]", tables: "Dict[str, str]") -> "Optional[Address]":
    """The address of the first socket that listens; TCP goes before unix sockets.

    gunicorn opens its sockets before anything of the app's is loaded, and its control socket,
    a unix one, after them.
    """
    tcp = {**tcp_listeners(tables["tcp"]), **tcp_listeners(tables["tcp6"])}
    unix = unix_listeners(tables["unix"])
    known = list(inodes)
    found = [tcp[each] for each in known if each in tcp]
    paths = [unix[each] for each in known if each in unix]
    addresses: "List[Address]" = [*found, *paths]
    return addresses[0] if addresses else None


def tcp_listeners(table: str) -> "Dict[str, tuple[str, int]]":
    """``{inode: (host, port)}`` of /proc/net/tcp or tcp6."""
    found = {}
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTEN_TCP:
            host, _, port = fields[1].partition(":")
            found[fields[9]] = (readable(host), int(port, 16))
    return found


def readable(host: str) -> str:
    """An address of /proc/net: words of four bytes, each in the machine's own order."""
    words = [bytes.fromhex(host[at : at + 8]) for at in range(0, len(host), 8)]
    packed = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)


def unix_listeners(table: str) -> "Dict[str, str]":
    """``{inode: path}`` of /proc/net/unix; a path with @ in front is an abstract name."""
    found = {}
    for line in table.splitlines()[1:]:
        fields = line.split(None, 7)
        if len(fields) == 8 and int(fields[3], 16) & ACCEPTS_CONNECTIONS:
            found[fields[6]] = fields[7]
    return found


def ask(server: Listening, target: str, end: float) -> int:
    """The status of the answer; raises UnhealthyError where none comes in time."""
    where = shown(server.address)
    try:
        with connect(server, end) as connection:
            request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            connection.sendall(f"{request}User-Agent: flaskpack-healthcheck\r\n\r\n".encode())
            line = status_line(connection, end)
    except socket.timeout:
        raise UnhealthyError(f"{where} did not answer within {SECONDS} s") from None
    except OSError as error:
        raise UnhealthyError(f"{where}: {error.strerror or error}") from None
    parts = line.split(b" ")
    if not parts[0].startswith(b"HTTP/1.") or len(parts) < 2 or not parts[1].isdigit():
        raise UnhealthyError(f"{where} answered, but not in HTTP")
    return int(parts[1])


def connect(server: Listening, end: float) -> socket.socket:
    address = server.address
    if not isinstance(address, str):
        return connect_tcp(*address, end)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(left(end))
    if address.startswith("@"):
        connection.connect("\0" + address[1:])
    else:
        # The path is as the server gave it, maybe relative to where it was then.
        connection.connect(os.path.join(f"/proc/{server.process}/cwd", address))
    return connection


def connect_tcp(host: str, port: int, end: float) -> socket.socket:
    """A connection from inside the container; :: is all of both kinds, or of IPv6 alone."""
    *others, last = {"0.0.0.0": ("127.0.0.1",), "::": ("127.0.0.1", "::1")}.get(host, (host,))
    for each in others:
        try:
            return socket.create_connection((each, port), timeout=left(end))
        except ConnectionRefusedError:
            continue
    return socket.create_connection((last, port), timeout=left(end))


def status_line(connection: socket.socket, end: float) -> bytes:
    """The answer's first line, or what there is of it."""
    received = b""
    while b"\n" not in received and len(received) < 1024:
        connection.settimeout(left(end))
        piece = connection.recv(1024)
        if not piece:
            break
        received += piece
    return received.partition(b"\n")[0]


def left(end: float) -> float:
    """Seconds until then; raises socket.timeout where there are none."""
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise socket.timeout
    return seconds


def shown(address: Address) -> str:
    if isinstance(address, str):
        return f"unix:{address}"
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read(path: str) -> str:
    """A table of the kernel's; one for a protocol that it lacks is empty."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except UnhealthyError as problem:
        raise SystemExit(f"Error: {problem}") from None
