"""How pack is called, by us and by people."""

import socket
from pathlib import Path

from scripts.toolchain.machine import CERTIFICATES


def command(
    pack: Path | str, image: str, app: Path | str, builder: str, bundle: Path | None
) -> list[str]:
    """``pack build``, offline but for the package index, which the bundle lets it trust."""
    certificates = ["--volume", f"{bundle}:{CERTIFICATES}:ro"] if bundle else []
    return [
        *(str(pack), "build", image, "--path", str(app), "--builder", builder),
        *("--pull-policy", "never", "--trust-builder"),
        *certificates,
    ]


def free_port(wanted: int) -> int:
    """The wanted port if nobody has it on this machine's own address, else any."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            # A port whose last connections have only just ended is free as well.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("port 0 can always be bound")
