"""What a worker is as a process: when it begins, ends, whose it is and where it lives."""

import os
import pwd
import re
from pathlib import Path

import pytest
from serving import APPS, serving, wait_until

APP = """\
import os, json
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [WORD.encode()]
WORD = %r
"""


@pytest.mark.setting("max_requests_jitter")
def test_jitter_adds_to_max_requests(installed: Path, tmp_path: Path) -> None:
    # The limit of this worker is known only to itself.
    (tmp_path / "conf.py").write_text(
        "control_socket_disable = True\n"
        "def post_fork(server, worker): server.log.info('limit: %s', worker.max_requests)\n"
    )
    options = ("--max-requests", "3", "--max-requests-jitter", "20")
    with serving(installed, "-c", str(tmp_path / "conf.py"), *options) as server:
        pids = [server.get("/pid") for _ in range(50)]
        limits = [int(each) for each in re.findall(r"limit: (\d+)", server.log())]

    found, rest = [], pids
    while rest:
        count = rest.count(rest[0])
        found.append(count)
        rest = rest[count:]
    assert found[:-1] == limits[: len(found) - 1]
    assert all(3 <= limit <= 23 for limit in limits)


@pytest.mark.setting("preload_app")
def test_preload_loads_once(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "loaded.py").write_text(
        "import os\nprint('loaded in', os.getpid(), flush=True)\n" + APP % "x"
    )
    options = ("--preload", "--workers", "2", "--pythonpath", str(tmp_path))
    with serving(installed, *options, app="loaded:app") as server:
        wait_until(lambda: server.log().count("Booting worker") == 2, "both workers boot")
        assert server.get("/").endswith(b"x\r\n0\r\n\r\n")
        assert re.findall(r"loaded in (\d+)", server.log()) == [str(server.process.pid)]
        assert server.stop() == 0


@pytest.mark.setting("reload", "reload_engine", "reload_extra_files", "pythonpath")
def test_reload_takes_the_new_code(installed: Path, tmp_path: Path) -> None:
    module, extra = tmp_path / "changing.py", tmp_path / "extra.txt"
    module.write_text(APP % "before")
    extra.write_text("")
    options = ("--reload", "--reload-engine", "poll", "--reload-extra-file", str(extra))
    with serving(installed, *options, "--pythonpath", str(tmp_path), app="changing:app") as server:
        assert b"before" in server.get("/")
        module.write_text(APP % "after!!")
        wait_until(lambda: _touched(module) and b"after!!" in server.get("/"), "it answers")
        (first,) = server.workers()
        wait_until(
            lambda: _touched(extra) and first not in server.workers(), "another file counts too"
        )
        assert b"after!!" in server.get("/")
        module.write_text("syntax error\n")
        wait_until(lambda: _touched(module) and b", in import_app" in server.get("/"), "it shows")
        assert "SyntaxError: invalid syntax\n" in server.log()
        assert server.stop() == 0


def _touched(file: Path) -> bool:
    """Makes the file newer than ever: gunicorn may have looked at it in between."""
    newer = file.stat().st_mtime + 10
    os.utime(file, (newer, newer))
    return True


@pytest.mark.setting("user", "group", "initgroups", "worker_tmp_dir", "chdir", "raw_env")
def test_worker_is_who_and_where_it_should_be(installed: Path, tmp_path: Path) -> None:
    """Needs root, as the suite's containers have it; another user can only become itself."""
    who = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    (tmp_path / "conf.py").write_text(
        # For the other user may not be able to read the standard library.
        "import hashlib, os\ncontrol_socket_disable = True\n"
        "def post_worker_init(worker):\n"
        "    file = os.readlink(f'/proc/self/fd/{worker.tmp.fileno()}')\n"
        "    print('is', os.geteuid(), os.getegid(), os.getcwd(), os.environ['A'], file,\n"
        "          flush=True)\n"
    )
    (tmp_path / "tmp").mkdir()
    tmp_path.chmod(0o755)
    options = ["-c", str(tmp_path / "conf.py"), "--user", str(who.pw_uid)]
    options += ["--group", str(who.pw_gid), "--env", "A=b=c", "--chdir", "/"]
    # Preloaded for the same reason.
    options += ["--worker-tmp-dir", str(tmp_path / "tmp"), "--pythonpath", str(APPS), "--preload"]
    with serving(installed, *options) as server:
        assert server.get("/hello") == b"hello"
        (told,) = re.findall(r"^is (.*)$", server.log(), re.MULTILINE)
        uid, gid, folder, variable, file = told.split(maxsplit=4)

    assert (int(uid), int(gid), folder, variable) == (who.pw_uid, who.pw_gid, "/", "b=c")
    assert file.startswith(str(tmp_path / "tmp"))


@pytest.mark.setting("worker_class")
@pytest.mark.parametrize(
    "worker", ["egg:meinheld#gunicorn_worker", "meinheld.gmeinheld.MeinheldWorker"]
)
def test_both_names_of_the_worker(installed: Path, worker: str) -> None:
    with serving(installed, worker=worker) as server:
        answer = server.ask(b"GET /hello HTTP/1.0\r\n\r\n")

    assert b"\r\nServer: meinheld/1.0.2\r\n" in answer


@pytest.mark.setting("control_socket", "control_socket_disable", "control_socket_mode")
def test_control_socket(installed: Path, gunicorn: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "control"
    (tmp_path / "conf.py").write_text(f"control_socket = {str(path)!r}\n")
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        assert server.get("/hello") == b"hello"
        if gunicorn >= (25, 3):
            wait_until(path.exists, "the socket is there")
        assert server.stop() == 0


@pytest.mark.setting(
    *("dirty_apps", "dirty_workers", "dirty_threads", "dirty_timeout", "dirty_graceful_timeout"),
    *("dirty_post_fork", "dirty_worker_init", "dirty_worker_exit", "on_dirty_starting"),
)
@pytest.mark.parametrize("threads", ["1", "4"])
def test_views_reach_dirty_workers(
    installed: Path, gunicorn: tuple[int, ...], tmp_path: Path, threads: str
) -> None:
    if gunicorn < (25,):
        return
    (tmp_path / "double.py").write_text(
        "from gunicorn.dirty import DirtyApp, get_dirty_client\n"
        "class Double(DirtyApp):\n"
        "    def init(self): pass\n"
        "    def __call__(self, action, *args, **kwargs): return args[0] * 2\n"
        "    def close(self): pass\n"
        "def app(environ, start_response):\n"
        "    found = get_dirty_client().execute('double:Double', 'double', 21)\n"
        "    start_response('200 OK', [('Content-Length', '2')])\n"
        "    return [str(found).encode()]\n"
    )
    options = ["--dirty-app", "double:Double", "--dirty-workers", "1", "--threads", threads]
    options += ["--pythonpath", str(tmp_path)]
    environment = {"PYTHONPATH": str(tmp_path)}
    with serving(installed, *options, app="double:app", environment=environment) as server:
        wait_until(lambda: server.get("/") == b"42", "the dirty worker is there")
        assert server.stop() == 0
