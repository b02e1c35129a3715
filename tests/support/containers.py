"""Containers of an image under test: started, asked, started again, and removed."""

import io
import json
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from support.packing import inspect, run

LIMIT = 60
"""Seconds for anything that a container is waited for."""


class Container:
    """One container. Everything it is asked about its output is since its last start."""

    def __init__(
        self,
        image: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        files: Mapping[str, str | bytes] | None = None,
        options: tuple[str, ...] = (),
        port: int = 80,
    ) -> None:
        """``files`` are put in before the first start; a key is an absolute path."""
        self.name = f"flaskpack-test-{uuid4().hex[:12]}"
        self.port = port
        self._before = ("", "")
        command = ["docker", "create", "--name", self.name, "-p", f"127.0.0.1::{port}", *options]
        for key, value in (env or {}).items():
            command += ["--env", f"{key}={value}"]
        created = run(*command, image, *arguments)
        assert created.returncode == 0, created.stdout
        if files:
            self.put(files)

    def put(self, files: Mapping[str, str | bytes], mode: int = 0o644) -> None:
        """Write root's files into the container, running or not."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for path, text in files.items():
                data = text.encode() if isinstance(text, str) else text
                entry = tarfile.TarInfo(path.lstrip("/"))
                entry.size, entry.mode, entry.mtime = len(data), mode, int(time.time())
                archive.addfile(entry, io.BytesIO(data))
        command = ["docker", "cp", "-", f"{self.name}:/"]
        done = subprocess.run(command, input=buffer.getvalue(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        started = run("docker", "start", self.name)
        assert started.returncode == 0, started.stdout

    def twice(self) -> Iterator[None]:
        """What follows is asked after the first start, and again after ``docker restart``."""
        self.start()
        yield
        self._before = self._logged()
        restarted = run("docker", "restart", self.name)
        assert restarted.returncode == 0, restarted.stdout
        yield

    def kill(self, signal: str) -> None:
        run("docker", "kill", "--signal", signal, self.name)

    def stop(self, seconds: int = 30) -> float:
        """``docker stop``; returns how many seconds it took."""
        begin = time.monotonic()
        run("docker", "stop", "--time", str(seconds), self.name)
        return time.monotonic() - begin

    def remove(self) -> None:
        run("docker", "rm", "--force", "--volumes", self.name)

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = inspect(self.name)["State"]
        return state

    def output(self) -> tuple[str, str]:
        """Standard output and error since the last start.

        Not by ``docker logs --since``: the first lines may be older than what Docker notes as
        the time of the start. What the server says when it ends counts as the next start's.
        """
        stdout, stderr = self._logged()
        return stdout.removeprefix(self._before[0]), stderr.removeprefix(self._before[1])

    def _logged(self) -> tuple[str, str]:
        command = ["docker", "logs", self.name]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        return done.stdout, done.stderr

    def wait_for_end(self) -> int:
        """The exit code, once it has one."""
        wait(lambda: not self.state()["Running"], f"{self.name} still runs", self.said)
        code: int = self.state()["ExitCode"]
        return code

    def wait_for_line(self, text: str) -> None:
        wait(lambda: text in "".join(self.output()), f"{text!r} is not logged", self.said)

    def get(self) -> dict[str, Any]:
        """What ``/`` answers, as JSON, once it answers."""
        answers: list[dict[str, Any]] = []

        def answered() -> bool:
            assert self.state()["Running"], f"ended:\n{self.said()}"
            try:
                with urllib.request.urlopen(f"http://{self.address()}/", timeout=10) as answer:
                    answers.append(json.load(answer))
            except (urllib.error.URLError, ConnectionError):
                return False
            return True

        wait(answered, f"{self.name} does not answer", self.said)
        return answers[0]

    def address(self) -> str:
        """Host and port on this machine; another port after each start."""
        return run("docker", "port", self.name, f"{self.port}/tcp").stdout.splitlines()[0]

    def own_address(self) -> tuple[str, int]:
        """Where the server listens in the engine's network, with nothing between."""
        return str(inspect(self.name)["NetworkSettings"]["IPAddress"]), self.port

    def exec(self, *command: str) -> tuple[int, str]:
        """A command beside the server; its exit code and whole output."""
        done = run("docker", "exec", self.name, *command)
        return done.returncode, done.stdout

    def processes(self) -> dict[int, str]:
        """``{process id in the container: command line}`` (blanks between arguments)."""
        script = (
            "for p in /proc/[0-9]*; do "
            'IFS= read -r line <"$p/stat" 2>/dev/null || continue; '
            'echo "${p#/proc/} $(tr "\\0" " " <"$p/cmdline" 2>/dev/null)"; done 2>/dev/null'
        )
        code, said = self.exec("sh", "-c", script)
        assert code == 0, said
        lines = (line.partition(" ") for line in said.splitlines())
        return {int(pid): command.strip() for pid, _, command in lines}

    def workers(self) -> set[int]:
        """Process ids of gunicorn's workers, as the container knows them."""
        found = (pid for pid, line in self.processes().items() if "/gunicorn " in line)
        return {pid for pid in found if pid != 1}

    def wait_for_workers(self, number: int) -> None:
        """Until so many workers run; the first answers before the last is there."""
        wait(
            lambda: len(self.workers()) == number,
            f"{number} workers don't run",
            lambda: "\n".join(self.processes().values()),
        )

    def said(self) -> str:
        """Both streams, for whoever waits in vain."""
        return "".join(self.output())


def wait(
    condition: Callable[[], bool],
    otherwise: str,
    details: Callable[[], str],
    limit: float = LIMIT,
) -> None:
    """Until the condition holds; fails after so many seconds."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, f"{otherwise} after {limit} s:\n{details()}"
        time.sleep(0.05)


def app(name: str) -> Path:
    """A folder of tests/apps."""
    return Path(__file__).parents[1] / "apps" / name
