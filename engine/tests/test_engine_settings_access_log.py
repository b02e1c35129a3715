"""The access log: each atom as gunicorn's own sync worker writes it, whoever listens."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.servers import listening, started
from serving import Server, serving, wait_until

ATOMS = [
    *("%(h)s", "%(l)s", "%(u)s", "%(r)s", "%(s)s", "%(m)s", "%(U)s", "%(q)s", "%(H)s", "%(B)s"),
    *("%(b)s", "%(f)s", "%(a)s", "%(T)s", "%({x-id}i)s", "%({Content-Type}i)s", "%({nope}i)s"),
    *("%({content-length}i)s", "%({host}i)s", "%({X-Out}o)s", "%({content-type}o)s"),
    *("%({content-length}o)s", "%({connection}o)s", "%({server}o)s", "%({date}o)s", "%({nope}o)s"),
    *("%({REMOTE_ADDR}e)s", "%({raw_uri}e)s", "%({wsgi.url_scheme}e)s", "%({SERVER_PROTOCOL}e)s"),
    *("%({path_info}e)s", "%({QUERY_STRING}e)s", "%({HTTP_X_ID}e)s", "%({nope}e)s", "%(nope)s"),
]
GET = b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n"
REQUESTS = {
    "plain": GET % (b"/hello", b""),
    "query": GET % (b"/hello?a=1%20b&c", b""),
    "encoded": GET % (b"/hel%6c%6f/%41", b"X-Show: hello\r\n"),
    "headers": GET % (b"/hello", b"X-Id: 7\r\nReferer: r\r\nUser-Agent: b\r\n"),
    "user": GET % (b"/hello", b"Authorization: Basic dXNlcjpwYXNz\r\n"),
    "missing": GET % (b"/none", b""),
    "more headers": GET % (b"/header?kind=latin", b""),
    "stream": GET % (b"/stream?n=10", b""),
    "raises": GET % (b"/raises", b""),
    "head": b"HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "old": b"GET /hello HTTP/1.0\r\n\r\n",
    "post": b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: t/x\r\n"
    b"Content-Length: 4\r\n\r\nbody",
}
DIFFERENCES = {
    # What a view raises reaches a place of the sync worker that knows little of the request, and
    # its page isn't counted.
    "raises": {
        *("%(B)s", "%(b)s", "%(U)s", "%({path_info}e)s", "%({wsgi.url_scheme}e)s"),
    },
}
"""Atoms that gunicorn's sync worker writes otherwise, by request."""


def logged(installed: Path, worker: str) -> dict[str, list[str]]:
    """What each atom is for each request, in the order of ATOMS."""
    log_format = "line|" + "|".join(ATOMS)
    options = ("--access-logfile", "-", "--access-logformat", log_format)
    lines = {}
    with serving(installed, *options, worker=worker) as server:
        for count, (name, request) in enumerate(REQUESTS.items()):
            server.ask(request)
            lines[name] = _line(server, count)
    return lines


def _line(server: Server, number: int) -> list[str]:
    wait_until(lambda: len(_lines(server)) > number, "it is logged")
    return _lines(server)[number]


def _lines(server: Server) -> list[list[str]]:
    return [line.split("|")[1:] for line in server.log().splitlines() if line[:5] == "line|"]


@pytest.mark.setting("access_log_format", "accesslog")
def test_each_atom_is_gunicorns_own(installed: Path) -> None:
    ours = logged(installed, "egg:meinheld#gunicorn_worker")
    theirs = logged(installed, "sync")

    assert ours.keys() == theirs.keys()
    for name, atoms in theirs.items():
        assert len(atoms) == len(ATOMS)
        found = dict(zip(ATOMS, ours[name], strict=True))
        wanted = dict(zip(ATOMS, atoms, strict=True))
        if name == "head":
            # gunicorn before 27 counts the body that it doesn't send.
            assert found["%(B)s"] == found["%(b)s"] == "0"
            wanted |= {"%(B)s": "0", "%(b)s": "0"}
        other = {atom for atom in ATOMS if found[atom] != wanted[atom]}
        assert other == DIFFERENCES.get(name, set()), (name, found, wanted)


@pytest.fixture
def timed(installed: Path) -> Iterator[Server]:
    log_format = "line|%(t)s|%(T)s|%(M)s|%(D)s|%(L)s|%(p)s"
    options = ("--access-logfile", "-", "--access-logformat", log_format)
    with serving(installed, *options) as server:
        yield server


def test_times_are_exact(timed: Server) -> None:
    timed.get("/sleep?s=1.05")
    (pid,) = timed.workers()
    date, seconds, milliseconds, microseconds, exact, process = _line(timed, 0)

    assert re.fullmatch(r"\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]", date)
    assert (seconds, process) == ("1", f"<{pid}>")
    assert 1050 <= int(milliseconds) < 5000
    assert int(microseconds) // 1000 == int(milliseconds)
    assert int(microseconds) % 1000 != 0
    assert exact == f"{int(microseconds) // 10**6}.{int(microseconds) % 10**6:06}"


def test_what_could_forge_a_line_is_escaped(installed: Path) -> None:
    log_format = 'line|%(u)s|%(U)s|%(q)s|"%(a)s"|%({X-Id}i)s'
    with serving(installed, "--access-logfile", "-", "--access-logformat", log_format) as server:
        # b"a\nline|" as user
        user = "Authorization: Basic YQpsaW5lfA=="
        server.get("/a%0Aline%7C%22?b", user, 'User-Agent: "\\', "X-Id: \x85")
        assert server.stop() == 0
        lines = _lines(server)

    assert lines == [["a\\x0aline", "", "/a\\x0aline", '\\"', "b", '"\\"\\\\"', "\u00c2\\x85"]]


def test_own_log_has_no_forged_lines(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys, meinheld; from engine_app import app;"
        "meinheld.set_listen_socket(int(sys.argv[1])); meinheld.run(app)"
    )
    with listening() as listener:
        command = [str(installed), "-c", code, str(listener.fileno())]
        with started(command, listener, tmp_path, {}) as server:
            server.get("/%0Aforged%22")
            wait_until(lambda: "404" in server.log(), "the request is in the log")
            (line,) = server.log().splitlines()

    assert '"GET /\\x0aforged\\" HTTP/1.1" 404 7 ' in line


@pytest.mark.setting("statsd_host", "statsd_prefix", "dogstatsd_tags")
def test_statsd_hears_of_each_request(installed: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as statsd:
        statsd.bind(("127.0.0.1", 0))
        statsd.settimeout(15)
        address = "{}:{}".format(*statsd.getsockname())
        options = ("--statsd-host", address, "--statsd-prefix", "mine", "--dogstatsd-tags", "a:b")
        with serving(installed, *options) as server:
            server.get("/none")
            told: list[str] = []
            while not told or "status" not in told[-1]:
                told.append(statsd.recv(1000).decode())

    # gunicorn tells of its workers too.
    requests = [re.sub(r"\d+\.\d+\|ms", "MS|ms", line) for line in told if "request" in line]
    assert requests == [
        "mine.gunicorn.request.duration:MS|ms|#a:b",
        "mine.gunicorn.requests:1|c|@1.0|#a:b",
        "mine.gunicorn.request.status.404:1|c|@1.0|#a:b",
    ]


@pytest.mark.setting("logger_class")
def test_logger_of_the_users_own_gets_requests(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        "from gunicorn.glogging import Logger\n"
        "control_socket_disable = True\n"
        "class logger_class(Logger):\n"
        "    def access(self, resp, req, environ, request_time):\n"
        "        self.error_log.info('mine: %s %s %s %s %s', req.method, req.uri, resp.status,\n"
        "                            resp.sent, dict(resp.headers)['Content-Type'])\n"
    )
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        server.get("/hello?a=1")
        assert server.stop() == 0
        assert "mine: GET /hello?a=1 200 OK 5 text/plain\n" in server.log()


@pytest.mark.setting(
    "syslog", "syslog_addr", "syslog_prefix", "syslog_facility", "disable_redirect_access_to_syslog"
)
@pytest.mark.parametrize("redirect", [True, False])
def test_syslog_gets_requests(installed: Path, redirect: bool) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as syslog:
        syslog.bind(("127.0.0.1", 0))
        syslog.settimeout(15)
        address = "udp://{}:{}".format(*syslog.getsockname())
        options = ["--log-syslog", "--log-syslog-to", address, "--log-syslog-prefix", "mine"]
        options += ["--log-syslog-facility", "local3", "--access-logformat", "%(r)s %(s)s"]
        options += [] if redirect else ["--disable-redirect-access-to-syslog"]
        with serving(installed, *options) as server:
            server.get("/hello")
            assert server.stop() == 0
        told: list[bytes] = []
        while not told or b"Shutting down" not in told[-1]:
            told.append(re.sub(rb"\[\d+\]", b"[PID]", syslog.recv(1000)))

    # 158: local3 and info
    line = b"<158>gunicorn.mine.access: [PID] GET /hello HTTP/1.1 200\0"
    assert (line in told) == redirect


DICT = {
    "version": 1,
    "formatters": {"own": {"format": "configured: %(message)s"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "own"}},
    "root": {"handlers": ["out"]},
    "loggers": {"gunicorn.access": {"handlers": ["out"], "level": "INFO", "propagate": False}},
}
INI = """\
[loggers]
keys=root,access
[handlers]
keys=out
[formatters]
keys=own
[logger_root]
handlers=
[logger_access]
qualname=gunicorn.access
handlers=out
propagate=0
level=INFO
[handler_out]
class=StreamHandler
formatter=own
args=()
[formatter_own]
format=configured: %(message)s
"""


@pytest.mark.setting("logconfig", "logconfig_dict", "logconfig_json")
@pytest.mark.parametrize("kind", ["logconfig", "logconfig_dict", "logconfig_json"])
def test_log_configuration_gets_requests(installed: Path, tmp_path: Path, kind: str) -> None:
    value = repr(DICT) if kind == "logconfig_dict" else repr(str(tmp_path / "log"))
    (tmp_path / "log").write_text(INI if kind == "logconfig" else json.dumps(DICT))
    (tmp_path / "conf.py").write_text(f"control_socket_disable = True\n{kind} = {value}\n")
    options = ("-c", str(tmp_path / "conf.py"), "--access-logformat", "%(r)s %(s)s")
    with serving(installed, *options) as server:
        server.get("/hello")
        assert server.stop() == 0
        assert "configured: GET /hello HTTP/1.1 200\n" in server.log()
