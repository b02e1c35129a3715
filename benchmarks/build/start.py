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
    """Seconds until ``/`` answers 200. The container is removed."""
    port = building.free_port(0)
    command = ["docker", "run", "--detach", "--name", container]
    command += ["--publish", f"127.0.0.1:{port}:{contender.port}"]
    command += [*contender.run_options(), contender.image]
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            while not answers(port):
                ended = run.poll() not in (None, 0)
                if ended or time.monotonic() - begun > LIMIT:
                    said = shell.ask(["docker", "logs", container]) or "it logged nothing"
                    raise SetupError(f"{contender.image} does not answer: {said}", "Start it")
                time.sleep(PAUSE)
            return time.monotonic() - begun
        finally:
            run.wait()
            shell.ask(["docker", "rm", "--force", "--volumes", container])


def answers(port: int) -> bool:
    """Before the app listens, the engine's proxy accepts connections and drops them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
