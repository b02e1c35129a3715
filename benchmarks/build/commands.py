"""Running a program for so long as it takes, and ending it with us."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from scripts.toolchain import shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.shell import Command


def timed(command: Command, *, env: Mapping[str, str], log: Path, failure: str) -> float:
    """Seconds that the program ran; raises SetupError where it fails.

    It gets a session of its own: an interrupt is for us alone. We kill it then, for pack,
    when interrupted, removes its container and forgets the network that it made for it.
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
            process.kill()
            process.wait()
            raise
        taken = time.monotonic() - begun
    if code != 0:
        last = shell.last_line(log.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(f"{failure} (exit code {code}: {last})", f"All that it said: {log}")
    return taken
