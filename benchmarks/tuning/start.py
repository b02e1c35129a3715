"""What reading the included configuration costs at the start."""

import resource
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Spread, spread
from benchmarks.serve.peers import Tools
from benchmarks.serve.running import environment, free_port
from scripts.toolchain import say

CONF = Path(__file__).parents[2] / "layers" / "web" / "launch" / "gunicorn_conf.py"
FILES = ("an empty file", "the included one")
LIMIT = 20
"""Seconds until there is an answer."""


@dataclass(frozen=True)
class Start:
    """Of gunicorn with a configuration: milliseconds of the processor for reading it, and
    milliseconds from the start to the first answer."""

    processor: Spread
    answer: Spread


def starts(tools: Tools, rounds: int) -> dict[str, Start]:
    """Of a plain app with an empty file and with ours, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.touch()
        files = dict(zip(FILES, (empty, CONF), strict=True))
        samples: dict[str, list[tuple[float, float]]] = {name: [] for name in files}
        for _ in range(rounds):
            for name, file in files.items():
                samples[name].append((_reading(tools, folder, file), _first(tools, folder, file)))
    say.line(f"The start is measured, after {say.elapsed()}")
    return {
        name: Start(*(spread(values) for values in zip(*taken, strict=True)))
        for name, taken in samples.items()
    }


def _gunicorn(tools: Tools, conf: Path, *options: str) -> list[str | Path]:
    command: list[str | Path] = [tools.python, "-m", "gunicorn", "-k", "sync", "-c", conf]
    return [*command, "--no-control-socket", *options, "plain:app"]


def _reading(tools: Tools, home: str, conf: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = _gunicorn(tools, conf, "--check-config")
    subprocess.run(command, cwd=tools.app, env=environment(tools, home, False), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def _first(tools: Tools, home: str, conf: Path) -> float:
    port = free_port()
    begun = time.monotonic()
    process = subprocess.Popen(
        _gunicorn(tools, conf, "-w", "1", "-b", f"127.0.0.1:{port}"),
        cwd=tools.app,
        env=environment(tools, home, False),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if time.monotonic() - begun > LIMIT:
                raise TimeoutError(f"no answer within {LIMIT} s")
            time.sleep(0.001)
        return (time.monotonic() - begun) * 1000
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.")
    except OSError:
        return False
