"""Running other programs: asking them something, or having them do something."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.toolchain.errors import SetupError

Command = Sequence[str | Path]


def ask(command: Command, timeout: float = 30) -> str | None:
    """What the program answers, stripped; None where it is missing, fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def do(
    command: Command,
    *,
    log: Path,
    failure: str,
    remedy: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Runs the program with all its output in ``log``.

    Raises SetupError with ``failure``, the program's last line and ``remedy``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("wb") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                check=False,
            )
    except OSError as problem:
        raise SetupError(f"{failure} ({command[0]}: {problem.strerror})", remedy) from None
    if done.returncode != 0:
        last = last_line(log.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(
            f"{failure} (exit code {done.returncode}: {last}; all of it in {log})", remedy
        )


def last_line(text: str) -> str:
    """The last line that names an error, else the last with something in it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(E:|error|fatal)", line, re.IGNORECASE)]
    return (errors or lines or ["it said nothing"])[-1]
