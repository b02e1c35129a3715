"""From ``docker run`` to the first answer."""

import http.client
import subprocess
import time

from benchmarks.build.contenders import Contender
from scripts.toolchain import building, shell
from scripts.toolchain.errors import SetupError

PAUSE = 0.004
"""Seconds between two questions: as exact as the figure gets."""

LIMIT = 60
"""Seconds for an app to answer."""


def to_first_answer(contender: Contender, container: str) -> float:
    """Seconds until ``/`` answers. The container is removed."""
    port = building.free_port(0)
    command = ["docker", "run", "--detach", "--name", container]
    command += ["--publish", f"127.0.0.1:{port}:{contender.port}"]
    command += [*contender.run_options(), contender.image]
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            while (status := answer(port)) is None:
                if run.poll() not in (None, 0) or time.monotonic() - begun > LIMIT:
                    break
                time.sleep(PAUSE)
            taken = time.monotonic() - begun
            if status != 200:
                raise SetupError(
                    f"{contender.image} answers {status or 'nothing'}; its last line: "
                    + shell.last_line(logged(container)),
                    "Start it by hand",
                )
            return taken
        finally:
            run.wait()
            shell.ask(["docker", "rm", "--force", "--volumes", container])


def answer(port: int) -> int | None:
    """The status of ``/``; None where nobody listens yet.

    Before the app does, the engine's proxy accepts connections and drops them. Once it
    does, one question is enough: it waits in the queue until a worker is ready.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def logged(container: str) -> str:
    """Both streams."""
    output, everything = subprocess.PIPE, subprocess.STDOUT
    command = ["docker", "logs", container]
    return subprocess.run(command, stdout=output, stderr=everything, text=True, check=False).stdout
