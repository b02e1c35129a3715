"""How each server is started: with as many processes as all others, and as its advice says."""

from pathlib import Path

import pytest

from benchmarks.serve.cases import APPS
from benchmarks.serve.servers import LAUNCH, OURS, SERVERS, SYNC, Setting

PYTHON = Path("/servers/bin/python")


def words(server: str, app: str, keep: bool = True) -> str:
    setting = Setting(PYTHON, 8000, 7, APPS[app], keep)
    return " ".join(map(str, SERVERS[server].command(setting)))


GUNICORN = (
    "/servers/bin/python -m gunicorn -k {} -b 127.0.0.1:8000 -w 7 --keep-alive 120 "
    "--worker-connections 2000 --no-control-socket --worker-tmp-dir=/dev/shm {}views:app"
)
ENGINE = "egg:meinheld#gunicorn_worker"
GRANIAN = (
    "/servers/bin/python -m granian --interface wsgi --workers 7 --host 127.0.0.1 --port 8000 "
    "--backlog 2048 --backpressure 2000 {}views:app"
)
UWSGI = (
    "/servers/bin/uwsgi --master --processes 7 --listen 2048 --disable-logging "
    "--single-interpreter --need-app {} --module views:app"
)
ROUTER = "--http 127.0.0.1:8000 --http-keepalive --add-header Connection: Keep-Alive"


@pytest.mark.parametrize(
    ("server", "app", "keep", "command"),
    [
        (OURS, "hello", True, GUNICORN.format(ENGINE, "--threads 32 ")),
        (OURS, "wait", True, GUNICORN.format(ENGINE, "--threads 32 ")),
        ("flaskpack-1", "wait", True, GUNICORN.format(ENGINE, "--threads 1 ")),
        (SYNC, "hello", True, GUNICORN.format("sync", "")),
        ("gthread", "hello", True, GUNICORN.format("gthread", "--threads 4 ")),
        ("gthread", "wait", True, GUNICORN.format("gthread", "--threads 32 ")),
        ("gevent", "wait", True, GUNICORN.format("gevent", "")),
        ("bjoern", "hello", True, f"{PYTHON} {LAUNCH}/with_bjoern.py 8000 7 views"),
        ("fastwsgi", "hello", True, f"{PYTHON} {LAUNCH}/with_fastwsgi.py 8000 7 views"),
        ("waitress", "hello", True, f"{PYTHON} {LAUNCH}/with_waitress.py 8000 7 views 4"),
        ("waitress", "wait", True, f"{PYTHON} {LAUNCH}/with_waitress.py 8000 7 views 32"),
        ("granian", "hello", True, GRANIAN.format("--blocking-threads 1 ")),
        ("granian", "wait", True, GRANIAN.format("")),
        ("uwsgi", "hello", True, UWSGI.format(ROUTER)),
        (
            "uwsgi",
            "page",
            True,
            UWSGI.format("--http 127.0.0.1:8000 --add-header Connection: close"),
        ),
        ("uwsgi", "hello", False, UWSGI.format("--http-socket 127.0.0.1:8000")),
        ("uwsgi", "wait", True, UWSGI.format(f"{ROUTER} --threads 32")),
    ],
)
def test_commands(server: str, app: str, keep: bool, command: str) -> None:
    assert words(server, app, keep) == command


def test_whose_advice_each_follows_is_said() -> None:
    assert all(server.key == key and server.advice for key, server in SERVERS.items())
    assert not any(server.advice.endswith(".") for server in SERVERS.values())
