"""scripts/bench serve: in its short form, interrupted, and each server with each app."""

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.containers import wait

from benchmarks.serve import counts, measure, peers
from benchmarks.serve.cases import APPS, Case
from benchmarks.serve.peers import Tools
from benchmarks.serve.processes import members
from benchmarks.serve.running import NotServingError, ask_once, serving
from benchmarks.serve.servers import OURS, SERVERS, SYNC, Server, Setting

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return peers.ready()


@contextlib.contextmanager
def bench(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    # Whoever starts the tests in the background has interrupts ignored, by all that they start.
    command = ["env", "--default-signal=INT", str(REPOSITORY / "scripts" / "bench")]
    command += arguments
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as program:
        yield program


@pytest.mark.usefixtures("tools")
def test_a_short_run_that_is_interrupted_goes_on_and_reports(tmp_path: Path) -> None:
    short = ("serve", "--short", "--to", str(tmp_path))
    with bench(*short, "--anew") as program:
        assert program.stdout is not None
        first = next(line for line in program.stdout if line.startswith("round 1 of 1, plain"))
        program.send_signal(signal.SIGINT)
        said, _ = program.communicate(timeout=60)
    assert program.returncode == 130, said
    assert list(tmp_path.iterdir()) == []

    with bench(*short) as program:
        said, _ = program.communicate(timeout=300)
    assert program.returncode == 0, said
    assert said.startswith("Going on with an interrupted run: ")
    assert "round 1 of 1, plain" not in said

    cpu, rate, document, report = sorted(tmp_path.iterdir())
    assert cpu.name.endswith("-part-cpu.svg")
    assert rate.name.endswith("-part-rate.svg")
    assert (document.suffix, report.suffix) == (".json", ".md")
    told = json.loads(document.read_text())
    assert told["command"] == "scripts/bench serve --short"
    assert [(case["case"]["app"], case["case"]["keep"]) for case in told["cases"]] == [
        *(("plain", True), ("hello", True), ("hello", False))
    ]
    for case in told["cases"]:
        assert set(case["samples"]) == {OURS, SYNC}
        for (sample,) in case["samples"].values():
            assert (sample["problem"], sample["failures"]) == ("", {})
            assert sample["rate"] > 0
            assert sample["p50"] > 0
            assert sample["processor"] > 0
            assert sample["memory"] > 0
    (sample,) = told["cases"][0]["samples"][OURS]
    assert f"{OURS} {sample['rate']:,.0f}, {SYNC}" in first


@pytest.mark.usefixtures("tools")
def test_a_run_that_is_told_to_end_takes_its_server_with_it(tmp_path: Path) -> None:
    with bench("serve", "--short", "--anew", "--seconds", "60", "--to", str(tmp_path)) as program:
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        wait(
            lambda: any(members(int(pid)) for pid in children.read_text().split()),
            "no server is started",
            lambda: str(program.poll()),
        )
        (server, *_) = [int(pid) for pid in children.read_text().split() if members(int(pid))]
        program.terminate()
        said, _ = program.communicate(timeout=60)
    assert program.returncode == 143, said
    assert members(server) == []


@pytest.mark.parametrize("server", SERVERS.values(), ids=list(SERVERS))
def test_each_server_answers_each_app(tools: Tools, server: Server) -> None:
    with serving(tools, server, APPS["plain"], keep=True, processes=2):
        pass
    with serving(tools, server, APPS["hello"], keep=True, processes=2) as running:
        of_flask = [app for app in APPS.values() if app.module == "views"]
        assert {app.key: ask_once(running.port, app) for app in of_flask} == {
            app.key: "" for app in of_flask
        }
        session = running.session
    assert members(session) == []


def test_under_a_load_every_request_is_answered_and_what_it_takes_is_known(tools: Tools) -> None:
    sample = measure.measure(
        tools, SERVERS[OURS], APPS["upload"], Case("upload", 64, apart=True), 2, 0.3
    )
    assert (sample.problem, sample.failures, sample.unanswered) == ("", {}, 0)
    assert sample.rate > 0
    assert sample.processor
    assert 0.01 < sample.processor < 10
    assert sample.memory
    assert 5 < sample.memory < 500


def test_a_server_that_does_not_start_says_why(tools: Tools) -> None:
    broken = Server("broken", "broken", lambda _: [tools.python, "-c", "import nothing_such"], "")
    assert measure.measure(
        tools, broken, APPS["plain"], Case("plain", 1), 2, 0.3
    ) == measure.Sample(
        problem="it ended with 1: ModuleNotFoundError: No module named 'nothing_such'"
    )


def test_a_server_that_answers_something_else_is_found_out(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.serve.running.LIMIT", 2)
    other = SERVERS["bjoern"].command
    wrong = Server("wrong", "wrong", lambda setting: other(_with_hello(setting)), "")
    with (
        pytest.raises(NotServingError, match=r"^no right answer within 2 s, but 'HTTP/1.1 404 NOT"),
        serving(tools, wrong, APPS["plain"], keep=True, processes=1),
    ):
        raise AssertionError("it answered rightly")


def _with_hello(setting: Setting) -> Setting:
    return replace(setting, app=APPS["hello"])


@pytest.mark.parametrize("server", [OURS, SYNC])
def test_instructions_and_system_calls_are_counted(tools: Tools, server: str) -> None:
    found = counts.count(tools, SERVERS[server], "plain")
    assert found.problem == ""
    assert found.instructions
    assert 5_000 < found.instructions < 1_000_000
    assert found.system_calls
    assert 2 < found.system_calls < 60
