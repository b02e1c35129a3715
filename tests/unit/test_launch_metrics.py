"""prometheus_client's multiprocess mode under a real gunicorn, without a line in the app."""

import os
import re
import signal
import socket
from pathlib import Path

import pytest
from support.gunicorns import CONF, Server, ended, serving
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import metrics  # isort: skip

COUNTS = """
import os, signal
from flask import Flask
from prometheus_client import Counter, Gauge, Histogram, REGISTRY, generate_latest, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from werkzeug.middleware.dispatcher import DispatcherMiddleware

hits = Counter("hits", "Requests", ["view"])
took = Histogram("took", "Seconds", buckets=[1, 2])
alive = Gauge("alive", "Workers", multiprocess_mode="livesum")


class Own:
    def collect(self):
        yield GaugeMetricFamily("rows", "In the database", value=7)


REGISTRY.register(Own())
site = Flask(__name__)


@site.get("/")
def index():
    hits.labels("index").inc()
    took.observe(1.5)
    alive.set(1)
    return str(os.getpid())


@site.get("/metrics")
def latest():
    return generate_latest()


app = DispatcherMiddleware(site, {"/other": make_wsgi_app()})
"""
EXPORTER = """
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
PrometheusMetrics(app)
app.add_url_rule("/", view_func=lambda: "ok")
"""


def hit_all_workers(server: Server, number: int) -> int:
    """Asks until so many workers have answered; how many requests that took."""
    seen: set[bytes] = set()
    count = 0
    while len(seen) < number:
        seen.add(server.answer())
        count += 1
        assert count < 2000, seen
    return count


def sample(text: bytes, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text.decode(), re.MULTILINE)
    assert found, text.decode()
    return float(found.group(1))


@pytest.mark.parametrize("preload", ["0", "1"])
def test_each_answer_is_the_sum_of_all_workers(tmp_path: Path, preload: str) -> None:
    given = {"WEB_CONCURRENCY": "3", "PRELOAD": preload}
    with serving(tmp_path, CONF, app=COUNTS, **given) as server:
        server.wait_for_workers(3)
        count = hit_all_workers(server, 3)
        for path in ("/metrics", "/other"):
            text = server.answer(path)
            assert sample(text, 'hits_total{view="index"}') == count
            assert sample(text, 'took_bucket{le="2.0"}') == count
            assert sample(text, "alive") == 3
            assert sample(text, "rows") == 7
            assert b"python_info{" in text
            assert b"process_" not in text
            assert b"python_gc_" not in text
            assert text.count(b"# TYPE hits_total counter") == 1
        some = server.answer("/other?name[]=rows&name[]=hits_total")
        assert sample(some, 'hits_total{view="index"}') == count
        assert (b"rows 7" in some, b"took" in some, b"alive" in some) == (True, False, False)


def test_a_worker_that_is_replaced_leaves_its_counts_and_no_files(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, app=COUNTS, WEB_CONCURRENCY="2") as server:
        server.wait_for_workers(2)
        count = hit_all_workers(server, 2)
        folder = metrics_folder(server)
        files = sorted(each.name for each in folder.iterdir())
        assert files == [
            *("counter_1.db", "counter_2.db", "gauge_livesum_1.db", "gauge_livesum_2.db"),
            *("histogram_1.db", "histogram_2.db"),
        ]
        for number in range(3):
            killed = server.workers().pop()
            os.kill(killed, signal.SIGKILL)
            server.wait_for("Booting worker", times=3 + number)
            server.wait_for_workers(2)
            assert sample(server.answer("/metrics"), "alive") == 1
            count += hit_all_workers(server, 2)
            assert sample(server.answer("/metrics"), "alive") == 2
        assert sample(server.answer("/metrics"), 'hits_total{view="index"}') == count
        assert sorted(each.name for each in folder.iterdir()) == files
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("Booting worker", times=7)
        server.wait_for_workers(2)
        assert sample(server.answer("/metrics"), 'hits_total{view="index"}') == count
    assert not folder.exists()


def metrics_folder(server: Server) -> Path:
    """Where the workers keep their files open."""
    links = (each for pid in server.workers() for each in Path(f"/proc/{pid}/fd").iterdir())
    (found,) = {link.resolve().parent for link in links if link.resolve().suffix == ".db"}
    return found


def test_the_exporter_for_flask(tmp_path: Path) -> None:
    with serving(tmp_path, CONF, app=EXPORTER, WEB_CONCURRENCY="2") as server:
        server.wait_for_workers(2)
        for _ in range(20):
            assert server.answer() == b"ok"
        name = 'flask_http_request_total{method="GET",status="200"}'
        assert sample(server.answer("/metrics"), name) == 20


def test_a_folder_of_the_users_is_made_and_emptied(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"
    given = {"WEB_CONCURRENCY": "1", "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    for _ in range(2):
        with serving(tmp_path, CONF, app=COUNTS, **given) as server:
            server.answer()
            assert sample(server.answer("/metrics"), 'hits_total{view="index"}') == 1
        assert (folder / "counter_1.db").exists()


def test_a_folder_of_the_users_that_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = f"{tmp_path}/file/folder"
    assert ended(tmp_path, PROMETHEUS_MULTIPROC_DIR=folder, BIND="unix:s") == (
        1,
        f"Error: PROMETHEUS_MULTIPROC_DIR is {folder!r}, allowed: a folder that this user may "
        "make and write to (Not a directory)\n",
    )


@pytest.mark.parametrize(
    ("writable", "parent"),
    [(["/tmp", "/dev/shm"], "/tmp"), (["/dev/shm"], "/dev/shm"), (["/mine", "/tmp"], "/mine")],
)
def test_where_the_folder_is_made(
    monkeypatch: pytest.MonkeyPatch, writable: list[str], parent: str
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path in writable)
    monkeypatch.setattr(metrics, "_new_folder", lambda folder: folder)
    monkeypatch.setattr(metrics, "_answer_for_all", lambda _client: None)
    monkeypatch.setattr("prometheus_client.values.ValueClass", None)  # put back at the end
    environ = {"TMPDIR": "/mine"} if "/mine" in writable else {}
    assert metrics.begin(environ)
    assert environ[metrics.VARIABLE] == parent


def test_with_nowhere_to_write_the_mode_stays_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    environ: dict[str, str] = {}
    assert metrics.begin(environ) is None
    assert environ == {}


def test_without_the_module_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "find_spec", lambda _name: None)
    environ: dict[str, str] = {}
    assert metrics.begin(environ) is None
    assert environ == {}


@pytest.mark.parametrize(
    ("taken", "place"), [((), 1), ((1,), 2), ((2, 3), 1), ((1, 2, 4), 3), ((3, 1, 2), 4)]
)
def test_the_lowest_free_place(taken: tuple[int, ...], place: int) -> None:
    assert metrics.free(taken) == place


def test_gunicorns_own_statistics_go_on(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(10)
        host = f"127.0.0.1:{receiver.getsockname()[1]}"
        with serving(tmp_path, CONF, "--statsd-host", host, WEB_CONCURRENCY="1") as server:
            server.answer()
            seen = b""
            while b"gunicorn.requests:1|c" not in seen:
                seen += receiver.recv(4096)


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert metrics.__file__.startswith(str(MODULES))
