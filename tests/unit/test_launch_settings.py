"""The variables of the included configuration: every value and its bounds, and the docs' table."""

from pathlib import Path
from typing import Any

import pytest
from support.launch import MODULES, NASTY  # puts MODULES on sys.path

from flaskpack_launch import settings, threads  # isort: skip

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_defaults() -> None:
    assert settings.read({}) == settings.Values(
        workers_per_core=2.0,
        web_concurrency=None,
        threads=None,
        preload=False,
        host="0.0.0.0",
        port=None,
        bind=None,
        log_level="info",
        access_log="",
        keep_alive=120,
        timeout=30,
        graceful_timeout=30,
        max_requests=0,
    )


def test_empty_is_unset() -> None:
    empty = {setting.name: "" for setting in settings.SETTINGS}
    assert settings.read(empty) == settings.read({})


GOOD: list[tuple[str, str, Any]] = [
    ("WORKERS_PER_CORE", "0.5", 0.5),
    ("WORKERS_PER_CORE", "3", 3.0),
    ("WORKERS_PER_CORE", ".25", 0.25),
    ("WORKERS_PER_CORE", "1000", 1000.0),
    ("WEB_CONCURRENCY", "1", 1),
    ("WEB_CONCURRENCY", " 12\n", 12),
    ("WEB_CONCURRENCY", "10000", 10000),
    ("THREADS", "1000", 1000),
    ("PRELOAD", "1", True),
    ("PRELOAD", "False", False),
    ("ACCESS_LOG", "on", "combined"),
    ("ACCESS_LOG", "no", ""),
    ("ACCESS_LOG", "Combined", "combined"),
    ("ACCESS_LOG", "json", "json"),
    ("HOST", "127.0.0.1", "127.0.0.1"),
    ("HOST", "::", "::"),
    ("HOST", "[::1]", "[::1]"),
    ("HOST", "fe80::1%eth0", "fe80::1%eth0"),
    ("HOST", "my-host.local", "my-host.local"),
    ("PORT", "1", 1),
    ("PORT", "65535", 65535),
    ("PORT", "080", 80),
    ("BIND", "0.0.0.0:80", "0.0.0.0:80"),
    ("BIND", "[::]:80,unix:/run/a b.sock, fd://3", "[::]:80,unix:/run/a b.sock, fd://3"),
    ("BIND", "my_host:65535", "my_host:65535"),
    ("LOG_LEVEL", "debug", "debug"),
    ("LOG_LEVEL", "CRITICAL", "critical"),
    ("KEEP_ALIVE", "0", 0),
    ("TIMEOUT", "0", 0),
    ("GRACEFUL_TIMEOUT", "86400", 86400),
    ("MAX_REQUESTS", "1000", 1000),
]


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_good_values(name: str, text: str, value: object) -> None:
    assert getattr(settings.read({name: text}), name.lower()) == value


NO_NUMBER = ["-1", "abc", "1.5", "1_0", "٣", "+4", "0x10", "1e3", " ", "1 2", "9" * 400, NASTY]
BAD = {
    "WORKERS_PER_CORE": [
        "0",
        "-1",
        "nan",
        "inf",
        "-inf",
        "abc",
        "1,5",
        "1001",
        "1e999",
        " ",
        NASTY,
    ],
    "WEB_CONCURRENCY": ["0", "10001", *NO_NUMBER],
    "THREADS": ["0", "1001", *NO_NUMBER],
    "PRELOAD": ["2", "maybe", " ", NASTY],
    "HOST": [" ", "a b", "host:80", "a,b", "http://x", "[::", "/tmp/sock", "ünïcode", NASTY],
    "PORT": ["0", "65536", "http", "tcp://10.0.0.1:80", *NO_NUMBER],
    "BIND": [
        *("0.0.0.0", "80", ":80", "0.0.0.0:http", "0.0.0.0:0", "0.0.0.0:65536", ":::80"),
        *("0.0.0.0:80,", ",", "unix:", "fd://x", "http://0.0.0.0:80", "a b:80", NASTY),
    ],
    "LOG_LEVEL": ["loud", "warn", "10", " ", NASTY],
    "ACCESS_LOG": ["/var/log/x", "common", NASTY],
    "KEEP_ALIVE": ["86401", *NO_NUMBER],
    "TIMEOUT": ["86401", *NO_NUMBER],
    "GRACEFUL_TIMEOUT": ["86401", *NO_NUMBER],
    "MAX_REQUESTS": ["1000000000", *NO_NUMBER],
}


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in BAD.items() for t in texts])
def test_bad_values_get_one_line(name: str, text: str) -> None:
    allowed = {setting.name: setting.allowed for setting in settings.SETTINGS}[name]
    with pytest.raises(settings.BadValuesError) as caught:
        settings.read({name: text})
    assert str(caught.value) == f"Error: {name} is {text!r}, allowed: {allowed}"
    assert "\n" not in str(caught.value)


def test_every_variable_has_bad_values_here() -> None:
    assert list(BAD) == [setting.name for setting in settings.SETTINGS]


def test_all_bad_values_are_told_at_once() -> None:
    with pytest.raises(settings.BadValuesError) as caught:
        settings.read({"PORT": "http", "WEB_CONCURRENCY": "0", "THREADS": "4"})
    assert str(caught.value) == (
        "Error: WEB_CONCURRENCY is '0', allowed: a whole number from 1 to 10000\n"
        "Error: PORT is 'http', allowed: a port from 1 to 65535"
    )


def test_the_docs_table_is_the_codes() -> None:
    rows = ["| variable | default | allowed | meaning |", "|---|---|---|---|"]
    for setting in settings.SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        rows.append(f"| `{setting.name}` | {default} | {setting.allowed} | {setting.meaning} |")
    assert "\n".join(rows) in DOCS.read_text(), "\n".join(rows)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("README.md", "| `THREADS` | `{}` | threads of each worker"),
        ("docs/tuning.md", "`THREADS` is {} with the engine and with `WORKER_CLASS=gthread`"),
        ("docs/tuning.md", "2 workers of {} threads: memory 256 MiB allows 2;"),
        ("docs/settings.md", "4 workers of {} threads: 2 per core"),
        ("docs/settings.md", '"threads": {},'),
        ("docs/performance.md", "`THREADS` is {} without being told"),
        ("CHANGELOG.md", "{} threads for each worker"),
    ],
)
def test_pages_name_the_default_of_threads(page: str, words: str) -> None:
    text = (DOCS.parents[1] / page).read_text()
    assert words.format(threads.DEFAULT) in text


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert Path(settings.__file__).parent.parent == MODULES
