"""The web layer: the launch programs, what was found, the process types."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support.contexts import build_context

from buildpack.cnb.launch import Process
from buildpack.procfile import Entry
from layers import web
from layers.web import Launchable

PYTHON = Path(sys.executable)
APP = Launchable("app.main", "app", PYTHON, "egg:meinheld#gunicorn_worker")


def env_files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "env.launch").iterdir()}


def test_the_layer_holds_the_programs_and_what_was_found(tmp_path: Path) -> None:
    layer = web.contribute(build_context(tmp_path), APP, (Path("/workspace"),))
    folder = tmp_path / "layers/web"
    assert (layer.name, layer.types.launch, layer.types.cache) == ("web", True, False)
    assert (folder / "launch/found.sh").read_text() == (
        "FLASKPACK_MODULE=app.main\n"
        "FLASKPACK_VARIABLE=app\n"
        f"FLASKPACK_PYTHON={PYTHON}\n"
        "FLASKPACK_LIBC=''\n"
        "FLASKPACK_WORKER_CLASS='egg:meinheld#gunicorn_worker'\n"
    )
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder / "launch").glob("*[a-z]")}
    assert modes["start"] == modes["prestart"] == modes["dev"] == 0o755
    assert modes["gunicorn_conf.py"] == modes["found.sh"] == 0o644
    assert (folder / "launch/modules/flaskpack_conf.py").is_file()
    assert len(list((folder / "launch/modules/__pycache__").glob("flaskpack_conf.*.pyc"))) == 1


def test_the_environment_of_every_process(tmp_path: Path) -> None:
    roots = (Path("/workspace/app"), Path("/workspace"))
    web.contribute(build_context(tmp_path), APP, roots)
    assert env_files(tmp_path / "layers/web") == {
        "PYTHONPATH.prepend": "/workspace/app:/workspace",
        "PYTHONPATH.delim": ":",
        "PYTHONUNBUFFERED.default": "1",
    }


@pytest.mark.parametrize(
    "nasty", ["create_app('$(touch evaluated)')", "a`touch evaluated`", "a\nb", "a'\"\\b", "é"]
)
def test_what_was_found_is_never_evaluated(tmp_path: Path, nasty: str) -> None:
    launchable = Launchable("main", nasty, PYTHON, "gthread")
    web.contribute(build_context(tmp_path), launchable, (tmp_path,))
    found = tmp_path / "layers/web/launch/found.sh"
    answer = subprocess.run(
        ["/bin/sh", "-c", '. "$1"; printf %s "$FLASKPACK_VARIABLE"', "sh", str(found)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert answer.stdout.decode() == nasty
    assert not (tmp_path / "evaluated").exists()


def test_an_unchanged_layer_is_declared_without_its_folder(tmp_path: Path) -> None:
    roots = (Path("/workspace"),)
    layer = web.contribute(build_context(tmp_path / "one"), APP, roots)
    again = build_context(tmp_path / "two", {"web": layer.metadata})
    assert web.contribute(again, APP, roots) == layer
    assert not (tmp_path / "two/layers/web").exists()


@pytest.mark.parametrize(
    ("launchable", "roots"),
    [
        (Launchable("main", "app", APP.python, APP.worker_class), (Path("/workspace"),)),
        (Launchable("app.main", "app", APP.python, "gthread"), (Path("/workspace"),)),
        (APP, (Path("/workspace/app"), Path("/workspace"))),
    ],
)
def test_a_change_makes_another_layer(
    tmp_path: Path, launchable: Launchable, roots: tuple[Path, ...]
) -> None:
    before = web.contribute(build_context(tmp_path / "one"), APP, (Path("/workspace"),))
    again = build_context(tmp_path / "two", {"web": before.metadata})
    assert web.contribute(again, launchable, roots).metadata != before.metadata
    assert (tmp_path / "two/layers/web/launch/start").is_file()


def test_the_process_types(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    launch = tmp_path / "layers/web/launch"
    processes = web.processes(context, Path("/venv"), (), flask=True)
    assert processes == (
        Process("web", (str(launch / "start"),), default=True),
        Process("prestart", (str(launch / "prestart"),)),
        Process("dev", (str(launch / "dev"),)),
        Process("healthcheck", ("/venv/bin/python", "-I", "-S", str(launch / "healthcheck.py"))),
        Process("python", ("/venv/bin/python",)),
        Process("python3", ("/venv/bin/python3",)),
        Process("gunicorn", ("/venv/bin/gunicorn",)),
        Process("flask", (str(launch / "start"), "flask")),
    )
    without = web.processes(context, Path("/venv"), (), flask=False)
    assert without == processes[:-1]


def test_the_processes_of_a_procfile(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    command = str(tmp_path / "layers/web/launch/command")
    worker = Entry("worker", "python worker.py", 1)
    own = web.processes(context, Path("/venv"), (), flask=True)
    added = Process("worker", (command, "worker"))
    assert web.processes(context, Path("/venv"), (worker,), flask=True) == (*own, added)
    both = (worker, Entry("web", "gunicorn main:app", 2))
    theirs = Process("web", (command, "web"), default=True)
    assert web.processes(context, Path("/venv"), both, flask=True) == (theirs, *own[1:], added)


@pytest.mark.parametrize("nasty", [r"printf '\x41' $(touch evaluated) \\", "é\x7f\t'\"`é"])
def test_a_command_lies_in_the_layer_as_it_was_written(tmp_path: Path, nasty: str) -> None:
    launchable = replace(APP, procfile=(Entry("worker", nasty, 1),))
    layer = web.contribute(build_context(tmp_path), launchable, (tmp_path,))
    assert (tmp_path / "layers/web/launch/procfile/worker").read_text() == f"{nasty}\n"
    other = replace(APP, procfile=(Entry("worker", f"{nasty} ", 1),))
    again = web.contribute(build_context(tmp_path / "two"), other, (tmp_path,))
    assert again.metadata != layer.metadata
