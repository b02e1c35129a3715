"""The prestart hook: found, sourced, and what is left of it afterwards."""

import shutil
import signal
from pathlib import Path

import pytest
from support.launch import NASTY, SHELLS, Image, make_image


@pytest.fixture(params=SHELLS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    return make_image(tmp_path, request.param)


def lines(hook: object, *more: str) -> str:
    said = [f"Checking for script in {hook}", f"Running script {hook}", *more]
    return "".join(f"{line}\n" for line in said)


def test_order_of_hooks(image: Image) -> None:
    inner = image.write("app/prestart.sh", "echo inner")
    assert image.run().stdout == lines(inner, "inner")
    outer = image.write("prestart.sh", "echo outer")
    assert image.run().stdout == lines(outer, "outer")
    other = image.write(f"{NASTY}/hook", "echo other")
    assert image.run(PRE_START_PATH=str(other)).stdout == lines(other, "other")
    assert image.run(PRE_START_PATH=f"{NASTY}/hook").stdout == lines(other, "other")
    assert image.run(PRE_START_PATH="").stdout == lines(outer, "outer")


def test_a_hook_in_app(image: Image) -> None:
    hook = image.write("hooks/h.sh", "echo h")
    outcome = image.run(PRE_START_PATH="/app/hooks/h.sh")
    assert outcome.stdout == lines(hook, "h")
    assert outcome.stderr == f"PRE_START_PATH: /app/hooks/h.sh does not exist, taking {hook}\n"


@pytest.mark.parametrize("given", ["/app/none.sh", "/none.sh", "/"])
def test_a_hook_that_is_missing_is_none(image: Image, given: str) -> None:
    outcome = image.run(PRE_START_PATH=given)
    assert outcome.stdout == f"Checking for script in {given}\nThere is no script {given}\n"
    assert outcome.stderr == ""
    assert outcome.became().pid == outcome.pid


def test_exports_reach_the_server(image: Image) -> None:
    conf = image.write("later.py", "")
    image.write(
        "prestart.sh",
        f"export NEW='{NASTY.replace(chr(39), '')}'\nPORT=81; PRIVATE=1\n"
        'export SEEN="$APP_MODULE $GUNICORN_CONF"\nexport APP_MODULE=m:v GUNICORN_CONF=later.py '
        "WORKER_CLASS=sync\n",
    )
    outcome = image.run(PORT="80")
    server = outcome.became()
    assert server.argv == ["-k", "sync", "-c", str(conf), "m:v"]
    assert server.env["NEW"] == NASTY.replace("'", "")
    assert server.env["PORT"] == "81"
    assert server.env["SEEN"] == f"app.main:app {image.launch}/gunicorn_conf.py"
    assert "PRIVATE" not in server.env
    assert server.pid == outcome.pid


SHELL_STATES = {
    "options": "set -u; set -f; set +e",
    "parameters": "set -- x y; shift",
    "directory": "cd /",
    "failing last command, unheeded": "set +e; false; :",
    "working variables": "IFS=/; fp_launch=/; fp_app=/; i=1; PWD=/",
    "functions": "exec_() { :; }; cd_() { :; }; true() { return 1; }",
    "positional": '[ "$#" = 0 ]',
    "empty": "",
    "only a comment": "#!/bin/sh",
    "no newline at its end": "true",
    "return": "return 0; false",
    "exit trap": "trap 'echo left' EXIT",
    "descriptor": "exec 3</dev/null",
}


@pytest.mark.parametrize("script", SHELL_STATES.values(), ids=SHELL_STATES)
def test_what_a_hook_does_to_its_shell_ends_with_it(image: Image, script: str) -> None:
    hook = image.write("prestart.sh", script)
    plain = image.run(PRE_START_PATH="/none").became()
    outcome = image.run("-w", NASTY)
    server = outcome.became()
    assert (outcome.stdout, outcome.stderr) == (lines(hook), "")
    assert server.argv == [*plain.argv, "-w", NASTY]
    assert server.cwd == str(image.app)
    assert {**server.env, "PRE_START_PATH": ""} == {**plain.env, "PRE_START_PATH": ""}


def test_ignored_signals_are_heeded_again(image: Image) -> None:
    usual = image.run().became().ignored
    image.write("prestart.sh", "trap '' TERM INT HUP QUIT USR1 USR2 CHLD")
    ignored = image.run().became().ignored
    assert ignored == usual
    assert signal.SIGTERM not in ignored


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("false\necho on", 1),
        ("sh -c 'exit 7'\necho on", 7),
        ("exit 3", 3),
        ("return 4", 4),
        ("set -u\nexit 5", 5),
        ("f() { false; echo on; }\nf", 1),
        ("(exit 9)\necho on", 9),
        ("nosuchcommand 2>/dev/null", 127),
    ],
)
def test_the_first_failing_command_ends_the_start(image: Image, script: str, code: int) -> None:
    hook = image.write("prestart.sh", script)
    outcome = image.run()
    assert (outcome.code, outcome.server) == (code, None)
    assert outcome.stdout == lines(hook)
    assert outcome.stderr == (
        f"{hook} failed with exit code {code}, so what follows it does not start\n"
    )


def test_failures_that_are_handled_are_none(image: Image) -> None:
    hook = image.write("prestart.sh", "false || true\nif false; then :; fi\n! true\necho on")
    outcome = image.run()
    assert outcome.stdout == lines(hook, "on")
    assert outcome.became()


def test_exit_0_ends_the_start_and_says_so(image: Image) -> None:
    hook = image.write("prestart.sh", "exit 0")
    outcome = image.run()
    assert (outcome.code, outcome.server) == (0, None)
    assert outcome.stderr == (
        f"{hook} ended with exit 0, so what follows it does not start (return 0 would go on)\n"
    )


def test_a_hook_may_become_another_program(image: Image) -> None:
    hook = image.write("prestart.sh", "exec sh -c 'echo $$; exit 6'")
    outcome = image.run()
    assert (outcome.code, outcome.server, outcome.stderr) == (6, None, "")
    assert outcome.stdout == lines(hook, str(outcome.pid))


def test_a_syntax_error_ends_the_start(image: Image) -> None:
    hook = image.write("prestart.sh", "if")
    outcome = image.run()
    assert (outcome.code, outcome.server) == (2, None)
    assert str(hook) in outcome.stderr
    assert "yntax error" in outcome.stderr
    assert outcome.stderr.endswith("failed with exit code 2, so what follows it does not start\n")


@pytest.mark.parametrize("text", ["#!/bin/sh\r\necho on\r\n", "\r\n", "echo on\r\n"])
def test_windows_line_ends(image: Image, text: str) -> None:
    hook = image.write("prestart.sh", text)
    outcome = image.run()
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stdout == f"Checking for script in {hook}\n"
    assert outcome.stderr == f"Error: {hook} has Windows line ends (CRLF): save it with LF\n"


BASH_SCRIPT = """list=(one "two three")
[[ ${#list[@]} == 2 ]] && export SECOND="${list[1]}"
set -o pipefail; shopt -s nullglob
echo "$BASH_VERSION" | sed 's/..*/bash/'
"""


@pytest.mark.parametrize(
    "line", ["#!/bin/bash", "#! /usr/bin/env bash", "#!/usr/bin/env -S bash -e"]
)
def test_a_bash_script_is_sourced_by_bash(image: Image, line: str) -> None:
    hook = image.write("prestart.sh", f"{line}\n{BASH_SCRIPT}")
    outcome = image.run()
    server = outcome.became()
    assert (outcome.stdout, outcome.stderr) == (lines(hook, "bash"), "")
    assert server.env["SECOND"] == "two three"
    assert server.pid == outcome.pid


def test_a_failing_bash_script_ends_the_start(image: Image) -> None:
    hook = image.write("prestart.sh", "#!/bin/bash\nfalse | true\n(exit 8)\necho on")
    outcome = image.run()
    assert (outcome.code, outcome.stdout, outcome.server) == (8, lines(hook), None)


def test_a_bash_script_where_there_is_no_bash(image: Image) -> None:
    hook = image.write("prestart.sh", "#! /usr/bin/env bash\necho on")
    outcome = image.run(PATH=str(image.root / "bin"))
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        f"Error: {hook} asks for bash, which this run image does not have: "
        f"write it for sh (#!{image.shell})\n"
    )


def test_a_python_script(image: Image) -> None:
    hook = image.write("prestart.sh", "#!/usr/bin/env python3\nimport os\n")
    outcome = image.run()
    assert (outcome.code, outcome.server) == (1, None)
    assert outcome.stderr == (
        f"Error: {hook} is a Python script, and is sourced by sh: call python in it\n"
    )


def test_the_hook_alone(image: Image) -> None:
    hook = image.write("prestart.sh", 'echo "$APP_MODULE"')
    outcome = image.run(program="prestart")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, lines(hook, "app.main:app"), "")
    assert outcome.server is None


def test_the_hook_alone_runs_in_the_app_dir(image: Image) -> None:
    folder = image.root / "elsewhere"
    folder.mkdir()
    (folder / "prestart.sh").write_text("pwd")
    outcome = image.run(program="prestart", CNB_APP_DIR=str(folder))
    assert outcome.stdout == lines(folder / "prestart.sh", str(folder))


def test_the_hook_alone_fails_with_its_code(image: Image) -> None:
    image.write("prestart.sh", "exit 5")
    assert image.run(program="prestart").code == 5


def test_no_coreutils_are_needed(image: Image) -> None:
    """A run image may have nothing but its shell: gunicorn is then all there is on PATH."""
    hook = image.write("prestart.sh", "echo on")
    image.write("gunicorn_conf.py", "workers = 1\nworker_class = 'sync'\n")
    outcome = image.run(PATH=str(image.root / "bin"))
    assert outcome.stdout == lines(hook, "on")
    assert outcome.became().pid == outcome.pid
    assert shutil.which("id", path=str(image.root / "bin")) is None
