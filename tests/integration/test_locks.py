"""Real ``pack build``s from each kind of file that says what an app depends on."""

import re
import shutil
from pathlib import Path

import pytest
from support.build_logs import ADDED
from support.containers import Container
from support.packing import Built, Packer, run

APPS = Path(__file__).parent.parent / "apps"

SETTINGS = {
    "from_uv": {},
    "from_poetry": {"BP_EXTRAS": "more"},
    "from_pipenv": {"BP_GROUPS": "batch"},
    "from_pylock": {},
    "from_project": {"BP_GROUPS": "batch"},
}
ANSWERS = {
    "from_uv": {"flask": "3.1.3", "shop": "1.0", "tool": "2.0"},
    "from_poetry": {"flask": "3.1.3", "six": "1.17.0", "verse": "3.0"},
    "from_pipenv": {"flask": "3.1.3", "six": "1.17.0"},
    "from_pylock": {"flask": "3.1.3", "six": "1.17.0"},
    "from_project": {"flask": "3.1.3", "six": "1.17.0"},
}
INSTALLING = "  Installing: there is no environment of an earlier build\n"
NEW = """\
  Resolved 8 packages in TIME
  Prepared 8 packages in TIME
  Installed 8 packages in TIME
  + blinker==1.9.0
  + click==8.5.1
  + flask==3.1.3
  + itsdangerous==2.2.0
  + jinja2==3.1.6
  + markupsafe==3.0.4
  + six==1.17.0
  + werkzeug==3.1.9
"""
LOGS = {
    "from_uv": (
        "  uv.lock: 10 packages (of 15; 5 are for other platforms or groups)\n"
        "  The project itself, shop, is installed too\n"
        "  uv.lock:LINE: greenlet==0.4.17 is left out, the engine, meinheld 1.0.2+flaskpack.1,"
        " takes its place\n"
        "  uv.lock:LINE: meinheld==1.0.2 is left out, the engine, meinheld 1.0.2+flaskpack.1,"
        " takes its place\n"
        + INSTALLING
        + NEW.replace(
            "  + six==1.17.0\n", "  + tool==2.0 (from file:///workspace/libs/tool)\n"
        ).replace(
            "  Prepared 8",
            "  Building tool @ file:///workspace/libs/tool\n"
            "  Built tool @ file:///workspace/libs/tool\n  Prepared 8",
        )
        + "  Resolved 1 package in TIME\n"
        "  Building shop @ file:///workspace\n"
        "  Built shop @ file:///workspace\n"
        "  Prepared 1 package in TIME\n"
        "  Installed 1 package in TIME\n"
        "  + shop==1.0 (from file:///workspace)\n"
    ),
    "from_poetry": (
        "  poetry.lock: 8 packages (of 12; 4 are for other platforms or groups)\n"
        "  The project itself, verse, is installed too\n"
        + INSTALLING
        + NEW.replace("click==8.5.1", "click==8.1.8")
        + "  Resolved 1 package in TIME\n"
        "  Building verse @ file:///workspace\n"
        "  Built verse @ file:///workspace\n"
        "  Prepared 1 package in TIME\n"
        "  Installed 1 package in TIME\n"
        "  + verse==3.0 (from file:///workspace)\n"
    ),
    "from_pipenv": (
        "  Pipfile.lock: 8 packages (of 9; 1 is for other platforms or groups)\n" + INSTALLING + NEW
    ),
    "from_pylock": "  pylock.toml: 8 packages\n" + INSTALLING + NEW,
    "from_project": "  pyproject.toml: 2 requirements\n" + INSTALLING + NEW,
}


def answer(built: Built) -> object:
    """What the app in the image says."""
    container = Container(built.image)
    try:
        container.start()
        return container.get()
    finally:
        container.remove()


def dependencies(built: Built) -> str:
    """The block of the log, without what differs from run to run."""
    block = built.log.split("\nDependencies\n")[1].split("\n\n")[0] + "\n"
    block = re.sub(r"\bin [\d.]+m?s\b", "in TIME", block)
    return re.sub(r"(?<=uv\.lock:)\d+", "LINE", block)


@pytest.mark.parametrize("name", ANSWERS)
def test_each_kind(packer: Packer, name: str) -> None:
    built = packer.build(APPS / name, name, env=SETTINGS[name])
    assert built.exit_code == 0, built.output
    assert dependencies(built) == LOGS[name] + ADDED
    assert answer(built) == ANSWERS[name]


def test_programs_of_the_project_are_there(packer: Packer) -> None:
    built = packer.build(APPS / "from_uv", "programs")
    assert built.exit_code == 0, built.output
    said = run("docker", "run", "--rm", built.image, "python", "-c", "import shop; print(shop)")
    assert said.stdout == "<module 'shop' from '/workspace/src/shop/__init__.py'>\n"
    said = run("docker", "run", "--rm", built.image, "shop-hello")
    assert said.stdout == "THE PROJECT ITSELF.\n"


def test_a_project_that_cannot_be_built_says_how_to_leave_it(
    packer: Packer, tmp_path: Path
) -> None:
    app = Path(shutil.copytree(APPS / "from_project", tmp_path / "app"))
    system = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    project = app / "pyproject.toml"
    project.write_text(project.read_text() + system)
    for name in ("one", "two"):
        (app / name).mkdir()
        (app / name / "__init__.py").touch()
    built = packer.build(app, "unbuildable")
    assert built.exit_code != 0
    assert "Error: a package couldn't be built\n" in built.log
    assert "\n  pyproject.toml:8: plain, the project itself\n" in built.log
    assert "Multiple top-level packages discovered in a flat-layout" in built.log
    assert (
        "  1. If the app isn't meant to be installed, say so in pyproject.toml; its modules are"
        " found in its folder all the same:\n"
        "     [tool.uv]\n"
        "     package = false\n"
    ) in built.log
    project.write_text(project.read_text() + "[tool.uv]\npackage = false\n")
    assert answer(packer.build(app, "unbuildable", env={"BP_GROUPS": "batch"})) == {
        "flask": "3.1.3",
        "six": "1.17.0",
    }


def test_only_what_matters_installs_again(packer: Packer, tmp_path: Path) -> None:
    app = Path(shutil.copytree(APPS / "from_uv", tmp_path / "app"))
    before = packer.build(app, "again")
    (app / "src/shop/__init__.py").write_text('"""Changed."""\n')
    (app / "libs/tool/src/tool/__init__.py").write_text('"""Changed."""\n')
    built = packer.build(app, "again")
    assert "  Nothing changed: the last build's environment is kept" in built.log
    assert built.layers["venv"] == before.layers["venv"]
    built = packer.build(app, "again", env={"BP_GROUPS": "dev"})
    assert "  Installing: the setting BP_GROUPS is set now\n" in built.log
    assert "  + iniconfig==2.1.0\n" in built.log


@pytest.mark.parametrize(
    ("name", "lock", "hashes", "known_to", "command"),
    [
        ("from_uv", "uv.lock", r"sha256:[0-9a-f]{64}", "hash in uv.lock", "uv lock --upgrade"),
        (
            "from_poetry",
            "poetry.lock",
            r"sha256:[0-9a-f]{64}",
            "hash in poetry.lock",
            "poetry lock --regenerate",
        ),
        (
            "from_pipenv",
            "Pipfile.lock",
            r"sha256:[0-9a-f]{64}",
            "hash in Pipfile.lock",
            "pipenv lock",
        ),
        (
            "from_pylock",
            "pylock.toml",
            r"(?<=sha256 = \")[0-9a-f]{64}",
            "hash in pylock.toml",
            "with the tool that made pylock.toml",
        ),
    ],
)  # fmt: skip
def test_a_file_with_another_hash_is_not_installed(
    packer: Packer, tmp_path: Path, name: str, lock: str, hashes: str, known_to: str, command: str
) -> None:
    app = Path(shutil.copytree(APPS / name, tmp_path / "app"))
    text = (app / lock).read_text()
    first = text.index("blinker")
    later = re.sub(
        hashes, lambda found: re.sub("[0-9a-f]{64}", "0" * 64, found[0]), text[first:], count=2
    )
    (app / lock).write_text(text[:first] + later)
    built = packer.build(app, "tampered")
    assert built.exit_code != 0
    assert "Error: a package isn't the one whose hash was written down\n" in built.log
    assert f"its contents don't match any {known_to}. It was not installed.\n" in built.log
    assert re.search(rf"\n  {re.escape(lock)}:\d+: blinker==1.9.0\n", built.log)
    assert f"write the hashes anew: {command}\n" in built.log
    assert "Traceback" not in built.output
