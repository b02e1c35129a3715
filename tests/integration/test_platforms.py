"""Other ways from source to image than one trusted ``pack build`` into the engine."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import Container
from support.packing import Packer, inspect, run
from support.phases import Phases
from support.registry import Registry, registry

APPS = Path(__file__).parent.parent / "apps"
RUN_IMAGE = "flaskpack/run:trixie"
KEPT = "  Nothing changed: the last build's environment is kept, no installer runs\n"


@pytest.fixture(scope="module")
def store() -> Iterator[Registry]:
    with registry() as made:
        made.push(RUN_IMAGE, RUN_IMAGE)
        yield made


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return Path(shutil.copytree(APPS / "contract", tmp_path / "app"))


def changed(app: Path) -> None:
    """Another answer, by another code and the same requirements."""
    code = (app / "main.py").read_text().replace('"main:app"', '"changed"')
    (app / "main.py").write_text(code)


def served(image: str, *options: str) -> str:
    """What the app says that it is."""
    container = Container(image, options=options, env={"WEB_CONCURRENCY": "1"})
    try:
        container.start()
        return str(container.get()["app"])
    finally:
        container.remove()


@pytest.mark.parametrize(("user", "group"), [(1001, 1000), (4711, 4712)])
def test_the_five_phases_one_by_one(
    store: Registry, app: Path, tmp_path: Path, user: int, group: int
) -> None:
    """Each in a container, by a user without privileges: not even the builder's own."""
    builder = os.environ["FLASKPACK_BUILDER"]
    phases = Phases(tmp_path / "shared", builder, store.name(RUN_IMAGE), user, group)
    phases.root.mkdir()
    repository = f"phases-{user}"
    image, cache = store.name(repository), store.name(f"{repository}-cache")
    env = {"BP_WRITABLE_DIRS": "data"}

    first = phases.build(app, image, cache, env)
    assert "  Installing: there is no environment of an earlier build\n" in first["builder"]
    assert "  Writable for every user: data/\n" in first["builder"]
    pulled = store.pull(repository)
    assert served(pulled) == "main:app"
    assert inspect(pulled)["Config"]["User"] == "1002:1000"
    assert run("docker", "run", "--rm", pulled, "touch", "data/x", "instance/x").returncode == 0
    assert run("docker", "run", "--rm", pulled, "touch", "main.py").returncode == 1

    changed(app)
    second = phases.build(app, image, cache, env)
    assert KEPT in second["builder"]
    assert "Reusing layer 'flaskpack:venv'\n" in second["exporter"]
    assert served(store.pull(repository)) == "changed"
    run("docker", "image", "rm", "--force", pulled)


def test_publish_to_a_registry_with_a_cache_image(
    packer: Packer, store: Registry, app: Path
) -> None:
    image, cache = store.name("published"), store.name("published-cache")
    command = [os.environ["FLASKPACK_PACK"], "build", image, "--path", str(app)]
    command += ["--builder", packer.builder, "--pull-policy", "never", "--trust-builder"]
    command += ["--publish", "--run-image", store.name(RUN_IMAGE), "--network", "host"]
    command += ["--cache-image", cache, "--no-color"]
    if bundle := os.environ.get("FLASKPACK_CA"):
        command += ["--volume", f"{bundle}:/etc/ssl/certs/ca-certificates.crt:ro"]
    first = run(*command)
    assert first.returncode == 0, first.stdout
    assert served(store.pull("published")) == "main:app"

    changed(app)
    second = run(*command)
    assert second.returncode == 0, second.stdout
    assert KEPT.strip() in second.stdout
    assert served(store.pull("published")) == "changed"
    run("docker", "image", "rm", "--force", image)


def test_a_builder_that_is_not_trusted(packer: Packer, app: Path) -> None:
    """pack then runs each phase in a container of its own, those with secrets in another image."""
    command = [os.environ["FLASKPACK_BUILDER"], "--trust-builder=false"]
    built = packer.build(app, "untrusted", *command[1:], "--lifecycle-image", command[0])
    assert built.exit_code == 0, built.output
    assert "===> ANALYZING" in built.output
    assert served(built.image) == "main:app"
    changed(app)
    again = packer.build(app, "untrusted", *command[1:], "--lifecycle-image", command[0])
    assert KEPT in again.log
    assert served(again.image) == "changed"


PROJECT = """\
[_]
schema-version = "0.2"

[io.buildpacks]
exclude = ["notes", "*.secret"]

[[io.buildpacks.build.env]]
name = "APP_MODULE"
value = "other:api"

[[io.buildpacks.build.env]]
name = "BP_WRITABLE_DIRS"
value = "var/data"
"""


def test_project_toml(packer: Packer, app: Path) -> None:
    (app / "project.toml").write_text(PROJECT)
    (app / "notes").mkdir()
    (app / "notes" / "x").touch()
    (app / "x.secret").touch()
    built = packer.build(app, "project")
    assert "\n  other:api" in built.log
    assert "  Writable for every user: var/data/\n" in built.log
    assert served(built.image) == "other:api"
    listed = run("docker", "run", "--rm", built.image, "ls").stdout.split()
    assert listed == [
        *("__pycache__", "answer.py", "instance", "main.py", "other.py", "project.toml"),
        *("requirements.txt", "var"),
    ]


def test_another_workspace_and_group(packer: Packer, app: Path) -> None:
    """As for OpenShift: files belong to group 0, which its users have."""
    built = packer.build(app, "elsewhere", "--workspace", "/srv/site", "--gid", "0")
    assert built.exit_code == 0, built.output
    assert served(built.image, "--user", "5555:0") == "main:app"
    look = "pwd; echo $PYTHONPATH; stat -c %g . main.py instance"
    answer = run("docker", "run", "--rm", built.image, "sh", "-c", look)
    assert answer.stdout.split() == ["/srv/site", "/srv/site", "0", "0", "0"]
