"""What is given to the start command: arguments, the environment; and its sister `dev`."""

import re
from pathlib import Path

import pytest
from support.launch import LAUNCH, NASTY, SHELLS, Image, make_image

ENGINE = "egg:meinheld#gunicorn_worker"


@pytest.fixture(params=SHELLS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    return make_image(tmp_path, request.param)


def test_options_are_passed_on(image: Image) -> None:
    image.write("prestart.sh", "echo hook")
    outcome = image.run("--log-level", "debug", NASTY, "")
    conf = str(image.launch / "gunicorn_conf.py")
    assert outcome.became().argv == [
        *("-k", ENGINE, "-c", conf, "app.main:app"),
        *("--log-level", "debug", NASTY, ""),
    ]
    assert outcome.stdout.endswith("\nhook\n")


def test_a_command_runs_without_the_hook(image: Image) -> None:
    image.write("prestart.sh", "echo hook")
    script = 'printf "<%s>" "$APP_MODULE" "$GUNICORN_CONF" "$FLASK_APP" "$@"'
    outcome = image.run("sh", "-c", script, "sh", NASTY, "", MODULE_NAME="m")
    conf = image.launch / "gunicorn_conf.py"
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == f"<m:app><{conf}><m:app><{NASTY}><>"


def test_a_commands_code_is_the_containers(image: Image) -> None:
    assert image.run("sh", "-c", "exit 42").code == 42


def test_a_command_needs_no_app(image: Image) -> None:
    image.found(module="", variable="")
    outcome = image.run("sh", "-c", "echo ${APP_MODULE-unset} ${FLASK_APP-unset}")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "unset unset\n", "")


@pytest.mark.parametrize("command", ["nosuch", "", NASTY, "/nosuch/file", "./nosuch"])
def test_a_command_that_is_missing(image: Image, command: str) -> None:
    outcome = image.run(command, "x")
    assert (outcome.code, outcome.server, outcome.stdout) == (127, None, "")
    assert outcome.stderr == f"Error: {command}: no such command in this image\n"


@pytest.mark.parametrize("value", ["0", "00", "-1", "abc", "1.5", "4x", NASTY])
def test_a_bad_web_concurrency_never_reaches_gunicorns_import(image: Image, value: str) -> None:
    image.write("gunicorn_conf.py", "workers = 1\n")
    outcome = image.run(WEB_CONCURRENCY=value)
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        f"Error: WEB_CONCURRENCY is {value!r}, allowed: a whole number from 1 to 10000\n"
    )


def test_an_empty_web_concurrency_is_none(image: Image) -> None:
    assert "WEB_CONCURRENCY" not in image.run(WEB_CONCURRENCY="").became().env


@pytest.mark.parametrize("value", ["3", " 4 ", "010"])
def test_a_web_concurrency_is_passed_on(image: Image, value: str) -> None:
    assert image.run(WEB_CONCURRENCY=value).became().env["WEB_CONCURRENCY"] == value


def test_pythonpath_is_kept_in_front(image: Image) -> None:
    server = image.run(PYTHONPATH="/x:/y z").became()
    assert server.env["PYTHONPATH"] == f"/x:/y z:{image.launch}/modules"


def test_a_start_by_a_relative_path(image: Image) -> None:
    """As somebody would who looks around in a container."""
    script = 'cd "$1" && exec ./start'
    server = image.run("sh", "-c", script, "sh", str(image.launch), CNB_APP_DIR=str(image.app))
    assert server.became().cwd == str(image.app)


POLLUTED = "APP_DIR LAUNCH module variable line located worker_class defaults hook gunicorn x"


def test_variables_of_the_apps_own_reach_it_unchanged(image: Image) -> None:
    image.write("prestart.sh", "true")
    image.write("gunicorn_conf.py", "worker_class = 'sync'")
    given = dict.fromkeys(POLLUTED.split(), "mine")
    server = image.run(**given, GUNICORN_CMD_ARGS="-w 2").became()
    assert {name: server.env[name] for name in given} == given


def test_every_variable_of_the_scripts_is_the_contracts_or_has_our_prefix() -> None:
    scripts = [file for file in LAUNCH.iterdir() if file.is_file() and file.suffix != ".py"]
    text = "\n".join(script.read_text() for script in scripts)
    assigned = set(re.findall(r"(?:^|[\s;])([A-Za-z_]\w*)=", re.sub(r"(?m)^\s*#.*", "", text)))
    assert {name for name in assigned if not name.startswith("fp_")} == {
        *("APP_MODULE", "FLASK_APP", "GUNICORN_CONF", "PRE_START_PATH", "GUNICORN_CMD_ARGS"),
        *("PYTHONPATH", "FLASK_DEBUG", "PRELOAD", "PORT"),
        *("IFS", "MODULE_NAME"),  # for one command; in words for a user
    }


def test_dev_reloads_and_is_verbose(image: Image) -> None:
    outcome = image.run("--bind", "0.0.0.0:9", program="dev", PRELOAD="1")
    server = outcome.became()
    assert server.argv[5:] == [
        *("--reload", "--workers", "1", "--log-level", "debug"),
        *("--bind", "0.0.0.0:9"),
    ]
    assert (server.env["FLASK_DEBUG"], server.env["PRELOAD"]) == ("1", "0")
    assert image.run(program="dev", FLASK_DEBUG="0").became().env["FLASK_DEBUG"] == "0"
