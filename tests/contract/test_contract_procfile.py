"""Processes that the app's Procfile declares, in real images."""

import os
import shutil
from pathlib import Path

import pytest
from support.containers import Container, app
from support.images import Run
from support.packing import Built, Packer, inspect

TINY = "FLASKPACK_BUILDER_TINY"


@pytest.fixture(scope="module")
def built(packer: Packer) -> Built:
    made = packer.build(app("procfile"), "procfile")
    assert made.exit_code == 0, made.output
    return made


def test_the_build_says_what_becomes_of_it(built: Built) -> None:
    assert built.log.endswith(
        "\n"
        "Launch\n"
        "  Bytecode for the app's modules: 2\n"
        "  Procfile:2: web\n"
        "    in place of ours: the hook and the included configuration have no part in it\n"
        "  Procfile:3: worker\n"
        "  Procfile:4: release\n"
        "  Procfile:5: clock\n"
        "  Warning: clock has several commands, and the shell between them keeps TERM from\n"
        "    the last: docker stop would wait for its kill. Write exec before that one"
        " (… && exec …)\n"
        "  Processes: web, prestart, dev, healthcheck, python, python3, gunicorn, flask, worker,"
        " release, clock\n"
    )
    assert inspect(built.image)["Config"]["Entrypoint"] == ["/cnb/process/web"]


def test_its_web_is_the_default(run: Run, built: Built) -> None:
    container = run(image=built.image)
    for _ in container.twice():
        assert container.get()["app"] == "procfile"
        stdout, stderr = container.output()
        assert "Listening at: http://0.0.0.0:80 (1)\n" in stderr
        assert "Using worker: sync\n" in stderr
        assert stdout == ""
        assert container.exec("healthcheck")[0] == 0


def test_its_web_listens_where_it_is_told(run: Run, built: Built) -> None:
    container: Container = run(image=built.image, env={"PORT": "5000"}, port=5000)
    for _ in container.twice():
        assert container.get()["app"] == "procfile"


def test_its_worker_is_the_first_process_and_gets_term(run: Run, built: Built) -> None:
    options = ("--entrypoint", "worker")
    container: Container = run("a b", "c", image=built.image, options=options)
    container.start()
    container.wait_for_line("main:app ['a b', 'c'] process 1\n")
    assert container.stop(30) < 10
    assert container.state()["ExitCode"] == 1
    said = "main:app ['a b', 'c'] process 1\n['a b', 'c'] ended in order\n"
    assert container.output() == ("", said)


def test_its_release_ends_by_itself(run: Run, built: Built) -> None:
    container: Container = run(image=built.image, options=("--entrypoint", "release"))
    for _ in container.twice():
        assert container.wait_for_end() == 0
        assert container.output() == ("main:app is released\n", "")


def test_the_image_keeps_its_own_web_where_there_is_none(
    packer: Packer, run: Run, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(app("procfile"), tmp_path / "app"))
    (folder / "Procfile").write_text("worker: python worker.py\n")
    built = packer.build(folder, "own-web")
    assert "  Procfile:1: worker\n  Processes: web, prestart" in built.log
    container = run(image=built.image)
    container.start()
    assert container.get()["app"] == "procfile"
    stdout, stderr = container.output()
    assert stdout.endswith("\nthe hook must not run\n")
    assert "Using worker: egg:meinheld#gunicorn_worker\n" in stderr


def test_a_bad_one_ends_the_build_before_anything_is_installed(
    packer: Packer, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(app("procfile"), tmp_path / "app"))
    (folder / "Procfile").write_text("web gunicorn main:app\nflask: flask run\n")
    built = packer.build(folder, "bad")
    assert built.exit_code != 0
    assert built.log.startswith(
        """\
Flaskpack 0.1.0

Error: Procfile can't be understood

Each line of it is a process: a name, a colon, a command.

Found:
  Procfile:1: 'web gunicorn main:app': there is no colon behind the first word
  Procfile:2: 'flask: flask run': each image has a command of this name: take another

What to do:
  1. Write it like this, into Procfile:
     web: gunicorn main:app
     worker: python worker.py
  2. Or remove Procfile: the image serves the app without it.
"""
    )


def test_an_image_without_bash(run: Run) -> None:
    packer = Packer(os.environ[TINY])
    try:
        built = packer.build(app("procfile"), "tiny")
        container: Container = run("x", image=built.image, options=("--entrypoint", "worker"))
        container.start()
        container.wait_for_line("main:app ['x'] process 1\n")
        assert container.stop(30) < 10
    finally:
        packer.remove()
