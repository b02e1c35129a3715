"""An access log of JSON: what gunicorn's workers and the engine hand over, and the line."""

import json
import os
from types import SimpleNamespace

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import json_log  # isort: skip

assert MODULES.is_dir()
NOW = 1794000000.98765


def line(status: object, environ: dict[str, object], sent: object = 12) -> dict[str, object]:
    text = json_log.line(NOW, SimpleNamespace(status=status, sent=sent), environ, 0.0012345678)
    assert "\n" not in text
    assert text.isascii()
    found: dict[str, object] = json.loads(text)
    return found


def test_a_request() -> None:
    environ: dict[str, object] = {
        "REMOTE_ADDR": "192.0.2.7",
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/a?b=%22",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": 'http://x/"\\',
        "HTTP_USER_AGENT": "a\xfc\r\nforged",
        "HTTP_X_FORWARDED_FOR": "1.2.3.4",
        "HTTP_X_REQUEST_ID": "id",
        "wsgi.input": object(),
    }
    assert list(line("200 OK", environ).items()) == [
        ("time", "2026-11-06T21:20:00.987Z"),
        ("process", os.getpid()),
        ("remote", "192.0.2.7"),
        ("method", "GET"),
        ("target", "/a?b=%22"),
        ("protocol", "HTTP/1.1"),
        ("status", 200),
        ("bytes", 12),
        ("seconds", 0.001235),
        ("referer", 'http://x/"\\'),
        ("user_agent", "a\xfc\r\nforged"),
        ("x_forwarded_for", "1.2.3.4"),
        ("x_request_id", "id"),
    ]


def test_what_could_not_be_read_has_no_keys() -> None:
    assert line("400 Bad Request", {"REMOTE_ADDR": "192.0.2.7"}, sent=None) == {
        "time": "2026-11-06T21:20:00.987Z",
        "process": os.getpid(),
        "remote": "192.0.2.7",
        "status": 400,
        "bytes": 0,
        "seconds": 0.001235,
    }


@pytest.mark.parametrize(
    ("given", "number"), [("404 Not Found", 404), (b"200 OK", 200), (204, 204), ("odd", None)]
)
def test_the_status(given: object, number: int | None) -> None:
    assert line(given, {})["status"] == number
