"""The process healthcheck: 0 when the server of its container answers, wherever it listens."""

import re
from typing import Any

import pytest
from support.containers import Container, wait
from support.images import Images, Run
from support.packing import inspect
from support.packing import run as command


@pytest.fixture
def operated(run: Run, images: Images) -> Run:
    image = images.name("operated")

    def make(*arguments: str, **how: Any) -> Container:
        container = run(*arguments, image=image, **how)
        container.start()
        return container

    return make


def checked(container: Container, *arguments: str) -> tuple[int, str]:
    """The exit code and the line of a health check, a number in it as N."""
    code, said = container.exec("healthcheck", *arguments)
    return code, re.sub(r"after \d+ ms", "after N ms", said)


def healthy(container: Container, address: str) -> None:
    container.wait_for_line("Booting worker")
    assert checked(container) == (0, f"{address} answered 200 after N ms\n")


LOCAL = "0.0.0.0:80"


@pytest.mark.parametrize(
    ("how", "arguments", "address"),
    [
        ({}, (), LOCAL),
        ({"env": {"PORT": "8080"}}, (), "0.0.0.0:8080"),
        ({"env": {"HOST": "127.0.0.1"}}, (), "127.0.0.1:80"),
        ({"env": {"HOST": "::"}}, (), "[::]:80"),
        ({"env": {"BIND": "unix:/tmp/a b.sock"}}, (), "unix:/tmp/a b.sock"),
        ({"env": {"BIND": "unix:/tmp/x.sock,0.0.0.0:81"}}, (), "0.0.0.0:81"),
        ({}, ("--bind", "127.0.0.1:5000"), "127.0.0.1:5000"),
        ({"env": {"GUNICORN_CMD_ARGS": "-b unix:run.sock --chdir /tmp -e PYTHONPATH=/workspace"}},
         ("--pythonpath", "/workspace"), "unix:run.sock"),
        ({"files": {"/workspace/gunicorn_conf.py": "bind = '0.0.0.0:7000'\n"}}, (),
         "0.0.0.0:7000"),
        ({"files": {"/workspace/prestart.sh": "export PORT=7001\n"}}, (), "0.0.0.0:7001"),
        ({"options": ("--init",)}, (), LOCAL),
        ({"options": ("--user", "4321:0")}, (), LOCAL),
        ({"env": {"WORKER_CLASS": "gthread"}}, (), LOCAL),
        ({}, ("--control-socket", "/tmp/control"), LOCAL),
    ],
)  # fmt: skip
def test_where_the_server_listens(
    operated: Run, how: dict[str, Any], arguments: tuple[str, ...], address: str
) -> None:
    healthy(operated(*arguments, **how), address)


@pytest.mark.parametrize(
    ("status", "arguments", "code"),
    [
        ("302", (), 0),
        ("404", (), 0),
        ("500", (), 1),
        ("503", (), 1),
        ("302", ("/?x=1",), 0),
        ("404", ("/",), 1),
    ],
)
def test_which_status_will_do(
    operated: Run, status: str, arguments: tuple[str, ...], code: int
) -> None:
    container = operated(env={"STATUS": status})
    container.wait_for_line("Booting worker")
    error = "Error: " if code else ""
    assert checked(container, *arguments) == (
        code,
        f"{error}{LOCAL} answered {status} after N ms\n",
    )


def test_before_the_server_is_there(operated: Run) -> None:
    wait_here = "echo the hook begins\nwhile [ ! -e /tmp/go ]; do sleep 0.1; done\n"
    container = operated(files={"/workspace/prestart.sh": wait_here})
    container.wait_for_line("the hook begins")
    assert checked(container) == (1, "Error: no process listens yet\n")
    assert container.exec("touch", "/tmp/go")[0] == 0
    healthy(container, LOCAL)


def test_a_server_that_hangs(operated: Run) -> None:
    container = operated(env={"TIMEOUT": "0"})
    healthy(container, LOCAL)
    (worker,) = container.workers()
    assert container.exec("sh", "-c", f"kill -STOP {worker}")[0] == 0
    assert checked(container) == (1, f"Error: {LOCAL} did not answer within 4 s\n")
    assert container.exec("sh", "-c", f"kill -CONT {worker}")[0] == 0
    healthy(container, LOCAL)


def test_another_user_than_the_servers(operated: Run) -> None:
    container = operated()
    healthy(container, LOCAL)
    done = command("docker", "exec", "--user", "4321", container.name, "healthcheck")
    assert (done.returncode, done.stdout) == (
        1,
        "Error: process 1 belongs to another user: run healthcheck as the server's\n",
    )


def test_what_no_target_is(operated: Run) -> None:
    container = operated()
    assert checked(container, "ready") == (
        1,
        "Error: healthcheck takes one target that begins with /, not ['ready']\n",
    )


def test_docker_calls_it(operated: Run) -> None:
    options = ("--health-cmd", "healthcheck", "--health-interval", "1s", "--health-retries", "1")
    container = operated(options=options)

    def status() -> str:
        return str(inspect(container.name)["State"]["Health"]["Status"])

    wait(lambda: status() == "healthy", "not healthy", lambda: str(container.state()))
