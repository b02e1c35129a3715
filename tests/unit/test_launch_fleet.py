"""One worker first, then as many as its memory allows: with a real gunicorn and a told limit."""

import os
import re
import signal
from pathlib import Path

import pytest
from support.gunicorns import CONF, ended, serving

FIRST = "1 worker first: its memory says how many of {} fit\n"
LIMITED = """
from pathlib import Path
from flaskpack_launch import memory
memory.of_this_process = lambda: memory.Memory(
    int(Path("limit").read_text()) << 20, "the test's limit"
)
from flaskpack_conf import *
"""
"""The included configuration, with the MiB in the file `limit` for the machine's memory."""
BIG = """
import os
blob = b"x" * (60 << 20)


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % os.getpid()]
"""
"""An app of 60 MB."""
DIES_ONCE = """
import os
from pathlib import Path

if not Path("died").exists():
    Path("died").touch()
    os._exit(9)
"""
HOOKED = """
def told(name):
    with open("told", "a") as file:
        file.write(name + "\\n")


def pre_fork(server, worker):
    told("pre_fork")


def post_worker_init(worker):
    told("post_worker_init")
"""


def limited(folder: Path, mebibytes: int, more: str = "") -> Path:
    """A configuration file for a container with so much memory."""
    (folder / "limit").write_text(str(mebibytes))
    (folder / "limited.py").write_text(LIMITED + more)
    return folder / "limited.py"


def four_a_core(number: int = 4) -> dict[str, str]:
    """The environment that asks for so many workers without naming them."""
    return {"WORKERS_PER_CORE": str((number + 0.5) / len(os.sched_getaffinity(0)))}


@pytest.mark.parametrize("worker", ["sync", "gthread"])
@pytest.mark.parametrize(("mebibytes", "number"), [(150, 1), (256, 2), (340, 3), (2000, 4)])
def test_as_many_as_fit(tmp_path: Path, worker: str, mebibytes: int, number: int) -> None:
    conf = limited(tmp_path, mebibytes)
    with serving(tmp_path, conf, app=BIG, worker=worker, **four_a_core()) as server:
        server.wait_for("is renewed")
        server.wait_for("Booting worker", times=number)
        server.wait_for_workers(number)
        log = server.log()
    assert log.count(FIRST.format(4)) == 1
    assert log.count("Booting worker") == number
    assert re.search(rf"\[INFO\] {number} workers?( of \d+ threads)?: ", log)
    assert ("would be 4" in log) is (number < 4)


def test_the_lines(tmp_path: Path) -> None:
    with serving(tmp_path, limited(tmp_path, 256), app=BIG, **four_a_core()) as server:
        server.wait_for("is renewed")
        lines = [line.partition("] [INFO] ")[2] for line in server.log().splitlines()]
    (numbers,) = (line for line in lines if line.startswith("2 workers"))
    per_core = four_a_core()["WORKERS_PER_CORE"]
    assert re.fullmatch(
        rf"2 workers: memory 256 MiB allows 2; {float(per_core):g} per core . "
        r"\d+\.\d+ cores \(.+\) would be 4",
        numbers,
    )
    (cause,) = (line for line in lines if line.startswith("memory: "))
    assert re.fullmatch(
        r"memory: 256 MiB \(the test's limit\) less 26 MiB kept free and \d+ MiB of gunicorn's "
        r"own, by \d\d MiB for each worker, a fifth more than the first takes; "
        r"one with over 1\d\d MiB is renewed",
        cause,
    )


def test_a_number_that_was_named_is_not_cut(tmp_path: Path) -> None:
    with serving(tmp_path, limited(tmp_path, 150), app=BIG, WEB_CONCURRENCY="3") as server:
        server.wait_for("[WARNING] 3 workers: WEB_CONCURRENCY; memory 150 MiB allows ")
        server.wait_for(" and may be exceeded\n")
        server.wait_for_workers(3)
        assert "1 worker first" not in server.log()
        assert server.log().count("is renewed") == 1


def test_one_worker_that_does_not_fit_runs_with_a_warning(tmp_path: Path) -> None:
    with serving(tmp_path, limited(tmp_path, 64), app=BIG, **four_a_core()) as server:
        server.wait_for("[WARNING] 1 worker: memory 64 MiB allows none; ")
        assert server.answer()


def test_memory_that_nobody_knows_cuts_nothing(tmp_path: Path) -> None:
    conf = tmp_path / "unknown.py"
    conf.write_text(
        "from flaskpack_launch import memory\nmemory.of_this_process = lambda: None\n"
        "from flaskpack_conf import *\n"
    )
    with serving(tmp_path, conf, **four_a_core(3)) as server:
        server.wait_for("; the memory is not known\n")
        server.wait_for_workers(3)


def test_when_the_first_worker_dies_the_next_one_measures(tmp_path: Path) -> None:
    conf = limited(tmp_path, 2000)
    with serving(tmp_path, conf, app=DIES_ONCE + BIG, **four_a_core(3)) as server:
        server.wait_for_workers(3)
        assert server.log().count("3 workers: ") == 1


def test_an_app_that_cannot_be_loaded_ends_the_server(tmp_path: Path) -> None:
    code, said = ended(tmp_path, app="import nosuch\n", **four_a_core())
    assert code == 3
    assert said.count("ModuleNotFoundError: No module named 'nosuch'") == 1


def test_a_reload_decides_anew(tmp_path: Path) -> None:
    with serving(tmp_path, limited(tmp_path, 256), app=BIG, **four_a_core()) as server:
        server.wait_for_workers(2)
        (tmp_path / "limit").write_text("340")
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("3 workers: memory 340 MiB allows 3; ")
        server.wait_for_workers(3)
        assert server.answer()
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("3 workers: ", times=2)
        server.wait_for_workers(3)


def test_workers_that_are_added_by_signal_stay(tmp_path: Path) -> None:
    with serving(tmp_path, limited(tmp_path, 256), app=BIG, **four_a_core()) as server:
        server.wait_for_workers(2)
        server.process.send_signal(signal.SIGTTIN)
        server.wait_for_workers(3)
        server.process.send_signal(signal.SIGTTOU)
        server.wait_for_workers(2)
        assert "Traceback" not in server.log()


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path, limited(tmp_path, 256), app=BIG, **four_a_core()) as server:
        # Up to gunicorn 23 one that dies while it is being forked is missed for TIMEOUT seconds.
        server.wait_for("Booting worker", times=2)
        killed = server.workers().pop()
        os.kill(killed, signal.SIGKILL)
        server.until(lambda: killed not in server.workers(), "not killed")
        server.wait_for_workers(2)
        assert server.log().count(" workers: ") == 1


def test_a_gunicorn_that_replaces_itself_measures_anew(tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    conf = limited(tmp_path, 256, f"pidfile = {str(pidfile)!r}\n")
    with serving(tmp_path, conf, app=BIG, **four_a_core()) as server:
        server.wait_for_workers(2)
        server.process.send_signal(signal.SIGUSR2)
        server.wait_for("2 workers: ", times=2)
        server.wait_for("Booting worker", times=4)
        os.kill(int(Path(f"{pidfile}.2").read_text()), signal.SIGTERM)
        server.wait_for("Shutting down: Master.2")
        assert server.answer()


def test_hooks_of_an_own_file_run_too(tmp_path: Path) -> None:
    conf = limited(tmp_path, 256, HOOKED)
    with serving(tmp_path, conf, app=BIG, **four_a_core()) as server:
        server.wait_for_workers(2)
        server.until(lambda: (tmp_path / "told").read_text().count("init") == 2, "hooks don't run")
    told = sorted((tmp_path / "told").read_text().split())
    assert told == ["post_worker_init", "post_worker_init", "pre_fork", "pre_fork"]


@pytest.mark.parametrize(("calls", "number"), [(True, 2), (False, 4)])
def test_an_own_on_starting_calls_ours_or_is_alone(
    tmp_path: Path, calls: bool, number: int
) -> None:
    own = "import flaskpack_conf\n\ndef on_starting(server):\n    server.log.info('own')\n"
    call = "    flaskpack_conf.on_starting(server)\n" if calls else ""
    conf = limited(tmp_path, 256, own + call)
    with serving(tmp_path, conf, app=BIG, **four_a_core()) as server:
        server.wait_for("[INFO] own\n")
        server.wait_for_workers(number)
        assert ("is renewed" in server.log()) is calls


def test_the_included_file_alone(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, **four_a_core(3)) as server:
        server.wait_for_workers(3)
        assert server.log().count(FIRST.format(3)) == 1
        assert server.log().count("[INFO] 3 workers: ") == 1
