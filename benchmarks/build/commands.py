"""Running a program for so long as it takes, and ending it with us."""

import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from scripts.toolchain import shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.shell import Command

PATIENCE = 15
"""Seconds for a program that was interrupted to tidy up."""


def timed(command: Command, *, env: Mapping[str, str], log: Path, failure: str) -> float:
    """Seconds that the program ran; raises SetupError where it fails.

    It gets a session of its own: an interrupt is for us alone, and we pass it on.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        begun = time.monotonic()
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait()
        except BaseException:
            end(process)
            raise
        taken = time.monotonic() - begun
    if code != 0:
        last = shell.last_line(log.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(f"{failure} (exit code {code}: {last})", f"All that it said: {log}")
    return taken


def end(process: subprocess.Popen[bytes]) -> None:
    """Interrupts the program, and kills it where it doesn't end."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
