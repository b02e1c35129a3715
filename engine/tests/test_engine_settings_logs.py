"""Where what goes wrong is written, also after the files were rotated."""

import os
import signal
from pathlib import Path

import pytest
from harness.vitals import open_files
from serving import serving, wait_until


@pytest.mark.setting("errorlog")
@pytest.mark.parametrize("worker", ["egg:meinheld#gunicorn_worker", "sync"])
def test_error_log_gets_wsgi_errors(installed: Path, tmp_path: Path, worker: str) -> None:
    log = tmp_path / "error.log"
    with serving(installed, "--error-logfile", str(log), worker=worker) as server:
        server.get("/complain?of=this")
        server.get("/raises")
        log.rename(tmp_path / "old.log")
        server.process.send_signal(signal.SIGUSR1)
        wait_until(log.exists, "the log is made anew")
        (worker_id,) = server.workers()
        wait_until(lambda: str(log) in open_files(worker_id), "the worker writes to it")
        server.get("/complain?of=that")
        assert server.stop() == 0
        assert "complaint" not in server.log()

    assert "complaint: this\n" in (tmp_path / "old.log").read_text()
    assert "ValueError: the view raised\n" in (tmp_path / "old.log").read_text()
    assert "complaint: that\n" in log.read_text()


def test_without_a_file_wsgi_errors_is_stderr(installed: Path) -> None:
    with serving(installed) as server:
        server.get("/complain?of=this")
        assert server.log().endswith("complaint: this\n")


@pytest.mark.setting("accesslog")
def test_idle_worker_takes_the_new_access_log(installed: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    options = ("--access-logfile", str(log), "--access-logformat", "%(r)s")
    with serving(installed, *options) as server:
        pid = int(server.get("/pid"))
        log.rename(tmp_path / "old.log")
        os.kill(pid, signal.SIGUSR1)
        # Nobody asks it anything in the meantime.
        wait_until(lambda: str(log) in open_files(pid), "the worker has it")
        server.get("/hello")
        assert server.stop() == 0

    assert (tmp_path / "old.log").read_text() == "GET /pid HTTP/1.1\n"
    assert log.read_text() == "GET /hello HTTP/1.1\n"


@pytest.mark.setting("capture_output", "enable_stdio_inheritance")
def test_output_is_captured(installed: Path, tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    options = ("--capture-output", "--error-logfile", str(log), "--enable-stdio-inheritance")
    with serving(installed, *options) as server:
        server.get("/sleep?s=0")
        assert server.stop() == 0
        assert server.log() == ""

    assert "sleeping\n" in log.read_text()


WITHIN_A_LINE = """\
import os, signal
from gunicorn.glogging import Logger
control_socket_disable = True
class Handler:
    # As a buffered file does, whose write happens to be the place of the signal.
    busy = False
    def __init__(self, stream): self.stream = stream
    def __getattr__(self, name): return getattr(self.stream, name)
    def write(self, text):
        self.busy = True
        self.stream.write(text)
        os.kill(os.getpid(), signal.SIGUSR1)
        self.busy = False
    def close(self):
        if self.busy: raise RuntimeError("reentrant call")
        self.stream.close()
class logger_class(Logger):
    reopened = 0
    def access(self, *args):
        handler = self.access_log.handlers[0]
        handler.setStream(Handler(handler.stream)) if not self.reopened else None
        super().access(*args)
    def reopen_files(self):
        self.reopened += 1
        self.error_log.info("reopens for the %s. time", self.reopened)
        super().reopen_files()
"""


def test_logs_are_reopened_between_two_lines(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(WITHIN_A_LINE)
    log = tmp_path / "access.log"
    options = ("--access-logfile", str(log), "--access-logformat", "%(r)s")
    with serving(installed, "-c", str(tmp_path / "conf.py"), *options) as server:
        server.get("/hello")
        wait_until(lambda: "reopens for the 1. time\n" in server.log(), "it is reopened")
        server.get("/hello?2")
        assert server.stop() == 0
        assert "Logging error" not in server.log()

    assert log.read_text() == "GET /hello HTTP/1.1\nGET /hello?2 HTTP/1.1\n"
