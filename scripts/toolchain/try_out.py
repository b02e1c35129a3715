"""scripts/try: the example, built, started and asked."""

import http.client
import shlex
import shutil
import subprocess
import urllib.request
from pathlib import Path

from scripts.toolchain import building, docker, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.setup import BUILDER, REPOSITORY, Toolchain

NAME = "flaskpack-hello"
"""Both the image's and the container's."""

PATIENCE = 30
"""Seconds for the app to answer."""


def try_out(tools: Toolchain) -> None:
    build(tools)
    port = start()
    answer = first_answer(port)
    say.line(farewell(tools, port, answer))


def build(tools: Toolchain) -> None:
    app = REPOSITORY / "examples" / "hello"
    command = building.command(tools.pack, NAME, app, BUILDER, tools.certificates, tools.site.env)
    say.line(f"\n$ {shlex.join(command)}")
    done = subprocess.run(command, env=tools.site.env, check=False)
    if done.returncode != 0:
        raise SetupError(f"pack build failed (exit code {done.returncode})", "Its output is above")


def start() -> int:
    """Starts the image, in place of an earlier one; returns the port on this machine."""
    shell.ask(["docker", "rm", "--force", NAME])
    port = building.free_port(8000)
    command = ["docker", "run", "--detach", "--name", NAME]
    command += ["--publish", f"127.0.0.1:{port}:80", NAME]
    say.line(f"\n$ {shlex.join(command)}")
    if shell.ask(command) is None:
        raise SetupError(f"The container {NAME} did not start", f"Try: {shlex.join(command)}")
    return port


def first_answer(port: int) -> str:
    answers: list[str] = []

    def settled() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                answers.append(response.read().decode())
        except (OSError, http.client.HTTPException):
            running = shell.ask(["docker", "inspect", "--format", "{{.State.Running}}", NAME])
            return running != "true"
        return True

    docker.wait_for(settled, PATIENCE)
    if not answers:
        subprocess.run(["docker", "logs", NAME], check=False)
        raise SetupError(f"The container {NAME} did not answer", "Its log is above")
    return answers[0]


def farewell(tools: Toolchain, port: int, answer: str) -> str:
    """The answer, and what to type next."""
    program = "pack" if shutil.which("pack") == str(tools.pack) else tools.pack
    own = building.command(
        program, "myapp", Path("DIR"), BUILDER, tools.certificates, tools.site.env
    )
    return f"""
http://127.0.0.1:{port}/ answers:

{answer.rstrip()}

To stop it:
  docker rm -f {NAME}

The same with a folder of your own (DIR holds main.py and requirements.txt):
  {shlex.join(own)}
  docker run --rm --publish 8080:80 myapp

All of it after {say.elapsed()}."""
