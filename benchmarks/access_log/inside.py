"""The measurement itself, on the Python that has the tools."""

import re
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from harness import environments
from harness.servers import listening
from harness.wire import read_response, wait_until

from benchmarks import machine
from benchmarks.access_log.__main__ import parse, today
from scripts.toolchain import say, setup

FORMS = ("0", "combined", "json")
APPS = ("plain", "flask_app")
FEW, MANY = 200, 1200
"""Requests of two runs: what differs is the requests' own."""

REQUEST = (
    b"GET /?a=b HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    b"Accept: */*\r\nReferer: http://shop.example/\r\n\r\n"
)
CONF = setup.REPOSITORY / "layers" / "web" / "launch" / "gunicorn_conf.py"
READING = """\
Instructions of the worker's process for one request on a kept connection, logging to a file \
included: the difference of two runs of 200 and 1,200 requests under callgrind. The kernel's part \
of writing a line isn't in it.
"""


def main(arguments: list[str]) -> None:
    asked = parse(arguments)
    program = environments.environment(sys.executable, environments.pinned_gunicorn())
    lines = []
    for app in APPS:
        base = 0
        for form in FORMS:
            cost = (counted(program, app, form, MANY) - counted(program, app, form, FEW)) // (
                MANY - FEW
            )
            base = base or cost
            added = "" if form == "0" else f"+{cost - base:,} (+{(cost - base) / base:.1%})"
            lines.append(f"| {app} | `{form}` | {cost:,} | {added} |")
            say.line(lines[-1])
    facts = {"commit": machine.commit(setup.REPOSITORY), **machine.computer()}
    text = "\n".join(
        [
            f"# The access log's cost, {today()}",
            "",
            *(f"- {what}: {words}" for what, words in facts.items()),
            "",
            "| app | ACCESS_LOG | instructions | more |",
            "|---|---|--:|--:|",
            *lines,
            "",
            READING,
        ]
    )
    asked.to.mkdir(parents=True, exist_ok=True)
    (asked.to / f"{today()}.md").write_text(text, encoding="utf-8")


def counted(python: Path, app: str, form: str, requests: int) -> int:
    """All instructions of a worker that answers so many requests and ends."""
    with tempfile.TemporaryDirectory() as scratch, listening() as listener:
        out = Path(scratch) / "callgrind.%p"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(python)]
        command += ["-m", "gunicorn", "-k", "egg:meinheld#gunicorn_worker", "-c", str(CONF)]
        command += ["--bind", f"fd://{listener.fileno()}", "--pid", f"{scratch}/pid"]
        env = {"ACCESS_LOG": form, "WEB_CONCURRENCY": "1", "THREADS": "1", "PATH": "/usr/bin:/bin"}
        # Under callgrind all is fifty times slower.
        env |= {"TIMEOUT": "0", "GRACEFUL_TIMEOUT": "300"}
        # Flask is among the tools.
        roots = (CONF.parent / "modules", setup.REPOSITORY, sysconfig.get_path("purelib"))
        env |= {"PYTHONPATH": ":".join(map(str, roots)), "HOME": scratch}
        with (Path(scratch) / "log").open("wb") as log:
            server = subprocess.Popen(
                [*command, f"benchmarks.access_log.apps:{app}"],
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
                env=env,
            )
        try:
            ask(listener.getsockname(), requests)
        finally:
            server.terminate()
            server.wait(300)
        wait_until(lambda: len(list(Path(scratch).glob("callgrind.*"))) == 2, "both have ended")
        (worker,) = (
            each for each in Path(scratch).glob("callgrind.*") if each.suffix != f".{server.pid}"
        )
        found = re.search(r"^summary: (\d+)", worker.read_text(), re.MULTILINE)
        assert found, worker.name
        return int(found[1])


def ask(address: tuple[str, int], requests: int) -> None:
    """So many requests on one connection."""
    with socket.create_connection(address, timeout=600) as connection:
        for _ in range(requests):
            connection.sendall(REQUEST)
            assert read_response(connection).startswith(b"HTTP/1.1 200 ")


if __name__ == "__main__":
    main(sys.argv[1:])
