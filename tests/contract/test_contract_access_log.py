"""ACCESS_LOG: each request is a line on stdout, combined or JSON, whatever serves it."""

import json
import re
import socket
from typing import Any

import pytest
from support.containers import Container, wait
from support.images import Images, Run


def asked(run: Run, images: Images, form: str, *lines: bytes, **how: Any) -> list[str]:
    """The log after these requests; who asks and when is left to the caller."""
    env = {"ACCESS_LOG": form, **how.pop("env", {})}
    container: Container = run(image=images.name("operated"), env=env, **how)
    container.start()
    container.get()
    host, _, port = container.address().partition(":")
    for each in lines:
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(each)
            while connection.recv(1 << 16):
                pass

    def logged() -> list[str]:
        return [line for line in container.output()[0].splitlines() if "HTTP/1.1" in line]

    wait(lambda: len(logged()) > len(lines), "not logged", lambda: "\n".join(logged()))
    return logged()[1:]


REQUEST = (
    b'GET /seen?a=%22b HTTP/1.1\r\nHost: a\r\nUser-Agent: it\'s "\xfc"\r\nReferer: http://x/\r\n'
    b"X-Forwarded-For: 1.2.3.4\r\nConnection: close\r\n\r\n"
)
WORKERS = ["", "sync", "gthread"]


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize("form", ["1", "combined"])
def test_combined(run: Run, images: Images, form: str, worker: str) -> None:
    (line,) = asked(run, images, form, REQUEST, env={"WORKER_CLASS": worker})
    assert re.fullmatch(
        r'172\.\S+ - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /seen\?a=%22b HTTP/1\.1" 200'
        r""" \d+ "http://x/" "it's \\"\S+\\"\"""",
        line,
    )


@pytest.mark.parametrize("worker", WORKERS)
def test_json(run: Run, images: Images, worker: str) -> None:
    (line,) = asked(run, images, "json", REQUEST, env={"WORKER_CLASS": worker})
    found = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found.pop("time"))
    assert found.pop("process") > 1
    assert found.pop("remote").startswith("172.")
    assert 0 < found.pop("seconds") < 5
    assert found.pop("bytes") > 0
    assert found == {
        "method": "GET",
        "target": "/seen?a=%22b",
        "protocol": "HTTP/1.1",
        "status": 200,
        "referer": "http://x/",
        "user_agent": 'it\'s "\xfc"',
        "x_forwarded_for": "1.2.3.4",
    }


def test_json_in_an_own_configuration_file(run: Run, images: Images) -> None:
    files = {"/workspace/gunicorn_conf.py": "from flaskpack_conf import *\nworkers = 1\n"}
    (line,) = asked(run, images, "json", REQUEST, files=files)
    assert json.loads(line)["status"] == 200
