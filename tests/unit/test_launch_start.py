"""The start command up to the moment it becomes gunicorn: design's table, line by line."""

from pathlib import Path

import pytest
from support.launch import NASTY, SHELLS, Image, make_image

ENGINE = "egg:meinheld#gunicorn_worker"


@pytest.fixture(params=SHELLS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    return make_image(tmp_path, request.param)


def test_nothing_given(image: Image) -> None:
    outcome = image.run()
    server = outcome.became()
    conf = str(image.launch / "gunicorn_conf.py")
    assert server.argv == ["-k", ENGINE, "-c", conf, "app.main:app"]
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        f"Checking for script in {image.app}/prestart.sh\n"
        f"There is no script {image.app}/prestart.sh\n"
    )
    assert server.pid == outcome.pid
    assert server.cwd == str(image.app)
    assert server.env["APP_MODULE"] == "app.main:app"
    assert server.env["FLASK_APP"] == "app.main:app"
    assert server.env["GUNICORN_CONF"] == conf
    assert server.env["PYTHONPATH"] == str(image.launch / "modules")
    assert "GUNICORN_CMD_ARGS" not in server.env


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "app.main:api"),
        ({"MODULE_NAME": "other"}, "other:app"),
        ({"MODULE_NAME": "app.main"}, "app.main:api"),
        ({"VARIABLE_NAME": "wsgi"}, "app.main:wsgi"),
        ({"MODULE_NAME": "other", "VARIABLE_NAME": "create()"}, "other:create()"),
        ({"APP_MODULE": "a.b:c"}, "a.b:c"),
        ({"APP_MODULE": "a.b:c", "MODULE_NAME": "x", "VARIABLE_NAME": "y"}, "a.b:c"),
        ({"APP_MODULE": "", "MODULE_NAME": "", "VARIABLE_NAME": ""}, "app.main:api"),
        ({"APP_MODULE": f"main:f('{NASTY}')"}, f"main:f('{NASTY}')"),
    ],
)
def test_the_app_is_named_at_launch(image: Image, env: dict[str, str], expected: str) -> None:
    image.found(variable="api")
    server = image.run(**env).became()
    assert server.argv[-1] == expected
    assert server.env["APP_MODULE"] == expected


def test_a_flask_app_given_stays(image: Image) -> None:
    assert image.run(FLASK_APP="mine").became().env["FLASK_APP"] == "mine"


NOTHING_FOUND = {"module": "", "variable": ""}


def test_nothing_found_and_nothing_named(image: Image) -> None:
    image.found(**NOTHING_FOUND)
    outcome = image.run()
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        "Error: no app was found when this image was built: "
        "name it with APP_MODULE=module:variable or MODULE_NAME=module\n"
    )


def test_nothing_found_but_named(image: Image) -> None:
    image.found(**NOTHING_FOUND)
    assert image.run(MODULE_NAME="m").became().argv[-1] == "m:app"
    assert image.run(APP_MODULE="m:v").became().argv[-1] == "m:v"


def test_nothing_found_but_named_in_an_own_configuration(image: Image) -> None:
    image.found(**NOTHING_FOUND)
    server = image.run(GUNICORN_CONF="python:a.b").became()
    assert server.argv == ["-k", ENGINE, "-c", "python:a.b"]
    conf = image.write("gunicorn_conf.py", "wsgi_app = 'm:v'\n")
    assert image.run().became().argv == ["-k", ENGINE, "-c", str(conf)]


@pytest.mark.parametrize("bad", ["-x", "--help", ":app"])
def test_an_app_module_that_looks_like_something_else(image: Image, bad: str) -> None:
    outcome = image.run(APP_MODULE=bad)
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        f"Error: APP_MODULE is '{bad}', allowed: module:variable (main:app) or module:factory()\n"
    )


def chosen_conf(image: Image, **env: str) -> str:
    server = image.run(**env).became()
    chosen = server.argv[server.argv.index("-c") + 1]
    assert server.env["GUNICORN_CONF"] == chosen
    return chosen


def test_order_of_configuration_files(image: Image) -> None:
    assert chosen_conf(image) == str(image.launch / "gunicorn_conf.py")
    inner = image.write("app/gunicorn_conf.py", "")
    assert chosen_conf(image) == str(inner)
    outer = image.write("gunicorn_conf.py", "")
    assert chosen_conf(image) == str(outer)
    other = image.write(f"{NASTY}/conf.py", "")
    assert chosen_conf(image, GUNICORN_CONF=str(other)) == str(other)
    assert chosen_conf(image, GUNICORN_CONF=f"{NASTY}/conf.py") == str(other)
    assert chosen_conf(image, GUNICORN_CONF=f"file:{other}") == str(other)
    assert chosen_conf(image, GUNICORN_CONF="python:a.b") == "python:a.b"
    assert chosen_conf(image, GUNICORN_CONF="") == str(outer)


def test_a_configuration_file_in_app(image: Image) -> None:
    inner = image.write("app/custom.py", "")
    outcome = image.run(GUNICORN_CONF="/app/app/custom.py")
    assert outcome.became().argv[3] == str(inner)
    assert outcome.stderr == (f"GUNICORN_CONF: /app/app/custom.py does not exist, taking {inner}\n")


@pytest.mark.parametrize("given", ["/app/none.py", "/elsewhere.py", "none.py", "/"])
def test_a_configuration_file_that_is_missing(image: Image, given: str) -> None:
    image.write("prestart.sh", "echo must not run")
    image.write("elsewhere.py", "")
    outcome = image.run(GUNICORN_CONF=given)
    shown = given if given.startswith("/") else f"{image.app}/{given}"
    assert (outcome.code, outcome.server, outcome.stdout) == (1, None, "")
    assert outcome.stderr == f"Error: GUNICORN_CONF is '{shown}', and there is no such file\n"


def test_an_interpreter_that_is_missing(image: Image) -> None:
    image.found(python="/usr/bin/python3.99")
    outcome = image.run()
    newest = sorted(Path("/usr/bin").glob("python3.??"))[-1].name.removeprefix("python")
    assert (outcome.code, outcome.server, outcome.stdout) == (1, None, "")
    assert outcome.stderr == (
        "Error: this image was built for Python 3.99 (/usr/bin/python3.99), "
        f"this run image has Python {newest}: build it again\n"
    )


def test_an_image_without_found_sh(image: Image) -> None:
    (image.launch / "found.sh").unlink()
    outcome = image.run()
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (f"Error: {image.launch}/found.sh is missing: build the image again\n")


def test_an_image_without_gunicorn(image: Image) -> None:
    (image.root / "bin" / "gunicorn").unlink()
    outcome = image.run()
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == "Error: gunicorn is not on PATH: build the image again\n"


@pytest.mark.parametrize("env", [{}, {"WORKER_CLASS": ""}])
def test_the_worker_class_of_the_image(image: Image, env: dict[str, str]) -> None:
    image.found(worker_class="gthread")
    assert image.run(**env).became().argv[:2] == ["-k", "gthread"]


@pytest.mark.parametrize("name", ["gthread", "meinheld.gmeinheld.MeinheldWorker", "egg:a-b+1#c"])
def test_a_worker_class_given(image: Image, name: str) -> None:
    assert image.run(WORKER_CLASS=name).became().argv[:2] == ["-k", name]


@pytest.mark.parametrize("bad", [NASTY, "a b", "-k", "sync;", "a\nb", "$(id)"])
def test_a_bad_worker_class(image: Image, bad: str) -> None:
    outcome = image.run(WORKER_CLASS=bad)
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        f"Error: WORKER_CLASS is '{bad}', allowed: a name that gunicorn knows (gthread), "
        "or a class's path (package.module.Class)\n"
    )


def test_with_gunicorn_cmd_args_the_class_stands_where_they_can_beat_it(image: Image) -> None:
    server = image.run(GUNICORN_CMD_ARGS="--worker-class='sync' -w 3").became()
    assert server.argv == ["-c", str(image.launch / "gunicorn_conf.py"), "app.main:app"]
    assert server.env["GUNICORN_CMD_ARGS"] == f"-k {ENGINE} --worker-class='sync' -w 3"


OVERRULED = (
    "worker_class in {conf} is overruled, as -k is always given to gunicorn: "
    "choose with WORKER_CLASS or GUNICORN_CMD_ARGS\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("worker_class = 'sync'\n", True),
        ("bind = ':1'\nworker_class='sync'", True),
        ("if True:\n\tworker_class: str = 'sync'\r\n", True),
        ("# worker_class = 'sync'\n", False),
        ("x = 1  # worker_class is not set\n", False),
        ("", False),
        ("\\\n*\n$(touch evaluated)\n", False),
    ],
)
def test_a_worker_class_in_a_file_is_overruled(image: Image, text: str, said: bool) -> None:
    conf = image.write("gunicorn_conf.py", text)
    outcome = image.run()
    assert outcome.became().argv == ["-k", ENGINE, "-c", str(conf), "app.main:app"]
    assert outcome.stderr == (OVERRULED.format(conf=conf) if said else "")


@pytest.mark.parametrize(
    ("conf", "args", "env", "closed"),
    [
        ("workers = 1\n", [], {}, True),
        ("workers = 1\n", ["--control-socket", "/tmp/c"], {}, False),
        ("workers = 1\n", [], {"GUNICORN_CMD_ARGS": "--control-socket=/tmp/c"}, False),
        ("workers = 1\n", [], {"GUNICORN_CMD_ARGS": "-w 2"}, True),
        ("control_socket = '/tmp/c'\n", [], {}, False),
        ("from flaskpack_conf import *\n", [], {}, False),
        ("# from flaskpack_conf import *\n", [], {}, True),
    ],
)
def test_an_own_configuration_gets_no_control_socket_unasked(
    image: Image, conf: str, args: list[str], env: dict[str, str], closed: bool
) -> None:
    (image.root / "bin" / "gunicornc").write_text("")
    image.write("gunicorn_conf.py", conf)
    server = image.run(*args, **env).became()
    assert ("--no-control-socket" in server.env.get("GUNICORN_CMD_ARGS", "").split()) is closed


@pytest.mark.parametrize("conf", ["", "python:a.b"])
def test_the_included_configuration_and_a_module_decide_for_themselves(
    image: Image, conf: str
) -> None:
    (image.root / "bin" / "gunicornc").write_text("")
    assert "GUNICORN_CMD_ARGS" not in image.run(GUNICORN_CONF=conf).became().env


def test_a_gunicorn_that_has_no_control_socket_is_not_told(image: Image) -> None:
    image.write("gunicorn_conf.py", "workers = 1\n")
    assert "GUNICORN_CMD_ARGS" not in image.run().became().env


def test_the_app_dir_is_known_after_a_hook_that_went_elsewhere(image: Image) -> None:
    image.write("gunicorn_conf.py", "")
    image.write("prestart.sh", "cd /; export GUNICORN_CONF=gunicorn_conf.py")
    server = image.run().became()
    assert server.cwd == str(image.app)
    assert server.argv[3] == f"{image.app}/gunicorn_conf.py"


def test_a_configuration_file_named_by_the_hook_is_looked_for(image: Image) -> None:
    image.write("prestart.sh", "export GUNICORN_CONF=none.py")
    outcome = image.run()
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        f"Error: GUNICORN_CONF is '{image.app}/none.py', and there is no such file\n"
    )


def test_the_app_dir_that_is_given(image: Image) -> None:
    other = image.root / "other"
    other.mkdir()
    (other / "gunicorn_conf.py").write_text("")
    server = image.run(CNB_APP_DIR=str(other)).became()
    assert (server.cwd, server.argv[3]) == (str(other), f"{other}/gunicorn_conf.py")
