"""Running programs: their answers, and what is said when they fail."""

import sys
from pathlib import Path

import pytest

from scripts.toolchain import say, shell
from scripts.toolchain.errors import SetupError


def test_an_answer_is_stripped() -> None:
    assert shell.ask(["sh", "-c", "echo ' 20.10 '"]) == "20.10"


@pytest.mark.parametrize(
    "command", [["sh", "-c", "echo no; exit 1"], ["/no/such/program"], ["sleep", "30"]]
)
def test_no_answer(command: list[str]) -> None:
    assert shell.ask(command, timeout=0.5) is None


def test_a_failure_is_one_line(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "tool.log"
    program = "import sys; print('begun', flush=True); sys.exit('no route to host\\n')"
    with pytest.raises(SetupError) as problem:
        shell.do([sys.executable, "-c", program], log=log, failure="It failed", remedy="Look there")
    assert str(problem.value) == (
        f"It failed (exit code 1: no route to host; all of it in {log}). Look there"
    )
    assert log.read_text() == "begun\nno route to host\n\n"


def test_the_line_that_names_the_error_is_shown() -> None:
    said = "I: begun\nE: no such suite\nI: cleaning up\n"
    assert shell.last_line(said) == "E: no such suite"
    assert shell.last_line("begun\nended\n\n") == "ended"
    assert shell.last_line("\n") == "it said nothing"


def test_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as problem:
        shell.do(["/no/such"], log=tmp_path / "log", failure="It failed", remedy="Get it")
    assert str(problem.value) == "It failed (/no/such: No such file or directory). Get it"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
    ],
)
def test_durations(seconds: float, shown: str) -> None:
    assert say.duration(seconds) == shown


def test_a_step_says_when_it_begins_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with say.step("pack: building it"):
        pass
    assert capsys.readouterr().out == "pack: building it ...\n  done in 0.0 s\n"
