"""How pack is called, by us and by people."""

import socket
from collections.abc import Mapping
from pathlib import Path

from scripts.toolchain.machine import CERTIFICATES


def command(
    pack: Path | str,
    image: str,
    app: Path | str,
    builder: str,
    bundle: Path | None,
    env: Mapping[str, str],
) -> list[str]:
    """``pack build``, offline but for the package index, which the bundle lets it trust.

    ``env`` is the environment that it will run in.
    """
    certificates = ["--volume", f"{bundle}:{CERTIFICATES}:ro"] if bundle else []
    return [
        *(str(pack), "build", image, "--path", str(app), "--builder", builder),
        *("--pull-policy", "never", "--trust-builder"),
        *engine(env),
        *certificates,
    ]


def engine(env: Mapping[str, str]) -> list[str]:
    """What lets the lifecycle, in its container, save the image where pack's engine is.

    Else it takes the engine behind the usual socket, if there is one.
    """
    return ["--docker-host", "inherit"] if env.get("DOCKER_HOST") else []


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
