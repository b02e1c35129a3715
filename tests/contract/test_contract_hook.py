"""The prestart hook in real containers."""

import pytest
from support.containers import Container
from support.images import Run

ROOT = "/workspace/prestart.sh"
INNER = "/workspace/app/prestart.sh"
CUSTOM = "/workspace/hooks/custom.sh"


def said(hook: str, *more: str) -> str:
    lines = [f"Checking for script in {hook}", f"Running script {hook}", *more]
    return "".join(f"{line}\n" for line in lines)


def starts_with(container: Container, stdout: str) -> None:
    for _ in container.twice():
        container.get()
        assert container.output()[0].startswith(stdout)


def ends(container: Container, code: int, stdout: str, stderr: str) -> None:
    for _ in container.twice():
        assert container.wait_for_end() == code
        assert container.output() == (stdout, stderr)


@pytest.mark.parametrize(
    ("files", "env", "expected"),
    [
        ([ROOT], {}, ROOT),
        ([INNER], {}, INNER),
        ([ROOT, INNER], {}, ROOT),
        ([ROOT, CUSTOM], {"PRE_START_PATH": CUSTOM}, CUSTOM),
        ([ROOT, CUSTOM], {"PRE_START_PATH": "hooks/custom.sh"}, CUSTOM),
        ([ROOT, CUSTOM], {"PRE_START_PATH": "/app/hooks/custom.sh"}, CUSTOM),
    ],
)
def test_order_of_hooks(run: Run, files: list[str], env: dict[str, str], expected: str) -> None:
    texts = {path: f"echo this is {path}" for path in files}
    starts_with(run(env=env, files=texts), said(expected, f"this is {expected}"))


@pytest.mark.parametrize("path", [ROOT, "/nowhere.sh", "/app/nowhere.sh"])
def test_no_hook(run: Run, path: str) -> None:
    env = {} if path == ROOT else {"PRE_START_PATH": path}
    lines = f"Checking for script in {path}\nThere is no script {path}\n"
    starts_with(run(env=env), lines)


@pytest.mark.parametrize("shebang", ["#!/bin/sh", "#! /usr/bin/env bash", "# none"])
def test_exports_reach_the_app(run: Run, shebang: str) -> None:
    text = f"{shebang}\nexport GREETING='two  words\n$(id) *'\nHIDDEN=1\ncd /tmp\nset -u\n"
    container = run(files={ROOT: text})
    for _ in container.twice():
        answer = container.get()
        assert answer["env"]["GREETING"] == "two  words\n$(id) *"
        assert "HIDDEN" not in answer["env"]
        assert answer["cwd"] == "/workspace"


def test_exports_reach_the_configuration(run: Run) -> None:
    text = "export PORT=8123 WEB_CONCURRENCY=2 APP_MODULE=other:api WORKER_CLASS=sync\n"
    container = run(files={ROOT: text}, port=8123)
    for _ in container.twice():
        assert container.get()["app"] == "other:api"
        assert "[INFO] Using worker: sync\n" in container.output()[1]
        # Another worker may answer before the first one tells.
        container.wait_for_line("[INFO] 2 workers: WEB_CONCURRENCY; memory ")


def test_the_hook_has_the_launch_environment(run: Run) -> None:
    text = 'python -c "import flask; print(flask.__name__)"\necho "$APP_MODULE $GUNICORN_CONF"\n'
    conf = "/layers/flaskpack/web/launch/gunicorn_conf.py"
    starts_with(run(files={ROOT: text}), said(ROOT, "flask", f"main:app {conf}"))


@pytest.mark.parametrize(
    ("text", "code"), [("false\necho on\n", 1), ("exit 42\n", 42), ("sh -c 'exit 7'\necho on\n", 7)]
)
def test_a_failing_hook_ends_the_container_with_its_code(run: Run, text: str, code: int) -> None:
    stderr = f"{ROOT} failed with exit code {code}, so what follows it does not start\n"
    ends(run(files={ROOT: text}), code, said(ROOT), stderr)


@pytest.mark.parametrize(("signal", "code"), [("TERM", 143), ("INT", 130)])
def test_a_signal_ends_a_hook_that_waits(run: Run, signal: str, code: int) -> None:
    container = run(files={ROOT: "echo waiting\nwhile :; do sleep 0.2; done\n"})
    for _ in container.twice():
        container.wait_for_line("waiting\n")
        container.kill(signal)
        assert container.wait_for_end() == code


def test_exit_0_ends_the_container_and_says_so(run: Run) -> None:
    stderr = f"{ROOT} ended with exit 0, so what follows it does not start (return 0 would go on)\n"
    ends(run(files={ROOT: "exit 0\n"}), 0, said(ROOT), stderr)


def test_return_goes_on(run: Run) -> None:
    starts_with(run(files={ROOT: "echo one\nreturn 0\necho two\n"}), said(ROOT, "one"))


def test_windows_line_ends(run: Run) -> None:
    stderr = f"Error: {ROOT} has Windows line ends (CRLF): save it with LF\n"
    container = run(files={ROOT: "#!/bin/sh\r\necho on\r\n"})
    ends(container, 1, f"Checking for script in {ROOT}\n", stderr)


def test_a_bash_script_gets_bash(run: Run) -> None:
    text = '#!/usr/bin/env bash\nwords=(a b)\n[[ ${#words[@]} == 2 ]] && echo "${words[1]}"\n'
    starts_with(run(files={ROOT: text}), said(ROOT, "b"))


def test_the_hook_alone(run: Run) -> None:
    container = run(files={ROOT: 'echo "$APP_MODULE"\n'}, options=("--entrypoint", "prestart"))
    ends(container, 0, said(ROOT, "main:app"), "")


def test_the_hook_alone_fails_with_its_code(run: Run) -> None:
    container = run(files={ROOT: "exit 5\n"}, options=("--entrypoint", "prestart"))
    stderr = f"{ROOT} failed with exit code 5, so what follows it does not start\n"
    ends(container, 5, said(ROOT), stderr)
