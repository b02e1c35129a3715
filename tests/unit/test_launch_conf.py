"""The included configuration as a script and under the real gunicorn."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.gunicorns import APP, CONF, serving
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch.threads import DEFAULT as THREADS  # isort: skip

TIMES = "\N{MULTIPLICATION SIGN}"
RETIRED = ["loglevel", "workers", "bind", "workers_per_core", "host", "port"]
"""What the retired image's configuration printed, in this order."""
TUNING = ["threads", "worker_class", "why", "cores", "memory", "processes"]


def run(*command: object, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(word) for word in command],
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )


def as_json(**env: str) -> dict[str, object]:
    result = run(sys.executable, CONF, **env)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    values: dict[str, object] = json.loads(result.stdout)
    return values


def test_as_a_script_it_prints_one_line() -> None:
    values = as_json(WEB_CONCURRENCY="3")
    assert {name: values[name] for name in RETIRED} == {
        "loglevel": "info",
        "workers": 3,
        "bind": "0.0.0.0:80",
        "workers_per_core": 2.0,
        "host": "0.0.0.0",
        "port": "80",
    }
    assert list(values) == [*RETIRED, *TUNING]
    assert isinstance(values["workers_per_core"], float)


def test_as_a_script_with_every_variable() -> None:
    given = {
        "LOG_LEVEL": "WARNING",
        "WEB_CONCURRENCY": "1",
        "BIND": "0.0.0.0:8080",
        "WORKERS_PER_CORE": "0.5",
        "HOST": "127.0.0.1",
        "PORT": "9000",
    }
    values = as_json(**given)
    assert {name: values[name] for name in RETIRED} == {
        "loglevel": "warning",
        "workers": 1,
        "bind": "0.0.0.0:8080",
        "workers_per_core": 0.5,
        "host": "127.0.0.1",
        "port": "9000",
    }


def test_as_a_script_it_tells_why() -> None:
    values = as_json(WORKER_CLASS="sync", WORKERS_PER_CORE="3")
    cores = values["cores"]
    assert isinstance(cores, dict)
    assert (values["threads"], values["worker_class"]) == (1, "sync")
    assert list(cores) == ["number", "origin", "doubts"]
    assert str(values["why"]).startswith(
        f"3 per core {TIMES} {cores['number']} cores ({cores['origin']}"
    )
    memory = values["memory"]
    assert isinstance(memory, dict)
    assert list(memory) == ["size", "origin", "doubts"]
    assert memory["size"] > 1 << 20


def test_as_a_script_it_knows_what_the_build_found(tmp_path: Path) -> None:
    launch = tmp_path / "launch"
    shutil.copytree(CONF.parent, launch)
    (launch / "found.sh").write_text(
        "FLASKPACK_MODULE='it'''s'\nFLASKPACK_WORKER_CLASS='egg:meinheld#gunicorn_worker'\n"
    )
    result = run(sys.executable, launch / "gunicorn_conf.py")
    values = json.loads(result.stdout)
    assert (values["worker_class"], values["threads"]) == ("egg:meinheld#gunicorn_worker", THREADS)


def test_workers_of_this_machine() -> None:
    cores = len(os.sched_getaffinity(0))
    assert 1 <= int(str(as_json(WORKERS_PER_CORE="3")["workers"])) <= 3 * cores
    assert as_json(WORKERS_PER_CORE="0.01")["workers"] == 1


@pytest.mark.parametrize("command", ["script", "gunicorn"])
def test_bad_values_are_lines_and_no_traceback(command: str, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(APP)
    bad = {"PORT": "http", "LOG_LEVEL": "loud", "TIMEOUT": "-1"}
    words = [sys.executable, CONF]
    if command == "gunicorn":
        words = ["gunicorn", "--chdir", tmp_path, "-c", CONF, "main:app"]
    result = run(*words, **bad)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: PORT is 'http', allowed: a port from 1 to 65535\n"
        "Error: LOG_LEVEL is 'loud', allowed: debug, info, warning, error or critical\n"
        "Error: TIMEOUT is '-1', allowed: a whole number of seconds from 0 to 86400\n"
    )


def test_an_apps_own_modules_are_not_taken_for_ours(tmp_path: Path) -> None:
    for name in ("flaskpack_conf", "flaskpack_launch", "settings", "cores", "listen", "workers"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the app\\'s')\n")
    result = run(sys.executable, CONF, PYTHONPATH=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


TWICE = """
import os, runpy, sys
before = list(sys.path)
for number in "34":
    os.environ["WEB_CONCURRENCY"] = number
    print(runpy.run_path(sys.argv[1])["workers"], sys.path == before)
"""


def test_each_time_it_runs_it_looks_again_and_leaves_no_path_behind() -> None:
    """gunicorn runs it again on HUP."""
    result = run(sys.executable, "-c", TWICE, CONF)
    assert (result.stdout, result.stderr) == ("3 True\n4 True\n", "")


def test_serving(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, WEB_CONCURRENCY="2") as server:
        assert server.answer() == b"served"
        # Another worker may answer before the first one tells.
        server.wait_for("[INFO] 2 workers: WEB_CONCURRENCY; memory ")
        assert "loglevel" not in server.log()
        # gunicorn opens its control socket, where it has one, after the first workers.
        server.wait_for("Booting worker", times=2)
        assert server.answer() == b"served"
        assert not (tmp_path / ".gunicorn").exists()
    assert server.process.returncode == 0


def test_settings_reach_gunicorn(tmp_path: Path) -> None:
    given = {
        "LOG_LEVEL": "debug",
        "KEEP_ALIVE": "7",
        "TIMEOUT": "8",
        "GRACEFUL_TIMEOUT": "9",
        "MAX_REQUESTS": "100",
        "THREADS": "2",
        "WEB_CONCURRENCY": "1",
        "PRELOAD": "yes",
        "ACCESS_LOG": "1",
    }
    with serving(tmp_path, CONF, **given) as server:
        log = server.log()
    expected = {
        **{"keepalive": "7", "timeout": "8", "graceful_timeout": "9", "max_requests": "100"},
        **{"max_requests_jitter": "10", "threads": "2", "workers": "1", "preload_app": "True"},
        **{"accesslog": "-", "errorlog": "-", "loglevel": "debug", "worker_tmp_dir": "/dev/shm"},
    }
    for name, value in expected.items():
        assert f"  {name}: {value}\n" in log


def test_a_command_line_that_sets_workers_has_the_last_word(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, "-w", "1", WEB_CONCURRENCY="5") as server:
        assert server.answer() == b"served"
        server.wait_for("[INFO] 1 worker: as gunicorn was told; memory ")
        assert "WEB_CONCURRENCY" not in server.log()


def test_reload_reads_the_configuration_again(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, WEB_CONCURRENCY="1") as server:
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("Booting worker", times=2)
        assert server.answer() == b"served"
        server.wait_for("[INFO] 1 worker: WEB_CONCURRENCY; memory ", times=2)


def test_an_own_configuration_imports_ours_and_changes_one_thing(tmp_path: Path) -> None:
    conf = tmp_path / "gunicorn_conf.py"
    conf.write_text("from flaskpack_conf import *\nkeepalive = 11\nworkers = workers + 1\n")
    with serving(tmp_path, conf, LOG_LEVEL="debug", WEB_CONCURRENCY="1") as server:
        server.wait_for("Booting worker", times=2)
        assert server.answer() == b"served"
        assert "  keepalive: 11\n" in server.log()
        assert "  workers: 2\n" in server.log()
        server.wait_for("[INFO] 2 workers: as gunicorn was told; memory ")


def test_a_port_that_cannot_be_had_ends_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(APP)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        command = ["gunicorn", "--chdir", tmp_path, "-c", CONF, "main:app"]
        result = run(*command, HOST="127.0.0.1", PORT=port, LOG_LEVEL="warning")
    assert result.returncode == 1
    assert result.stderr == (
        f"Error: cannot listen on 127.0.0.1:{port}: another process has it; "
        "give another PORT (or BIND)\n"
    )


def test_the_control_socket_opens_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "control"
    with serving(tmp_path, CONF, "--control-socket", str(path), LOG_LEVEL="debug") as server:
        assert "  control_socket_disable: False\n" in server.log()


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert MODULES.parent == CONF.parent
