"""gunicorn's configuration: which file, and who wins about the worker class."""

import pytest
from support.containers import Container
from support.images import Images, Run
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch.threads import DEFAULT as THREADS  # isort: skip

INCLUDED = "/layers/flaskpack/web/launch/gunicorn_conf.py"
ENGINE = "egg:meinheld#gunicorn_worker"
ROOT = "/workspace/gunicorn_conf.py"
INNER = "/workspace/app/gunicorn_conf.py"
CUSTOM = "/workspace/custom.py"
OWN = "bind = '0.0.0.0:80'\nworkers = 1\nkeepalive = {keepalive}\n"
MISSING = "GUNICORN_CONF: {given} does not exist, taking {taken}\n"


def command_line(container: Container) -> str:
    """gunicorn's, which is the container's first process."""
    container.get()
    return container.processes()[1]


def conf_of(container: Container) -> str:
    """As the retired image's tests read it."""
    return command_line(container).partition(" -c ")[2].split()[0]


@pytest.mark.parametrize(
    ("files", "env", "expected"),
    [
        ([], {}, INCLUDED),
        ([], {"GUNICORN_CONF": ""}, INCLUDED),
        ([INNER], {}, INNER),
        ([ROOT, INNER], {}, ROOT),
        ([ROOT, CUSTOM], {"GUNICORN_CONF": CUSTOM}, CUSTOM),
        ([ROOT, CUSTOM], {"GUNICORN_CONF": "custom.py"}, CUSTOM),
        ([ROOT, CUSTOM], {"GUNICORN_CONF": "/app/custom.py"}, CUSTOM),
    ],
)
def test_order_of_configuration_files(
    run: Run, files: list[str], env: dict[str, str], expected: str
) -> None:
    texts = {path: OWN.format(keepalive=number) for number, path in enumerate(files, start=11)}
    container = run("--log-level", "debug", env=env, files=texts)
    keepalive = 11 + files.index(expected) if expected in files else 120
    for _ in container.twice():
        assert conf_of(container) == expected
        assert container.get()["env"]["GUNICORN_CONF"] == expected
        stderr = container.output()[1]
        assert f"  keepalive: {keepalive}\n" in stderr
        moved = MISSING.format(given="/app/custom.py", taken=CUSTOM)
        assert (moved in stderr) is (env == {"GUNICORN_CONF": "/app/custom.py"})


@pytest.mark.parametrize("given", ["/app/none.py", "/none.py"])
def test_a_configuration_file_that_is_missing(run: Run, given: str) -> None:
    container = run(env={"GUNICORN_CONF": given})
    for _ in container.twice():
        assert container.wait_for_end() == 1
        expected = f"Error: GUNICORN_CONF is '{given}', and there is no such file\n"
        assert container.output() == ("", expected)


def test_an_own_file_imports_the_included_one(run: Run) -> None:
    text = "from flaskpack_conf import *\nkeepalive = 5\n"
    container = run("--log-level", "debug", files={ROOT: text}, env={"WEB_CONCURRENCY": "3"})
    for _ in container.twice():
        assert conf_of(container) == ROOT
        stderr = container.output()[1]
        assert "  keepalive: 5\n" in stderr
        assert "  workers: 3\n" in stderr
        # Another worker may answer before the first one tells.
        container.wait_for_line(f"[INFO] 3 workers of {THREADS} threads: WEB_CONCURRENCY; memory ")


FILE = {ROOT: OWN.format(keepalive=2) + "worker_class = 'sync'\n"}
OVERRULED = (
    f"worker_class in {ROOT} is overruled, as -k is always given to gunicorn: "
    "choose with WORKER_CLASS or GUNICORN_CMD_ARGS\n"
)
CMD_ARGS = {"GUNICORN_CMD_ARGS": "--worker-class gthread"}


@pytest.mark.parametrize(
    ("arguments", "env", "files", "expected"),
    [
        ([], {}, {}, ENGINE),
        ([], {}, FILE, ENGINE),
        ([], {"WORKER_CLASS": "sync"}, {}, "sync"),
        ([], {"WORKER_CLASS": "gthread"}, FILE, "gthread"),
        ([], {"GUNICORN_CMD_ARGS": "--threads 2"}, {}, ENGINE),
        ([], CMD_ARGS, {}, "gthread"),
        ([], CMD_ARGS, FILE, "gthread"),
        ([], {**CMD_ARGS, "WORKER_CLASS": "sync"}, {}, "gthread"),
        ([], {"GUNICORN_CMD_ARGS": "-ksync"}, {}, "sync"),
        ([], {"GUNICORN_CMD_ARGS": "--worker-cl=sync"}, {}, "sync"),
        (["-k", "sync"], {}, FILE, "sync"),
        (["--worker-class=sync"], {**CMD_ARGS, "WORKER_CLASS": "gthread"}, {}, "sync"),
    ],
)
def test_who_wins_about_the_worker_class(
    run: Run, arguments: list[str], env: dict[str, str], files: dict[str, str], expected: str
) -> None:
    container = run(*arguments, env=env, files=files)
    for _ in container.twice():
        container.get()
        stderr = container.output()[1]
        assert f"[INFO] Using worker: {expected}\n" in stderr
        assert stderr.count(OVERRULED) == (1 if files else 0)


def test_a_bad_worker_class(run: Run) -> None:
    container = run(env={"WORKER_CLASS": "sync; id"})
    for _ in container.twice():
        assert container.wait_for_end() == 1
        assert container.output()[1] == (
            "Error: WORKER_CLASS is 'sync; id', allowed: a name that gunicorn knows (gthread), "
            "or a class's path (package.module.Class)\n"
        )


def test_the_process_list_shows_the_command(run: Run) -> None:
    container = run()
    for _ in container.twice():
        line = command_line(container)
        assert line.endswith(f"/gunicorn -k {ENGINE} -c {INCLUDED} main:app")


@pytest.mark.parametrize("files", [{}, {ROOT: OWN.format(keepalive=2)}])
def test_gunicorns_control_socket_stays_closed(run: Run, files: dict[str, str]) -> None:
    container = run("--log-level", "debug", files=files)
    for _ in container.twice():
        container.get()
        assert "  control_socket_disable: True\n" in container.output()[1]
        code, said = container.exec("sh", "-c", 'ls -a "$HOME"')
        assert (code, ".gunicorn" in said) == (0, False)


def test_gunicorns_control_socket_opens_when_asked_for(run: Run) -> None:
    container = run("--control-socket", "/tmp/control")
    for _ in container.twice():
        container.get()
        container.wait_for_line("/tmp/control")
        assert container.exec("test", "-S", "/tmp/control")[0] == 0


def test_gunicorn_22_serves_under_the_same_contract(run: Run, images: Images) -> None:
    container = run("--log-level", "debug", image=images.name("factory"))
    for _ in container.twice():
        assert command_line(container).endswith(
            f"/gunicorn -k {ENGINE} -c {INCLUDED} app.main:create_app() --log-level debug"
        )
        stderr = container.output()[1]
        assert "Starting gunicorn 22.0.0\n" in stderr
        assert "  worker_tmp_dir: /dev/shm\n" in stderr


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert MODULES.name == "modules"
