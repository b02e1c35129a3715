"""bin/explain: everything that it prints, and that it runs nothing of the app."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch.threads import DEFAULT as THREADS  # isort: skip

EXPLAIN = Path(__file__).parents[2] / "bin" / "explain"
TIMES = "\N{MULTIPLICATION SIGN}"
APP = "from flask import Flask\n\napp = Flask(__name__)\n"
CONF = "/layers/flaskpack/web/launch/gunicorn_conf.py"
ENGINE = "egg:meinheld#gunicorn_worker"


def explain(
    folder: object, *options: str, path: str = os.environ["PATH"], program: Path = EXPLAIN
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [program, str(folder), *options],
        env={"PATH": path, "WEB_CONCURRENCY": "77", "PORT": "nonsense"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def project(folder: Path, **files: str) -> Path:
    """Names of files have __ for a dot."""
    for name, text in {"main__py": APP, "requirements__txt": "flask==3.1.3\n", **files}.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def section(text: str, title: str) -> list[str]:
    """The lines below a heading."""
    _, _, rest = f"\n{text}".partition(f"\n{title}\n")
    return [line[2:] for line in rest.partition("\n\n")[0].splitlines()]


def test_everything(tmp_path: Path) -> None:
    done = explain(project(tmp_path), "--cpus", "1.5", "--memory", "512m")
    assert (done.returncode, done.stderr) == (0, "")
    text = re.sub(r"\d+ MiB when", "N MiB when", done.stdout)
    assert (
        re.sub(r"one up to \d+ MiB", "one up to N MiB", text)
        == f"""\
Python
  3.13, as nothing asks for another; the run image's own with flaskpack/builder:trixie

App
  main:app is a Flask app: main.py:3, `app = Flask(__name__)`

Dependencies
  requirements.txt: 1 requirement
  requirements.txt:1: flask==3.1.3
  flask==3.1.3, if nothing requires it: the app imports it
  gunicorn==27.0.1, if nothing requires it: the server

Tuning
  3 workers of {THREADS} threads: 2 per core {TIMES} 1.5 cores (--cpus)
  512 MiB of memory (--memory) are enough for all 3 if one takes up to N MiB when the app is \
loaded, for one up to N MiB
  The first one is measured, and as many run as fit

Start
  There is no hook {tmp_path}/prestart.sh
  gunicorn -k {ENGINE} -c {CONF} main:app
  It listens on 0.0.0.0:80
"""
    )


def test_the_packaged_one_says_the_same(tmp_path: Path) -> None:
    """It runs on an interpreter of its own, which lacks some modules."""
    program = Path(os.environ["FLASKPACK_BUILDPACK"], "bin/explain")
    options = (project(tmp_path), "--cpus", "1.5", "--memory", "512m")
    said = [explain(*options, program=one) for one in (EXPLAIN, program)]
    assert (said[1].returncode, said[1].stderr) == (0, "")
    assert said[1].stdout == said[0].stdout


def test_for_programs(tmp_path: Path) -> None:
    options = ("--cpus=2", "--memory=1g", "--env=WEB_CONCURRENCY=3", "--env=PORT=8080", "--json")
    done = explain(project(tmp_path), *options)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(told) == ["passes", "sections", "problem", "start"]
    assert (told["passes"], told["problem"]) == (True, "")
    assert list(told["sections"]) == ["python", "app", "dependencies", "tuning", "start"]
    start = told["start"]
    assert start["command"] == ["gunicorn", "-k", ENGINE, "-c", CONF, "main:app"]
    values = start["values"]
    assert (values["workers"], values["bind"]) == (3, "0.0.0.0:8080")
    assert values["cores"] == {"number": 2.0, "origin": "--cpus", "doubts": []}
    assert values["memory"] == {"size": 1 << 30, "origin": "--memory", "doubts": []}
    assert start["tuning"][0] == f"3 workers of {THREADS} threads: WEB_CONCURRENCY"
    assert start["tuning"][1].endswith("; the number isn't cut")


def test_a_hook_options_and_a_procfile(tmp_path: Path) -> None:
    project(tmp_path, prestart__sh="exit 1\n", Procfile="worker: python worker.py\n")
    done = explain(tmp_path, "--env", "GUNICORN_CMD_ARGS=--workers 2", "--cpus", "0.5")
    assert section(done.stdout, "Procfile") == ["Procfile:1: worker"]
    assert section(done.stdout, "Tuning")[-1] == "An option for gunicorn has the last word: 2"
    assert section(done.stdout, "Start") == [
        f"The hook {tmp_path}/prestart.sh is sourced first",
        f"GUNICORN_CMD_ARGS: -k {ENGINE} --workers 2",
        f"gunicorn -c {CONF} main:app",
        "It listens on 0.0.0.0:80",
    ]


@pytest.mark.parametrize("imports", [True, False])
def test_an_own_configuration(tmp_path: Path, imports: bool) -> None:
    text = "from flaskpack_conf import *\nraise SystemExit('run')\n" if imports else "workers = 3\n"
    done = explain(project(tmp_path, gunicorn_conf__py=text), "--cpus", "1")
    conf = f"{tmp_path}/gunicorn_conf.py"
    own = f"{conf} is the app's own, and isn't run here: what it sets is not known"
    says = "It imports the included one, which says:"
    tuning = section(done.stdout, "Tuning")
    assert tuning[:2] == ([own, says] if imports else [own])
    assert (f"2 workers of {THREADS} threads: 2 per core {TIMES} 1.0 cores (--cpus)" in tuning) is (
        imports
    )
    (command,) = (each for each in section(done.stdout, "Start") if each.startswith("gunicorn -"))
    assert command == f"gunicorn -k {ENGINE} -c {conf} main:app"


def test_nothing_of_the_app_is_run(tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'run')!r}, 'w')\n"
    project(
        tmp_path,
        main__py=trap + APP,
        json__py=trap,
        sitecustomize__py=trap,
        gunicorn_conf__py=trap,
        prestart__sh=f"touch '{tmp_path}/run'\n",
    )
    (tmp_path / "gunicorn").write_text(f"#!/bin/sh\ntouch '{tmp_path}/run'\n")
    (tmp_path / "gunicorn").chmod(0o755)
    done = explain(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "run").exists()


def test_another_python_and_a_line_that_is_replaced(tmp_path: Path) -> None:
    requirements = "flask\nmeinheld==1.0.2\n"
    project(tmp_path, requirements__txt=requirements)
    done = explain(tmp_path, "--env=BP_PYTHON_VERSION=3.9")
    python = section(done.stdout, "Python")
    assert python[0] == "3.9, asked for by BP_PYTHON_VERSION; installed by uv"
    dependencies = section(done.stdout, "Dependencies")
    assert "requirements.txt:2: meinheld==1.0.2 is left out, the engine takes its place" in (
        dependencies
    )
    assert dependencies[-1] == "gunicorn==23.0.0, if nothing requires it: the server"


@pytest.mark.parametrize("asked", ["2.7", "3.8", "<3.9"])
def test_a_python_that_is_too_old_is_refused_as_in_a_build(tmp_path: Path, asked: str) -> None:
    done = explain(project(tmp_path), f"--env=BP_PYTHON_VERSION={asked}")
    assert (
        done.stdout
        == f"""\
Error: the app asks for a Python that is too old

Flaskpack runs apps on Python 3.9 and newer.

Found:
  BP_PYTHON_VERSION: {asked}
  The run image has 3.13 with flaskpack/builder:trixie

What to do:
  Build with: pack build … --env BP_PYTHON_VERSION=3.13
"""
    )


def test_a_python_that_is_not_final(tmp_path: Path) -> None:
    done = explain(project(tmp_path), "--env=BP_PYTHON_VERSION=3.15.0rc1")
    assert section(done.stdout, "Python") == [
        "3.15, asked for by BP_PYTHON_VERSION; installed by uv"
    ]


def test_many_requirements_are_not_all_shown(tmp_path: Path) -> None:
    requirements = "".join(f"package{number}==1\n" for number in range(30))
    project(tmp_path, requirements__txt=requirements)
    lines = section(explain(tmp_path).stdout, "Dependencies")
    assert lines[20:22] == ["requirements.txt:20: package19==1", "… and 10 more"]


def test_a_project_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    done = explain(tmp_path)
    assert (done.returncode, done.stderr) == (100, "")
    assert "FastAPI" in done.stdout
    told = json.loads(explain(tmp_path, "--json").stdout)
    assert (told["passes"], told["sections"], told["start"]) == (False, {}, None)
    assert told["problem"] == done.stdout


def test_a_project_with_a_problem_passes_detection(tmp_path: Path) -> None:
    two = APP.replace("app =", "one =") + "two = Flask('two')\n"
    done = explain(project(tmp_path, main__py=two))
    assert (done.returncode, done.stderr) == (0, "")
    assert section(done.stdout, "Python")
    assert "\nError: " in done.stdout
    assert "  1. Say which one: pack build --env APP_MODULE=main:one\n" in done.stdout


def test_a_bad_value_is_the_starts_own_line(tmp_path: Path) -> None:
    done = explain(project(tmp_path), "--env", "PORT=http")
    assert done.returncode == 0
    assert done.stdout.endswith("\n\nError: PORT is 'http', allowed: a port from 1 to 65535\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--cpus", "0"], "argument --cpus: '0' is no number of CPUs, like 0.5 or 2"),
        (["--cpus", "nan"], "argument --cpus: 'nan' is no number of CPUs, like 0.5 or 2"),
        (["--memory", "lots"], "argument --memory: 'lots' is no size, like 512m or 1g"),
        (["--memory", "0m"], "argument --memory: '0m' is no size, like 512m or 1g"),
        (["--env", "NAME"], "argument --env: 'NAME' is not NAME=VALUE"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, options: list[str], words: str) -> None:
    done = explain(tmp_path, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"bin/explain: error: {words}"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = explain(tmp_path / "none")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(f"there is no folder {tmp_path}/none")


@pytest.mark.parametrize("has_old", [True, False])
def test_without_a_python(tmp_path: Path, has_old: bool) -> None:
    """A checkout has none of its own."""
    root = tmp_path / "checkout"
    (root / "bin").mkdir(parents=True)
    shutil.copy(EXPLAIN, root / "bin")
    if has_old:
        (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / "python3").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", root / "bin" / "explain", "."],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: bin/explain needs Python 3.11 or newer, on PATH as python3 or python3.11 to "
        "python3.14.\n"
    )


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert MODULES.is_dir()
    assert sys.version_info >= (3, 11)
