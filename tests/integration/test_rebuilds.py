"""Changes to a project in real ``pack build``s: what is logged, and what is in the image then.

What happens when single requirements change stands in test_changed_requirements.py.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.build_logs import SERVER, launch, undated
from support.package_index import running, wheel
from support.rebuilding import HEAD, MAIN, Project, ask, project_in

USERS = """\
  + flaskpack-tiny==1.0
  + greeting==1.0 (from file:///workspace/greeting)
  + idna==3.10
  + six==1.17.0
"""
ADDED = """\
  Adding flask==3.1.3: the app imports it, and nobody requires it
  Adding gunicorn==27.0.1: the server, and nobody requires it
  Resolved 7 packages in TIME
  Prepared 7 packages in TIME
  Installed 7 packages in TIME
  + blinker==VERSION
  + click==VERSION
  + flask==3.1.3
  + itsdangerous==VERSION
  + jinja2==VERSION
  + markupsafe==VERSION
  + werkzeug==VERSION
"""
LAUNCH = launch(modules=3)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_in(tmp_path) as made:
        yield made


def installed(said: str, users: str = USERS, server: str = SERVER) -> str:
    """The whole log of a build that installs, for the reasons that are said."""
    number = users.count("  + ")
    packages = f"{number} packages in TIME\n"
    return (
        f"{HEAD}  requirements.txt: {number} requirements in 3 files\n"
        f"{said}"
        f"  Resolved {packages}"
        "  Building greeting @ file:///workspace/greeting\n"
        "  Built greeting @ file:///workspace/greeting\n"
        f"  Prepared {packages}"
        f"  Installed {packages}"
        f"{users}{ADDED}{server}{LAUNCH}"
    )


def test_code_is_no_reason(project: Project) -> None:
    before = project.build()
    assert undated(before.log) == installed(
        "  Installing: there is no environment of an earlier build\n"
    )
    project.write("main.py", MAIN + "ANSWER = 42\n")
    built = project.build()
    kept = (
        "  requirements.txt: 4 requirements in 3 files\n"
        "  Nothing changed: the last build's environment is kept, no installer runs\n"
        "  Its versions are 0 days old; BP_REFRESH=true renews what isn't pinned\n"
    )
    assert built.log == HEAD + kept + LAUNCH
    assert built.layers == before.layers
    assert "Reusing layer 'flaskpack:venv'" in built.output
    assert ask(built, "import main; print(main.ANSWER)") == "42\n"


def test_another_index_gives_what_it_has(project: Project) -> None:
    version = "from importlib.metadata import version; print(version('flaskpack-tiny'))"
    before = project.build()
    assert ask(before, version) == "1.0\n"
    with running([wheel("flaskpack-tiny", "2.0")]) as index:
        project.env["UV_EXTRA_INDEX_URL"] = index.url
        built = project.build()
    assert undated(built.log) == installed(
        "  Installing: the list of extra package indexes changed\n",
        USERS.replace("tiny==1.0", "tiny==2.0"),
    )
    assert ask(built, version) == "2.0\n"


def test_another_python_gets_an_environment_of_its_own(project: Project) -> None:
    version = "import platform, flask; print(platform.python_version(), flask.__file__)"
    site = "/layers/flaskpack/venv/venv/lib/python{}/site-packages/flask/__init__.py\n"
    before = project.build()
    assert ask(before, version) == "3.13.5 " + site.format("3.13")
    project.packer.builder = os.environ["FLASKPACK_BUILDER_BOOKWORM"]
    project.env["BP_PYTHON_VERSION"] = "3.11"
    built = project.build()
    answer = ask(built, version)
    left = ask(built, "import os; print(os.listdir('/layers/flaskpack/venv/venv/lib'))")
    said = (
        "  The cached wheels are dropped: they were made for another Python and another C library"
        " and another target\n"
        "  Installing: Python 3.13.5 became 3.11.2\n"
        "  Installing: the interpreter cpython /usr/bin/python3.13 "
        "became cpython /usr/bin/python3.11\n"
        "  Installing: the C library glibc 2.41 became glibc 2.36\n"
        "  Installing: the target linux/amd64 debian 13 became linux/amd64 debian 12\n"
        "  Installing: the engine's wheel changed\n"
    )
    whole = installed(said).replace(
        "  3.13.5, the run image's own: /usr/bin/python3.13\n",
        "  3.11.2, asked for by BP_PYTHON_VERSION; the run image's own: /usr/bin/python3.11\n"
        "  The last build had 3.13\n",
    )
    assert undated(built.log) == whole
    assert answer == "3.11.2 " + site.format("3.11")
    assert left == "['python3.11']\n"
