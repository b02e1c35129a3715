"""The variables of the included configuration, the workers, the ports, and every bad value."""

import json

import pytest
from support.containers import Container
from support.images import Images, Run
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch.threads import DEFAULT as THREADS  # isort: skip

CONF = "/layers/flaskpack/web/launch/gunicorn_conf.py"
TIMES = "\N{MULTIPLICATION SIGN}"
DEFAULTS = {
    "loglevel": "info",
    "bind": "0.0.0.0:80",
    "workers_per_core": 2.0,
    "host": "0.0.0.0",
    "port": "80",
}

TUNING = ("threads", "worker_class", "why", "cores", "memory", "processes")


def printed(container: Container) -> dict[str, object]:
    """``docker exec C python FILE``: just the JSON, in one line."""
    code, said = container.exec("python", CONF)
    assert code == 0, said
    assert said.count("\n") == 1, said
    values: dict[str, object] = json.loads(said)
    return values


@pytest.mark.parametrize(
    ("env", "port", "changed"),
    [
        ({"WEB_CONCURRENCY": "3"}, 80, {}),
        ({"LOG_LEVEL": "warning"}, 80, {"loglevel": "warning"}),
        ({"PORT": "8080"}, 8080, {"port": "8080", "bind": "0.0.0.0:8080"}),
        (
            {"BIND": "0.0.0.0:8080", "HOST": "127.0.0.1", "PORT": "9000"},
            8080,
            {"port": "9000", "bind": "0.0.0.0:8080", "host": "127.0.0.1"},
        ),
        ({"WORKERS_PER_CORE": "0.5"}, 80, {"workers_per_core": 0.5}),
        (dict.fromkeys(("HOST", "PORT", "BIND", "WEB_CONCURRENCY", "LOG_LEVEL"), ""), 80, {}),
    ],
)
def test_what_is_asked_for_is_printed_and_done(
    run: Run, env: dict[str, str], port: int, changed: dict[str, object]
) -> None:
    container = run(env=env, port=port, workers=None)
    for _ in container.twice():
        assert container.get()["app"] == "main:app"
        values = printed(container)
        workers = values["workers"]
        assert [name for name in values if name not in ("workers", *TUNING)] == list(DEFAULTS)
        assert {name: values[name] for name in DEFAULTS} == {**DEFAULTS, **changed}
        container.wait_for_workers(int(str(workers)))
        if env.get("WEB_CONCURRENCY"):
            assert workers == 3


def test_several_addresses(run: Run) -> None:
    bind = "127.0.0.1:9000, 0.0.0.0:8080,unix:/tmp/x.sock"
    container = run(env={"BIND": bind}, port=8080)
    for _ in container.twice():
        assert container.get()["app"] == "main:app"
        listening = "http://127.0.0.1:9000,http://0.0.0.0:8080,unix:/tmp/x.sock (1)"
        assert f"[INFO] Listening at: {listening}\n" in container.output()[1]
        assert printed(container)["bind"] == bind


def test_a_host_inside_the_container_only(run: Run) -> None:
    container = run(env={"HOST": "127.0.0.1", "WEB_CONCURRENCY": "1"})
    for _ in container.twice():
        container.wait_for_line("Listening at: http://127.0.0.1:80 (1)")
        assert printed(container)["bind"] == "127.0.0.1:80"


@pytest.mark.parametrize(
    ("options", "env", "line"),
    [
        (["--cpus", "0.5"], {}, f"1 worker: 2 per core {TIMES} 0.5 cores (cgroup v? quota)"),
        (["--cpus", "1.5"], {}, f"3 workers: 2 per core {TIMES} 1.5 cores (cgroup v? quota)"),
        (["--cpus", "1.5"], {"WORKERS_PER_CORE": "4"},
         f"6 workers: 4 per core {TIMES} 1.5 cores (cgroup v? quota)"),
        (["--cpuset-cpus", "0"], {}, f"2 workers: 2 per core {TIMES} 1.0 cores (CPU affinity)"),
        (["--cpus", "1"], {"WEB_CONCURRENCY": "2"}, "2 workers: WEB_CONCURRENCY"),
    ],
)  # fmt: skip
def test_workers_fit_the_containers_cpus(
    run: Run, options: list[str], env: dict[str, str], line: str
) -> None:
    container = run(options=tuple(options), env=env, workers=None)
    for _ in container.twice():
        container.wait_for_line("is renewed\n")
        stderr = container.output()[1].replace("cgroup v1", "cgroup v?")
        stderr = stderr.replace("cgroup v2", "cgroup v?").replace(f" of {THREADS} threads: ", ": ")
        assert stderr.count(f"[INFO] {line}; memory ") == 1
        workers = int(line.split()[0])
        container.wait_for_workers(workers)
        assert printed(container)["workers"] == workers


def test_settings_reach_gunicorn(run: Run) -> None:
    given = {"LOG_LEVEL": "debug", "TIMEOUT": "8", "GRACEFUL_TIMEOUT": "9", "MAX_REQUESTS": "100"}
    container = run(env={**given, "ACCESS_LOG": "1", "KEEP_ALIVE": "7"})
    for _ in container.twice():
        container.get()
        stderr = container.output()[1]
        for line in ("timeout: 8", "graceful_timeout: 9", "max_requests: 100", "keepalive: 7"):
            assert f"  {line}\n" in stderr
        container.wait_for_line('"GET / HTTP/1.1" 200')
        assert '"GET / HTTP/1.1" 200' in container.output()[0]


def test_defaults_that_are_the_retired_images(run: Run) -> None:
    container = run(env={"LOG_LEVEL": "debug"})
    for _ in container.twice():
        container.get()
        stdout, stderr = container.output()
        assert "  keepalive: 120\n" in stderr
        assert "  errorlog: -\n" in stderr
        assert "  accesslog: None\n" in stderr
        assert "  worker_tmp_dir: /dev/shm\n" in stderr
        assert "loglevel" not in stdout


def allowed(lowest: int, highest: int) -> str:
    return f"a whole number from {lowest} to {highest}"


SECONDS = "a whole number of seconds from 0 to 86400"
FLAG = "1 or 0 (also true/false, yes/no, on/off)"
LEVELS = "debug, info, warning, error or critical"
BIND = "host:port, [IPv6]:port, unix:/path or fd://number, several with commas"
BAD = [
    *(("WORKERS_PER_CORE", bad, "a number above 0, up to 1000") for bad in ("nan", "inf", "-1")),
    *(("WORKERS_PER_CORE", bad, "a number above 0, up to 1000") for bad in ("0", "abc", "1e9")),
    *(("WEB_CONCURRENCY", bad, allowed(1, 10000)) for bad in ("0", "-1", "abc", "1.5", "99999")),
    *(("THREADS", bad, allowed(1, 1000)) for bad in ("0", "many")),
    ("PRELOAD", "maybe", FLAG),
    *(("HOST", bad, "an address (0.0.0.0, ::) or a host's name") for bad in (" ", "a b", "x:80")),
    *(("PORT", bad, "a port from 1 to 65535") for bad in ("http", "0", "65536", "tcp://1:80")),
    *(("BIND", bad, BIND) for bad in ("80", "0.0.0.0", "0.0.0.0:http", "unix:", "a:80,")),
    *(("LOG_LEVEL", bad, LEVELS) for bad in ("loud", "warn", "10")),
    ("ACCESS_LOG", "/var/log/access", f"{FLAG}, combined or json"),
    *(("KEEP_ALIVE", bad, SECONDS) for bad in ("-1", "soon")),
    *(("TIMEOUT", bad, SECONDS) for bad in ("-1", "1m")),
    *(("GRACEFUL_TIMEOUT", bad, SECONDS) for bad in ("-1", "$(id)")),
    *(("MAX_REQUESTS", bad, allowed(0, 999999999)) for bad in ("-1", "1e3")),
]


@pytest.mark.parametrize(("name", "value", "allowed"), BAD)
def test_a_bad_value_ends_the_start(run: Run, name: str, value: str, allowed: str) -> None:
    container = run(env={name: value})
    for _ in container.twice():
        assert container.wait_for_end() == 1
        assert container.output()[1] == f"Error: {name} is {value!r}, allowed: {allowed}\n"


UNPRIVILEGED = ("--sysctl", "net.ipv4.ip_unprivileged_port_start=1024")
WAY_OUT = (
    "give a PORT (or BIND) from 1024 up, or run with --sysctl net.ipv4.ip_unprivileged_port_start=0"
)


def test_80_that_nobody_asked_for_becomes_8080(run: Run) -> None:
    container = run(options=UNPRIVILEGED, port=8080)
    for _ in container.twice():
        assert container.get()["app"] == "main:app"
        warning = f"port 80 is not permitted for this user, listening on 8080: {WAY_OUT}"
        assert container.output()[1].count(f"[WARNING] {warning}\n") == 1
        values = printed(container)
        assert (values["port"], values["bind"]) == ("8080", "0.0.0.0:8080")


@pytest.mark.parametrize("env", [{"PORT": "80"}, {"BIND": "0.0.0.0:80"}])
def test_80_that_was_asked_for_and_cannot_be_had(run: Run, env: dict[str, str]) -> None:
    container = run(options=UNPRIVILEGED, env={**env, "LOG_LEVEL": "warning"})
    for _ in container.twice():
        assert container.wait_for_end() == 1
        assert container.output()[1] == (
            f"Error: cannot listen on 0.0.0.0:80: not permitted for this user: {WAY_OUT}\n"
        )


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.0.2.1", "not an address of this container; HOST=0.0.0.0 is all"),
        ("nosuch.invalid", "there is no host of that name"),
    ],
)
def test_a_host_that_is_none(run: Run, host: str, words: str) -> None:
    container = run(env={"HOST": host, "LOG_LEVEL": "warning"})
    for _ in container.twice():
        assert container.wait_for_end() == 1
        assert container.output()[1] == f"Error: cannot listen on {host}:80: {words}\n"


def test_other_ports_than_80_in_the_app_modules_image(run: Run, images: Images) -> None:
    container = run("--bind", "0.0.0.0:7000", image=images.name("factory"), port=7000)
    for _ in container.twice():
        assert container.get() == {"app": "app.main:create_app()"}


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert MODULES.name == "modules"
