"""Where to listen, and whether that is possible."""

import errno
import socket
from typing import Callable, Iterable, NamedTuple, Optional, Union

Address = Union["tuple[str, int]", str, int]

_WAY_OUT = (
    "give a PORT (or BIND) from 1024 up, or run with --sysctl net.ipv4.ip_unprivileged_port_start=0"
)


class Listen(NamedTuple):
    """gunicorn's bind, the port that goes with HOST, and a line for the log or None."""

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


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def is_permitted(host: str, port: int) -> bool:
    """Whether the kernel lets this user have the port; one in use is permitted."""
    return getattr(_try(host.strip("[]"), port), "errno", None) not in (errno.EACCES, errno.EPERM)


def find_problem(addresses: Iterable[Address]) -> Optional[str]:
    """The first address that can't be had, as a sentence; pairs of host and port only."""
    for address in addresses:
        if isinstance(address, tuple):
            error = _try(*address)
            if error:
                return _words(address, error)
    return None


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
