"""Where to listen, and whether that is possible."""

import errno
import os
import socket
import stat
from pathlib import Path
from typing import Callable, Iterable, Mapping, NamedTuple, Optional, Union

Address = Union["tuple[str, int]", str, int]

_WAY_OUT = (
    "give a PORT (or BIND) from 1024 up, or run with --sysctl net.ipv4.ip_unprivileged_port_start=0"
)


_LONGEST_PATH = 107
"""unix(7): sun_path has 108 bytes, the last is a NUL."""


class Listen(NamedTuple):
    """gunicorn's bind as on its command line, the port of HOST, and a line for the log or None."""

    bind: str
    port: str
    warning: Optional[str]


def decide(
    host: str, port: Optional[int], bind: Optional[str], is_permitted: Callable[[str, int], bool]
) -> Listen:
    """BIND, else HOST and PORT, else port 80, or 8080 where 80 is not permitted."""
    if bind:
        return Listen(bind, str(port or 80), None)
    if port:
        return Listen(f"{_bracketed(host)}:{port}", str(port), None)
    if is_permitted(host, 80):
        return Listen(f"{_bracketed(host)}:80", "80", None)
    warning = f"port 80 is not permitted for this user, listening on 8080: {_WAY_OUT}"
    return Listen(f"{_bracketed(host)}:8080", "8080", warning)


def inherits(environ: Mapping[str, str], pid: int) -> bool:
    """Whether the sockets come open: from systemd or podman, or from the server it replaces."""
    activated = environ.get("LISTEN_PID") == str(pid) and environ.get("LISTEN_FDS", "0") != "0"
    return activated or "GUNICORN_FD" in environ


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def always(_host: str, _port: int) -> bool:
    """In place of `is_permitted` where nothing is to be opened."""
    return True


def is_permitted(host: str, port: int) -> bool:
    """Whether the kernel lets this user have the port; one in use is permitted."""
    return getattr(_try(host.strip("[]"), port), "errno", None) not in (errno.EACCES, errno.EPERM)


def find_problem(addresses: Iterable[Address]) -> Optional[str]:
    """The first address that can't be had, as a sentence."""
    for address in addresses:
        if isinstance(address, tuple):
            error = _try(*address)
            problem = _words(address, error) if error else None
        elif isinstance(address, int):
            problem = _problem_of_descriptor(address)
        else:
            problem = _problem_of_path(Path(address))
        if problem:
            return problem
    return None


def _problem_of_descriptor(number: int) -> Optional[str]:
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        return f"cannot listen on fd://{number}: no file is open under this number"
    return None if stat.S_ISSOCK(mode) else f"cannot listen on fd://{number}: it is no socket"


def _problem_of_path(path: Path) -> Optional[str]:
    """gunicorn replaces a socket that is there already."""
    folder = path.parent
    if len(os.fsencode(path)) > _LONGEST_PATH:
        why = f"longer than {_LONGEST_PATH} bytes"
    elif not folder.is_dir():
        why = f"there is no folder {folder}"
    elif not os.access(folder, os.W_OK | os.X_OK):
        why = f"this user can't write to {folder}"
    elif path.exists() and not path.is_socket():
        why = "something else than a socket is there"
    else:
        return None
    return f"cannot listen on unix:{path}: {why}"


def _try(host: str, port: int) -> Optional[OSError]:
    """The error of binding to an address, let go at once; a hair's breadth, one system call."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error
    return None


def _words(address: "tuple[str, int]", error: OSError) -> str:
    host, port = address
    if isinstance(error, socket.gaierror):
        return f"cannot listen on {host}:{port}: there is no host of that name"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"cannot listen on {host}:{port}: not permitted for this user: {_WAY_OUT}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"cannot listen on {host}:{port}: another process has it; give another PORT (or BIND)"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"cannot listen on {host}:{port}: not an address of this container; HOST=0.0.0.0 is all"
        )
    return f"cannot listen on {host}:{port}: {error.strerror}"
