"""One changed requirement of many: what is installed, which layers stay, and that nothing differs
from an image that is made from nothing.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from support.build_logs import launch
from support.packing import Built, inspect, run, timeless
from support.rebuilding import FILES, HEAD, Project, project_in

PINS = """\
blinker==1.9.0
click==8.1.8
flask==3.1.3
itsdangerous==2.2.0
jinja2==3.1.6
markupsafe==3.0.2
werkzeug==3.1.3
"""
DEEPER = "requirements/deeper.txt"
CHANGED = "requirements/deeper.txt changed, included by requirements/base.txt:1"
LAUNCH = launch(modules=3)
BUILDING = """\
  Building greeting @ file:///workspace/greeting
  Built greeting @ file:///workspace/greeting
"""
GREETING = "greeting==1.0 (from file:///workspace/greeting)"
BROUGHT = ("gunicorn", "meinheld")

CONTENTS = """\
import hashlib, json, os
root = "/layers/flaskpack/venv/venv"
print(json.dumps({
    os.path.relpath(f"{folder}/{file}", root): hashlib.sha256(
        open(f"{folder}/{file}", "rb").read()).hexdigest()
    for folder, _, files in os.walk(root, followlinks=True) for file in files
}))
"""
EVERY_FILE = """\
import json, os
print(json.dumps([f"{folder}/{file}" for folder, _, files in os.walk("/layers") for file in files]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_in(tmp_path) as made:
        made.write(DEEPER, FILES[DEEPER] + PINS)
        yield made


def told(built: Built, program: str) -> Any:
    done = run("docker", "run", "--rm", "--entrypoint", "python", built.image, "-c", program)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


def bill(built: Built, folder: Path) -> Mapping[str, Any]:
    done = run(os.environ["FLASKPACK_PACK"], "sbom", "download", built.image, "-o", str(folder))
    assert done.returncode == 0, done.stdout
    text = (folder / "layers/sbom/launch/flaskpack/venv/sbom.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None
    document: Mapping[str, Any] = json.loads(text)
    return document


def layers(built: Built) -> dict[str, dict[str, str]]:
    """What the layers of packages hold: the version of each package, by the layer's name."""
    labels = inspect(built.image)["Config"]["Labels"]
    (ours,) = json.loads(labels["io.buildpacks.lifecycle.metadata"])["buildpacks"]
    return {
        name: dict(line.split(" ")[:2] for line in layer["data"]["holds"])
        for name, layer in ours["layers"].items()
        if name.startswith("site-packages-")
    }


def of_packages(built: Built) -> dict[str, str]:
    """The digests of the layers of packages, by name."""
    return {name: of for name, of in built.layers.items() if name.startswith("site-packages-")}


def log(number: int, said: str, kept: str, installed: Mapping[str, str]) -> str:
    """The whole log of a build of so many requirements that installs some packages."""
    kind = f"  requirements.txt: {number} requirements in 3 files\n"
    ours = {name: text for name, text in installed.items() if name in BROUGHT}
    users = [f"{name}=={text}" for name, text in installed.items() if name not in BROUGHT]
    return (
        f"{HEAD}{kind}{said}"
        f"  Resolved {number} packages in TIME\n  {kept} packages stay as they are\n"
        f"{listed([*users, GREETING], BUILDING)}"
        f"{added(ours)}{LAUNCH}"
    )


def added(ours: Mapping[str, str]) -> str:
    adding = "  Adding gunicorn==27.0.1: the server, and nobody requires it\n"
    lines = listed([f"{name}=={text}" for name, text in ours.items()]) if ours else ""
    return (adding if "gunicorn" in ours else "") + lines


def listed(lines: list[str], building: str = "") -> str:
    """uv's report of an installation."""
    packages = f"{len(lines)} package{'s' * (len(lines) != 1)} in TIME\n"
    done = f"  Resolved {packages}{building}  Prepared {packages}  Installed {packages}"
    return done + "".join(f"  + {line}\n" for line in sorted(lines))


def test_a_change_leaves_the_other_layers_as_they_are(project: Project, tmp_path: Path) -> None:
    before = project.build()
    last = layers(before)
    (changed,) = (name for name, held in last.items() if "idna" in held)
    beside = {name: text for name, text in last[changed].items() if name != "idna"}
    left = {name: of for name, of in of_packages(before).items() if name != changed}
    total = sum(len(held) for held in last.values())

    project.write(DEEPER, "idna==3.11\n" + PINS)
    built = project.build()
    assert timeless(built.log) == log(
        11,
        f"  Installing: {CHANGED}\n",
        f"{total - len(beside) - 1} of {total}",
        {**beside, "idna": "3.11"},
    )
    now = of_packages(built)
    assert {name: now[name] for name in left} == left
    new = {name: held for name, held in layers(built).items() if name not in left}
    assert list(new.values()) == [held for held in (beside, {"idna": "3.11"}) if held]
    assert min(new) > max(last)
    for name in left:
        assert f"Reusing layer 'flaskpack:{name}'" in built.output
    assert not [file for file in told(built, EVERY_FILE) if "idna-3.10" in file]

    project.write(DEEPER, PINS)
    web = built.layers["web"]
    built = project.build()
    kept = f"{total - 1} of {total - 1}"
    assert timeless(built.log) == log(10, f"  Installing: {CHANGED}\n", kept, {})
    assert of_packages(built) == {name: of for name, of in now.items() if name != max(now)}
    assert built.layers["web"] == web
    assert not [file for file in told(built, EVERY_FILE) if "idna" in file]

    project.write("greeting/greeting.py", 'TEXT = "good day"\n')
    project.write(DEEPER, PINS + "toolz==1.0.0\n")
    built = project.build()
    assert timeless(built.log) == log(
        11,
        f"  Installing: {CHANGED}\n"
        "  Installing: ./greeting changed, required by requirements.txt:4\n",
        f"{total - 1} of {total}",
        {"toolz": "1.0.0"},
    )

    # Nothing of the way to it is to be seen in what there is now.
    nothing = project.packer.build(project.app, "nothing", "--network", "host", env=project.env)
    assert nothing.exit_code == 0, nothing.output
    assert told(built, CONTENTS) == told(nothing, CONTENTS)
    assert bill(built, tmp_path / "built") == bill(nothing, tmp_path / "nothing")


def test_other_options_install_everything_anew(project: Project) -> None:
    project.build()
    text = (project.app / "requirements.txt").read_text()
    project.write("requirements.txt", f"--no-binary idna\n{text}")
    built = project.build()
    assert "  Installing: requirements.txt changed\n" in built.log
    assert "  Everything is installed anew: options in the requirements changed\n" in built.log


def test_another_workspace(project: Project) -> None:
    before = project.build()
    built = project.build("--workspace", "/srv/site")
    assert "  Installing: the app's folder /workspace became /srv/site\n" in built.log
    assert "  + greeting==1.0 (from file:///srv/site/greeting)\n" in built.log
    assert of_packages(built) == of_packages(before)
    program = (
        "import json, importlib.metadata as m\n"
        "print(m.distribution('greeting').read_text('direct_url.json'))"
    )
    assert told(built, program)["url"] == "file:///srv/site/greeting"
