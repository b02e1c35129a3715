"""What a server's processes take: all of those in its session."""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """Seconds of the processors since the start, and bytes of memory now.

    Memory is the proportional set size: what processes share is divided among them.
    """

    processor: float
    memory: int


def usage(session: int) -> Usage:
    """Of all processes in a session together."""
    pids = members(session)
    return Usage(sum(map(_processor, pids)), sum(map(_memory, pids)))


def members(session: int) -> list[int]:
    """Process ids of those that haven't ended, the leader first."""
    found = (int(place.name) for place in PROC.iterdir() if place.name.isdecimal())
    ours = (pid for pid in found if _session(pid) == session)
    # Ids start again from below.
    return sorted(ours, key=lambda pid: (pid != session, pid))


def _session(pid: int) -> int | None:
    """proc_pid_stat(5): behind the program's name, which may hold anything, the state comes first
    and the session fourth."""
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return int(fields[3]) if fields and fields[0] not in "ZX" else None


def _processor(pid: int) -> float:
    """The first number of each thread's schedstat: nanoseconds; a tick would be 10 ms."""
    threads = map(_text, (PROC / str(pid) / "task").glob("*/schedstat"))
    return sum(int(told.split()[0]) for told in threads if told) / 1e9


def _memory(pid: int) -> int:
    lines = _read(pid, "smaps_rollup").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def _read(pid: int, name: str) -> str:
    return _text(PROC / str(pid) / name)


def _text(path: Path) -> str:
    """Empty where the process has ended."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
