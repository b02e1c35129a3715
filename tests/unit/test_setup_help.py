"""What each command of scripts/ says of itself, without doing anything."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.toolchain import program
from scripts.toolchain.__main__ import main
from scripts.toolchain.errors import SetupError

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.mark.parametrize("name", ["setup", "test", "try", "package", "stop", "bare"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_what_stands_in_the_script(name: str, option: str) -> None:
    done = subprocess.run(
        [SCRIPTS / name, option], capture_output=True, encoding="utf-8", check=False, timeout=30
    )
    lines = (SCRIPTS / name).read_text().splitlines()
    assert done.stdout.splitlines() == [line[2:] for line in lines if line.startswith("# ")]
    assert done.stdout.startswith(f"scripts/{name}")
    assert (done.returncode, done.stderr) == (0, "")


def test_another_word_is_refused() -> None:
    with pytest.raises(SetupError) as problem:
        main("package", ["--fast", "now"])
    assert str(problem.value) == (
        "scripts/package doesn't know --fast now. See scripts/package --help"
    )


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (None, None),
        (3, 3),
        (SetupError("There is no Go", "Install it"), "Error: There is no Go. Install it"),
        (KeyboardInterrupt(), 130),
    ],
)
def test_how_a_program_ends(
    monkeypatch: pytest.MonkeyPatch, outcome: BaseException | int | None, code: int | str | None
) -> None:
    monkeypatch.setattr(sys, "argv", ["x", "--some", "words"])
    given = []

    def work(words: list[str]) -> int | None:
        given.append(words)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    with pytest.raises(SystemExit) as ended:
        program.run(work)
    assert ended.value.code == code
    assert given == [["--some", "words"]]
