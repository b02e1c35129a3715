"""Real ``pack build``s: the whole log, the launch environment, the layers that are reused."""

import os
import re
import shutil
from pathlib import Path

import pytest
from support.build_logs import ADDED, launch
from support.containers import Container
from support.packing import Built, Packer, inspect, run, timeless

APPS = Path(__file__).parent.parent / "apps"

FOUND = """\
Flaskpack 0.1.0

Python
  3.13.5, the run image's own: /usr/bin/python3.13

App
  main:app is a Flask app: main.py:3, `app = Flask(__name__)`

"""
LAUNCH = launch()
FLASK = """\
  Resolved 7 packages in TIME
  Prepared 7 packages in TIME
  Installed 7 packages in TIME
  + blinker==1.9.0
  + click==8.5.1
  + flask==3.1.3
  + itsdangerous==2.2.0
  + jinja2==3.1.6
  + markupsafe==3.0.4
  + werkzeug==3.1.9
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return Path(shutil.copytree(APPS / "pinned", tmp_path / "app"))


@pytest.fixture(scope="module")
def first(packer: Packer) -> Built:
    built = packer.build(APPS / "pinned", "first")
    assert built.exit_code == 0, built.output
    return built


def test_the_first_build(first: Built) -> None:
    installed = (
        "Dependencies\n"
        "  requirements.txt: 7 requirements\n"
        "  Installing: there is no environment of an earlier build\n"
    )
    assert timeless(first.log) == FOUND + installed + FLASK + ADDED + LAUNCH


def test_a_change_of_code_runs_no_installer(packer: Packer, app: Path) -> None:
    before = packer.build(app, "code").layers
    (app / "main.py").write_text((app / "main.py").read_text().replace("one", "two"))
    built = packer.build(app, "code")
    kept = (
        "Dependencies\n"
        "  requirements.txt: 7 requirements\n"
        "  Nothing changed: the last build's environment is kept, no installer runs\n"
        "  Its versions are 0 days old; BP_REFRESH=true renews what isn't pinned\n"
    )
    assert built.log == FOUND + kept + LAUNCH
    assert built.layers == before
    assert "Reusing layer 'flaskpack:venv'" in built.output
    assert "Reusing layer 'flaskpack:web'" in built.output
    assert "two" in run("docker", "run", "--rm", built.image, "cat", "main.py").stdout


def test_a_changed_requirement_is_told_and_a_removed_one_is_gone(packer: Packer, app: Path) -> None:
    requirements = app / "requirements.txt"
    requirements.write_text(requirements.read_text() + "itsdangerous\nsix==1.17.0\n")
    before = packer.build(app, "requirement")
    assert before.exit_code == 0, before.output
    requirements.write_text(requirements.read_text().replace("six==1.17.0\n", ""))
    built = packer.build(app, "requirement")
    assert "  Installing: requirements.txt changed, read\n" not in built.log
    assert "  Installing: requirements.txt changed\n" in built.log
    assert built.layers["venv"] != before.layers["venv"]
    assert built.layers["web"] == before.layers["web"]
    answer = run("docker", "run", "--rm", built.image, "python", "-c", "import six")
    assert "ModuleNotFoundError" in answer.stdout


def test_a_cleared_cache_gives_the_same_layers(packer: Packer, first: Built) -> None:
    again = packer.build(APPS / "pinned", "first", "--clear-cache")
    assert timeless(again.log) == timeless(first.log)
    assert again.layers == first.layers


def test_the_user_can_ask_for_new_versions(packer: Packer, app: Path) -> None:
    packer.build(app, "refresh")
    built = packer.build(app, "refresh", env={"BP_REFRESH": "true"})
    assert "  Installing: BP_REFRESH is set\n" in built.log


def test_the_launch_environment(first: Built) -> None:
    lines = run("docker", "run", "--rm", "--hostname", "h", first.image, "env").stdout.splitlines()
    environment = dict(line.split("=", 1) for line in lines)
    assert environment.pop("PATH") == (
        "/layers/flaskpack/venv/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    )
    assert environment == {
        "FLASK_APP": "main:app",
        "APP_MODULE": "main:app",
        "GUNICORN_CONF": "/layers/flaskpack/web/launch/gunicorn_conf.py",
        "HOME": "/home/cnb",
        "HOSTNAME": "h",
        "LANG": "C.UTF-8",
        "PWD": "/workspace",
        "PYTHONPATH": "/workspace",
        "PYTHONUNBUFFERED": "1",
    }


def test_the_image_holds_what_launch_needs_and_no_more(first: Built) -> None:
    config = inspect(first.image)["Config"]
    assert config["User"] == "1002:1000"
    assert config["Entrypoint"] == ["/cnb/process/web"]
    look = (
        (
            "command -v pip pip3 gcc cc uv git curl; "
            "ls -d /cnb/* /layers/flaskpack/*; "
            "find / -xdev ( -name pip -o -name setuptools -o -name ensurepip )"
        )
        .replace("(", r"\(")
        .replace(")", r"\)")
    )
    answer = run("docker", "run", "--rm", "--user", "0", first.image, "sh", "-c", look)
    assert answer.stdout.splitlines() == [
        "/cnb/lifecycle",
        "/cnb/process",
        *(f"/layers/flaskpack/{name}" for name in sorted(first.layers)),
    ]


def test_the_environments_python_is_named_by_its_minor_version(first: Built) -> None:
    where = "/layers/flaskpack/venv/venv/bin/python"
    answer = run("docker", "run", "--rm", first.image, "readlink", where)
    assert answer.stdout == "/usr/bin/python3.13\n"


def test_all_bytecode_is_there_and_valid_whatever_the_date(first: Built) -> None:
    program = (
        "import importlib.util, pathlib\n"
        "seen = set()\n"
        "for top in ('/layers', '/workspace', '/usr/lib/python3.13'):\n"
        "    for source in pathlib.Path(top).rglob('*.py'):\n"
        "        cached = pathlib.Path(importlib.util.cache_from_source(source))\n"
        "        seen.add((top, cached.read_bytes()[4] if cached.exists() else str(source)))\n"
        "print(*sorted(seen, key=str), sep='\\n')\n"
    )
    answer = run("docker", "run", "--rm", first.image, "python", "-c", program)
    assert answer.stdout.splitlines() == [
        "('/layers', 1)",
        "('/usr/lib/python3.13', 1)",
        "('/workspace', 3)",
    ]


def test_a_failed_install_leaves_nothing_behind(packer: Packer, app: Path) -> None:
    good = (app / "requirements.txt").read_text()
    packer.build(app, "failure")
    (app / "requirements.txt").write_text(good + "flaskpack-no-such-package==1\n")
    failed = packer.build(app, "failure")
    assert failed.exit_code != 0
    assert "Traceback" not in failed.output
    assert "flaskpack-no-such-package" in failed.log
    (app / "requirements.txt").write_text(good)
    mended = packer.build(app, "failure")
    assert mended.exit_code == 0
    assert "Nothing changed: the last build's environment is kept" in mended.log


def test_a_builder_without_a_python_for_the_run_image_asks_uv(app: Path) -> None:
    packer = Packer(os.environ["FLASKPACK_BUILDER_UNDECLARED"])
    nowhere = {"UV_PYTHON_INSTALL_MIRROR": "http://127.0.0.1:1", "UV_HTTP_RETRIES": "0"}
    try:
        built = packer.build(app, env=nowhere)
    finally:
        packer.remove()
    assert built.exit_code != 0
    assert re.search(r"  3\.13\.\d+, as nothing asks for another; installed by uv\n", built.log)
    assert re.search(r"Error: Python 3\.13\.\d+ couldn't be fetched: no connection\n", built.log)


def test_the_pins_of_the_retired_image_are_served_by_the_engine(packer: Packer, app: Path) -> None:
    pins = "gunicorn==20.1.0\nmeinheld==1.0.2\ngreenlet<0.5\nflask==3.1.3\n"
    (app / "requirements.txt").write_text(pins)
    built = packer.build(app, "retired")
    assert built.exit_code == 0, built.output
    replaced = "is left out, the engine, meinheld 1.0.2+flaskpack.1, takes its place\n"
    assert f"  requirements.txt:2: meinheld==1.0.2 {replaced}" in built.log
    assert f"  requirements.txt:3: greenlet<0.5 {replaced}" in built.log
    assert "  Warning: requirements.txt:1: gunicorn before 22 has known holes" in built.log
    program = "import meinheld; print(meinheld.__version__)"
    assert run("docker", "run", "--rm", built.image, "python", "-c", program).stdout == "1.0.2\n"
    container = Container(built.image)
    try:
        container.start()
        assert container.get() == {"version": "one"}
    finally:
        container.remove()
