"""The server as a process, commands in its place, and the retired image's paths."""

import json
import signal

import pytest
from support.containers import Container, wait
from support.images import Images, Run
from support.packing import run as command

CONF = "/layers/flaskpack/web/launch/gunicorn_conf.py"


def test_gunicorn_is_the_first_process(run: Run) -> None:
    container = run(files={"/workspace/prestart.sh": "true\n"}, env={"WEB_CONCURRENCY": "2"})
    for _ in container.twice():
        container.get()
        container.wait_for_line("[INFO] Listening at: http://0.0.0.0:80 (1)")
        commands = container.processes()
        assert "/gunicorn " in commands[1]
        shells = [line for line in commands.values() if line.startswith(("/bin/sh", "sh /"))]
        assert shells == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_on_a_signal_with_code_0(run: Run, number: signal.Signals) -> None:
    container = run(env={"GRACEFUL_TIMEOUT": "5"})
    for _ in container.twice():
        container.get()
        container.kill(number.name)
        assert container.wait_for_end() == 0


def test_docker_stop_does_not_wait_for_the_kill(run: Run) -> None:
    container = run(env={"GRACEFUL_TIMEOUT": "5"})
    container.start()
    container.get()
    assert container.stop(30) < 10
    assert container.state()["ExitCode"] == 0


def test_json_beside_the_server_and_alone(run: Run) -> None:
    container = run(env={"WEB_CONCURRENCY": "3"})
    expected = {
        "loglevel": "info",
        "workers": 3,
        "bind": "0.0.0.0:80",
        "workers_per_core": 2.0,
        "host": "0.0.0.0",
        "port": "80",
    }
    for _ in container.twice():
        container.get()
        for python in ("python", "python3"):
            code, said = container.exec(python, CONF)
            values = json.loads(said)
            assert (code, said) == (0, json.dumps(values) + "\n")
            assert list(values.items())[: len(expected)] == list(expected.items())
            assert values["worker_class"] == "egg:meinheld#gunicorn_worker"
            assert values["why"] == "WEB_CONCURRENCY"
        assert "loglevel" not in "".join(container.output())


def test_options_go_to_gunicorn(run: Run) -> None:
    container = run("--log-level", "debug", "--workers", "2")
    for _ in container.twice():
        container.get()
        stderr = container.output()[1]
        assert "  loglevel: debug\n" in stderr
        assert "  workers: 2\n" in stderr
        assert container.output()[0].startswith("Checking for script in /workspace/prestart.sh\n")


def test_a_bad_option_is_told_by_gunicorn(run: Run) -> None:
    container = run("--log-level")
    for _ in container.twice():
        assert container.wait_for_end() == 2
        last = container.output()[1].splitlines()[-1]
        assert last == "gunicorn: error: argument --log-level: expected one argument"


ROUTES = """\
Endpoint  Methods  Rule
--------  -------  -----------------------
<lambda>  GET      /
static    GET      /static/<path:filename>
"""


@pytest.mark.parametrize(
    ("arguments", "code", "stdout", "stderr"),
    [
        (["python", "-V"], 0, "Python 3.13.5\n", ""),
        (["python", "-c", "import os, main; print(os.getcwd())"],
         0, "answer.py is imported\n/workspace\n", ""),
        (["flask", "routes"], 0, "answer.py is imported\n" + ROUTES, ""),
        (["sh", "-c", 'echo "$APP_MODULE $FLASK_APP $0 $1"', "a b", "$(id) *"],
         0, "main:app main:app a b $(id) *\n", ""),
        (["sh", "-c", "exit 42"], 42, "", ""),
        (["nosuch", "x"], 127, "", "Error: nosuch: no such command in this image\n"),
    ],
)  # fmt: skip
def test_a_command_runs_in_the_launch_environment(
    run: Run, arguments: list[str], code: int, stdout: str, stderr: str
) -> None:
    container = run(*arguments, files={"/workspace/prestart.sh": "echo must not run\n"})
    for _ in container.twice():
        assert container.wait_for_end() == code
        said, complaint = container.output()
        assert (trimmed(said), complaint) == (stdout, stderr)


def trimmed(text: str) -> str:
    """Without blanks at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


def test_a_command_for_the_app_named_at_launch(run: Run) -> None:
    container = run("flask", "routes", env={"APP_MODULE": "other:api"})
    for _ in container.twice():
        assert container.wait_for_end() == 0
        assert trimmed(container.output()[0]).endswith(ROUTES)


def test_flask_beside_the_server_knows_the_app(run: Run) -> None:
    container = run()
    for _ in container.twice():
        container.get()
        code, said = container.exec("flask", "routes")
        assert (code, trimmed(said)) == (0, "answer.py is imported\n" + ROUTES)


def test_gunicorn_as_a_process(run: Run) -> None:
    container = run("--version", options=("--entrypoint", "gunicorn"))
    for _ in container.twice():
        assert container.wait_for_end() == 0
        assert container.output()[0].startswith("gunicorn (version ")


def test_dev_reloads_when_a_file_changes(run: Run) -> None:
    container = run(options=("--entrypoint", "dev"), workers=3)
    for number, _ in enumerate(container.twice()):
        answer = container.get()
        assert answer["env"]["FLASK_DEBUG"] == "1"
        assert "  workers: 1\n" in container.output()[1]
        change_answer(container, f"changed {number}")


def change_answer(container: Container, changed: str) -> None:
    text = f"def describe(app): return {{'app': {changed!r}, 'env': {{'FLASK_DEBUG': '1'}}}}\n"
    container.put({"/workspace/answer.py": text})
    wait(lambda: container.get()["app"] == changed, "no reload", lambda: container.output()[1])


def test_debugging_is_off_unless_dev_runs(run: Run) -> None:
    container = run()
    for _ in container.twice():
        assert "FLASK_DEBUG" not in container.get()["env"]


@pytest.mark.parametrize("user", ["4321:0", "0:0"])
def test_another_user(run: Run, user: str) -> None:
    container = run(options=("--user", user))
    for _ in container.twice():
        assert container.get()["app"] == "main:app"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/workspace/prestart.sh", "{} cannot be read by this user: chmod a+r"),
        (
            "/workspace/gunicorn_conf.py",
            "GUNICORN_CONF is '{}', which this user cannot read: chmod a+r",
        ),
    ],
)
def test_a_file_that_the_user_cannot_read(run: Run, path: str, words: str) -> None:
    container = run()
    container.put({path: "true = 1\n"}, mode=0o600)
    for _ in container.twice():
        assert container.wait_for_end() == 1
        assert container.output()[1] == f"Error: {words.format(path)}\n"


def test_workspace_app_gives_the_retired_images_paths(run: Run, images: Images) -> None:
    image = images.name("factory", "--workspace", "/app")
    files = {"/app/custom_conf.py": "bind = '0.0.0.0:80'\nworkers = 1\n"}
    container = run(image=image, files=files, env={"GUNICORN_CONF": "/app/custom_conf.py"})
    for _ in container.twice():
        assert container.get() == {"app": "app.main:create_app()"}
        assert " -c /app/custom_conf.py " in container.processes()[1]
        stdout, stderr = container.output()
        assert stdout == (
            "Checking for script in /app/prestart.sh\n"
            "Running script /app/prestart.sh\n"
            "Running inside /app/prestart.sh\n"
        )
        assert "does not exist" not in stderr


def test_an_image_for_another_python_says_so(run: Run) -> None:
    """As after a rebase onto a run image with another minor version."""
    found = "/layers/flaskpack/web/launch/found.sh"
    container: Container = run(files={"/workspace/x": ""})
    container.start()
    container.get()
    code, text = container.exec("cat", found)
    assert code == 0
    container.put({found: text.replace("python3.13", "python3.12")})
    command("docker", "restart", container.name)
    assert container.wait_for_end() == 1
    assert container.output()[1].endswith(
        "Shutting down: Master\nError: this image was built for Python 3.12 (/usr/bin/python3.12), "
        "this run image has Python 3.13: build it again\n"
    )
