"""What is asked: requests byte by byte, the grids, and what the apps really answer."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.serve import cases
from benchmarks.serve.cases import APPS, DOWNLOAD, UPLOAD, Case

FOLDER = Path(cases.__file__).with_name("app")


def module(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """As a server imports it; Flask asks the import system where it is."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


@pytest.mark.parametrize(
    ("app", "keep", "request_"),
    [
        ("hello", True, b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        ("hello", False, b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
        (
            "upload",
            True,
            b"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n" + UPLOAD,
        ),
    ],
)
def test_requests(app: str, keep: bool, request_: bytes) -> None:
    assert APPS[app].request(keep) == request_


@pytest.mark.parametrize(
    ("case", "key", "title"),
    [
        (Case("hello", 1), "hello 1 keep", "1 connection, kept"),
        (
            Case("hello", 1000, keep=False),
            "hello 1000 close",
            "1,000 connections, a new one for each request",
        ),
        (
            Case("plain", 64, apart=True),
            "plain 64 keep apart",
            "64 connections, kept, server and client on a core each",
        ),
    ],
)
def test_words_for_a_case(case: Case, key: str, title: str) -> None:
    assert (case.key, case.title) == (key, title)


def test_the_whole_grid_has_each_app_with_all_connections_kept_and_closed() -> None:
    grid, usual = cases.full(), cases.usual()
    assert len({case.key for case in grid}) == len(grid) == 7 * 3 * 2 + 2
    assert len({case.key for case in usual}) == len(usual) == 7 * 3 + 2 + 2
    assert set(usual) < set(grid)
    assert set(cases.short()) < set(grid)


def test_the_least_application_answers_what_is_expected_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (body,) = module("plain", monkeypatch).app({}, lambda _status, _headers: None)
    assert len(body) == APPS["plain"].length


def test_the_views_answer_what_is_expected_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = module("views", monkeypatch)
    monkeypatch.setattr(views, "FILE", tmp_path / "download.bin")
    views.FILE.write_bytes(bytes(DOWNLOAD))
    asking = views.app.test_client()
    for app in APPS.values():
        if app.module == "views":
            answer = asking.open(app.path, method="POST" if app.body else "GET", data=app.body)
            assert (app.key, answer.status_code, len(answer.data)) == (app.key, 200, app.length)
