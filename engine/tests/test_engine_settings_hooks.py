"""gunicorn's hooks, in the order and with the arguments that gunicorn documents."""

import os
import signal
from pathlib import Path

import pytest
from serving import ENGINE, Server, serving, wait_until

HOOKS = """\
import sys
control_socket_disable = True

def say(*words):
    print("hook:", *words, file=sys.stderr, flush=True)

def on_starting(server): say("on_starting")
def when_ready(server): say("when_ready")
def on_reload(server): say("on_reload")
def pre_fork(server, worker): say("pre_fork")
def post_fork(server, worker): say("post_fork")
def post_worker_init(worker): say("post_worker_init", type(worker).__name__, worker.alive)
def worker_int(worker): say("worker_int", worker.alive)
def worker_abort(worker): say("worker_abort", worker.alive)
def worker_exit(server, worker): say("worker_exit")
def child_exit(server, worker): say("child_exit")
def nworkers_changed(server, new, old): say("nworkers_changed", new, old)
def on_exit(server): say("on_exit")
"""
REQUEST_HOOKS = """
def pre_request(worker, req):
    req.mark = worker.nr
    say("pre_request", req.method, req.uri, req.path, req.query, req.version, req.scheme)
    say("headers", *sorted(req.headers))
    if req.path == "/refuse":
        raise ValueError("the hook raised")

def post_request(worker, req, environ, resp):
    say("post_request", req.mark, environ["PATH_INFO"], resp.status, resp.sent, *resp.headers)
    if req.path == "/pid":
        raise ValueError("the hook raised")
"""


def said(server: Server) -> list[str]:
    return [line[6:] for line in server.log().splitlines() if line.startswith("hook: ")]


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    (tmp_path / "conf.py").write_text(HOOKS)
    return tmp_path / "conf.py"


@pytest.mark.setting(
    *("on_starting", "when_ready", "pre_fork", "post_fork", "post_worker_init"),
    *("worker_exit", "child_exit", "nworkers_changed", "on_exit"),
)
def test_hooks_of_a_worker(installed: Path, conf: Path) -> None:
    with serving(installed, "-c", str(conf)) as server:
        server.get("/hello")
        assert server.stop() == 0
        found = said(server)

    assert [hook for hook in found if hook != "child_exit"] == [
        *("nworkers_changed 1 None", "on_starting", "when_ready", "pre_fork", "post_fork"),
        *("post_worker_init MeinheldWorker True", "worker_exit", "on_exit"),
    ]
    # gunicorn may end before it has reaped the worker.
    assert found.count("child_exit") <= 1


@pytest.mark.setting("on_reload")
def test_reload_hooks(installed: Path, conf: Path) -> None:
    with serving(installed, "-c", str(conf)) as server:
        server.get("/hello")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "child_exit" in said(server), "the old worker is reaped")
        found = said(server)

    assert found.count("on_reload") == found.count("worker_exit") == 1
    assert found.count("post_worker_init MeinheldWorker True") == 2


@pytest.mark.setting("pre_request", "post_request")
@pytest.mark.parametrize("threads", ["1", "4"])
def test_request_hooks_get_what_gunicorn_gives_them(
    installed: Path, conf: Path, threads: str
) -> None:
    conf.write_text(HOOKS + REQUEST_HOOKS)
    found = []
    for worker in (ENGINE, "sync" if threads == "1" else "gthread"):
        with serving(installed, "-c", str(conf), "--threads", threads, worker=worker) as server:
            server.ask(
                b"POST /ech%6f?a=%20&b HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                b"Content-Type: t/x\r\nX-Mine: 1\r\nConnection: close\r\n\r\nbody"
            )
            server.get("/none")
            assert server.stop() == 0
            found.append([line for line in said(server) if line.split()[0] in REQUEST])

    ours, theirs = found
    assert ours == theirs
    assert [line.split()[0] for line in ours] == [*REQUEST, *REQUEST]
    assert ours[2].startswith("post_request 0 /echo 200 OK 4 (")


REQUEST = ("pre_request", "headers", "post_request")


def test_request_hooks_may_raise(installed: Path, conf: Path) -> None:
    conf.write_text(HOOKS + REQUEST_HOOKS)
    with serving(installed, "-c", str(conf)) as server:
        refused = server.ask(b"GET /refuse HTTP/1.0\r\n\r\n")
        server.get("/raises")
        server.get("/pid")
        server.ask(b"nonsense\r\n\r\n")
        assert server.get("/hello") == b"hello"
        assert server.stop() == 0
        log = server.log()
        found = [line for line in said(server) if line.startswith("post_request")]

    assert refused.startswith(b"HTTP/1.1 500 ")
    assert log.count("ValueError: the hook raised") == 2
    assert log.count("[ERROR] Exception in post_request hook") == 1
    # None for what is no request.
    assert [line.split()[1:4] for line in found] == [
        ["0", "/refuse", "500"],
        ["0", "/raises", "500"],
        ["1", "/pid", "200"],
        ["2", "/hello", "200"],
    ]


@pytest.mark.setting("loglevel")
def test_debug_level_logs_requests(installed: Path) -> None:
    with serving(installed, "--log-level", "debug") as server:
        server.get("/hello?a")
        assert server.stop() == 0
        assert "[DEBUG] GET /hello\n" in server.log()


@pytest.mark.setting("worker_int")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=["INT", "QUIT"])
def test_worker_int_runs(installed: Path, conf: Path, number: int) -> None:
    with serving(installed, "-c", str(conf)) as server:
        first = int(server.get("/pid"))
        os.kill(first, number)
        wait_until(lambda: "worker_exit" in said(server), "the worker is gone")
        assert said(server).count("worker_int False") == 1

        assert int(server.get("/pid")) != first


@pytest.mark.setting("worker_abort")
def test_worker_abort_runs(installed: Path, conf: Path) -> None:
    with serving(installed, "-c", str(conf)) as server:
        first = int(server.get("/pid"))
        os.kill(first, signal.SIGABRT)
        wait_until(lambda: "child_exit" in said(server), "the worker is gone")
        found = said(server)

        assert found.count("worker_abort False") == found.count("worker_exit") == 1
        assert int(server.get("/pid")) != first


def test_late_handler_of_term_is_graceful(installed: Path, conf: Path) -> None:
    # A signal that comes when the loop begins may be handled as late as this.
    conf.write_text(HOOKS + "def pre_request(worker, req): worker.handle_exit(15, None)\n")
    with serving(installed, "-c", str(conf)) as server:
        assert server.get("/hello") == b"hello"
        wait_until(lambda: "child_exit" in said(server), "the worker is gone")
        assert server.get("/hello") == b"hello"
        assert "SystemExit" not in server.log()
