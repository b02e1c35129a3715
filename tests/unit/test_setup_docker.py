"""The engine that we start: finding it again, and nobody else's."""

from pathlib import Path

import pytest

from scripts.toolchain import docker


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    for pid, name in (("41", "dockerd\n"), ("42", "bash\n")):
        (tmp_path / "proc" / pid).mkdir(parents=True)
        (tmp_path / "proc" / pid / "comm").write_text(name)
    return tmp_path / "proc"


@pytest.mark.parametrize(
    ("written", "pid"), [("41", 41), ("42", None), ("43", None), ("", None), (None, None)]
)
def test_running_pid(proc: Path, written: str | None, pid: int | None) -> None:
    file = proc.parent / "dockerd.pid"
    if written is not None:
        file.write_text(written)
    assert docker.running_pid(file, proc) == pid


def test_stopping_what_was_never_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docker.stop(tmp_path)
    assert capsys.readouterr().out == ("No Docker engine that was started from here is running.\n")


@pytest.mark.parametrize(
    ("given", "context", "needed"),
    [
        (None, "unix:///var/run/docker.sock", None),
        (None, None, None),
        (None, "unix:///run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock"),
        ("tcp://host:2375", "unix:///run/user/1000/docker.sock", None),
    ],
)
def test_needed_address(given: str | None, context: str | None, needed: str | None) -> None:
    assert docker.needed_address(given, context) == needed


def test_waiting_ends_with_the_condition_or_the_limit() -> None:
    answers = iter([False, False, True])
    assert docker.wait_for(lambda: next(answers), 10)
    assert not docker.wait_for(lambda: False, 0.2)
