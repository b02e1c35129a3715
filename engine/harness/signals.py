"""What gunicorn documents of each signal, done to a server under load."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from harness.servers import Server, listening, serving
from harness.vitals import open_files
from harness.wire import wait_until


@dataclass
class Storm:
    """A server with two workers that binds its port itself; USR2 changes its arbiter."""

    server: Server
    port: int
    folder: Path

    @property
    def marks(self) -> Path:
        """The file that /mark writes to."""
        return self.folder / "marks"

    @property
    def log(self) -> Path:
        """The access log."""
        return self.folder / "access.log"

    @property
    def pidfile(self) -> Path:
        """The arbiter's."""
        return self.folder / "pid"

    def arbiter(self) -> int:
        """The process id in the pidfile, which HUP and USR2 make anew."""
        pid = ""

        def found() -> bool:
            nonlocal pid
            pid = self._pid()
            return pid != ""

        wait_until(found, "there is a pidfile")
        return int(pid)

    def _pid(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return self.pidfile.read_text()
        return ""

    def workers(self) -> set[int]:
        """Children of the arbiter that have none themselves."""
        return {pid for pid in _children(self.arbiter()) if not _children(pid)}

    def send(self, number: int) -> None:
        """To the arbiter."""
        os.kill(self.arbiter(), number)

    def end(self) -> None:
        """In order; what was found on the way out is in the log then."""
        self.send(signal.SIGTERM)
        wait_until(lambda: not self.pidfile.exists(), "it ends")


@contextlib.contextmanager
def storm(
    python: Path,
    folder: Path,
    *options: str,
    threads: str,
    prefix: tuple[str, ...] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Storm]:
    """Two workers, ready."""
    with listening() as some:
        port = some.getsockname()[1]
    (folder / "marks").touch()
    with serving(
        python,
        *("--workers", "2", "--threads", threads, "--pid", str(folder / "pid")),
        *("--access-logfile", str(folder / "access.log"), *options),
        bind=f"127.0.0.1:{port}",
        prefix=prefix,
        environment={"MARKS": str(folder / "marks"), **environment},
    ) as server:
        made = Storm(server, port, folder)
        wait_until(made.pidfile.exists, "gunicorn runs")
        try:
            wait_until(lambda: len(made.workers()) == 2, "both workers are there")
            yield made
        finally:
            # Not always the one that was started.
            if made.pidfile.exists():
                made.end()


def hup(storm: Storm) -> None:
    """New workers, with the configuration read anew."""
    before = storm.workers()
    storm.send(signal.SIGHUP)
    wait_until(lambda: not before & storm.workers(), "the old workers are gone")
    wait_until(lambda: len(storm.workers()) == 2, "the new workers are there")


def ttin_and_ttou(storm: Storm) -> None:
    """One worker more, then one less: the oldest goes."""
    before = storm.workers()
    storm.send(signal.SIGTTIN)
    wait_until(lambda: len(storm.workers()) == 3, "there is one more")
    storm.send(signal.SIGTTOU)
    wait_until(lambda: len(storm.workers()) == 2, "there is one less")
    assert len(storm.workers() - before) == 1


def usr1(storm: Storm) -> None:
    """All reopen their logs."""
    rotated = storm.folder / f"access.log.{time.monotonic_ns()}"
    storm.log.rename(rotated)
    storm.send(signal.SIGUSR1)
    wait_until(storm.log.exists, "the log is made anew")
    workers = storm.workers()
    wait_until(
        lambda: not any(str(rotated) in open_files(pid) for pid in workers),
        "the workers let go of it",
    )
    rotated.unlink()


def usr2_and_term(storm: Storm) -> None:
    """A new arbiter with workers of its own takes the place of the old one."""
    old = storm.arbiter()
    storm.send(signal.SIGUSR2)
    new = storm.folder / "pid.2"
    wait_until(lambda: new.exists() and len(_children(int(new.read_text()))) == 2, "it is there")
    os.kill(old, signal.SIGTERM)
    wait_until(lambda: not new.exists() and storm.pidfile.exists(), "the old arbiter is gone")
    assert storm.server.process.wait() == 0
    wait_until(lambda: len(storm.workers()) == 2, "the new one's workers are there")


def winch(storm: Storm) -> None:
    """Nothing, in the foreground."""
    before = storm.workers()
    storm.send(signal.SIGWINCH)
    for pid in before:
        os.kill(pid, signal.SIGWINCH)
    storm.send(signal.SIGTTIN)
    wait_until(lambda: len(storm.workers()) == 3, "what came later is done")
    storm.send(signal.SIGTTOU)
    wait_until(lambda: len(storm.workers()) == 2, "there is one less")


def kill_a_worker_gently(storm: Storm) -> None:
    """TERM to a worker: it ends in order, and another takes its place."""
    victim = min(storm.workers())
    os.kill(victim, signal.SIGTERM)
    wait_until(lambda: victim not in storm.workers(), "it is gone")
    wait_until(lambda: len(storm.workers()) == 2, "another is there")


ACTIONS: dict[str, Callable[[Storm], None]] = {
    "HUP": hup,
    "TTIN, TTOU": ttin_and_ttou,
    "USR1": usr1,
    "USR2, TERM": usr2_and_term,
    "WINCH": winch,
    "TERM to a worker": kill_a_worker_gently,
}


def _children(pid: int) -> set[int]:
    with contextlib.suppress(OSError):
        return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return set()
