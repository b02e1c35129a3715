"""Real ``pack build``s with a Python that the run image doesn't have, from a server of our own."""

import re
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.containers import Container
from support.packing import Built, Packer, run
from support.python_archive import LATER, VERSION, archives, listed
from support.python_mirror import serving

APPS = Path(__file__).parent.parent / "apps"
SECRET = "hunter2"
ON_THIS_MACHINE = ("--network", "host")
PROGRAM = "/layers/flaskpack/python/python/bin/python3.11"


@dataclass(frozen=True)
class Project:
    """An app that is built again and again."""

    app: Path
    packer: Packer
    env: dict[str, str]

    def build(self, version: str, **env: str) -> Built:
        (self.app / ".python-version").write_text(f"{version}\n" if version else "")
        built = self.packer.build(self.app, "python", *ON_THIS_MACHINE, env=self.env | env)
        assert built.exit_code == 0, built.output
        return built


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the list of both archives."""
    folder = tmp_path_factory.mktemp("mirror")
    offered = archives(folder)
    with serving(folder) as host:
        address = f"http://user:{SECRET}@{host}"
        entries = {f"{address}/{archive.path.name}": archive for archive in offered}
        (folder / "list.json").write_text(listed(entries))
        yield f"{address}/list.json"


@pytest.fixture
def project(tmp_path: Path, mirror: str) -> Iterator[Project]:
    app = Path(shutil.copytree(APPS / "pinned", tmp_path / "app"))
    packer = Packer()
    yield Project(app, packer, {"UV_PYTHON_DOWNLOADS_JSON_URL": mirror})
    packer.remove()


def section(built: Built) -> str:
    """The log's part about Python, without what differs from run to run."""
    part = built.log.partition("\nPython\n")[2].partition("\nApp\n")[0]
    return re.sub(r"\([\d.]+MiB\)", "(SIZE)", part)


def ask(built: Built, program: str) -> str:
    return run("docker", "run", "--rm", built.image, "python", "-c", program).stdout


def test_a_python_is_installed_kept_and_changed(project: Project) -> None:
    first = project.build("3.11.2")
    assert section(first) == (
        "  3.11.2, asked for by .python-version:1; installed by uv\n"
        "  Installing: there is none of an earlier build\n"
        "  Downloading cpython-3.11.2-linux-x86_64-gnu (download) (SIZE)\n"
    )
    where = "import os, sys; print(sys.version.split()[0], os.path.realpath(sys.executable))"
    assert ask(first, where) == f"{VERSION} {PROGRAM}\n"
    container = Container(first.image)
    try:
        container.start()
        assert container.get() == {"version": "one"}
    finally:
        container.remove()

    (project.app / "main.py").write_text(
        (project.app / "main.py").read_text().replace("one", "two")
    )
    again = project.build("3.11.2")
    assert section(again) == "  3.11.2, asked for by .python-version:1; kept from the last build\n"
    assert "  Nothing changed: the last build's environment is kept" in again.log
    assert again.layers == first.layers

    unasked = project.build("")
    assert section(unasked) == (
        "  3.11.2, as in the last build; kept from the last build\n"
        "  Today's default is 3.13: BP_PYTHON_VERSION=3.13 takes it\n"
    )
    assert unasked.layers == first.layers

    later = project.build("3.11.9")
    assert section(later) == (
        "  3.11.9, asked for by .python-version:1; installed by uv\n"
        "  Installing: the last build had 3.11.2\n"
        "  Downloading cpython-3.11.9-linux-x86_64-gnu (download) (SIZE)\n"
    )
    assert "  Installing: Python 3.11.2 became 3.11.9\n" in later.log
    assert ask(later, where) == f"{LATER} {PROGRAM}\n"
    assert later.layers["python"] != first.layers["python"]

    own = project.build("", BP_PYTHON_VERSION="3.13")
    assert section(own) == (
        "  3.13.5, asked for by BP_PYTHON_VERSION; the run image's own: /usr/bin/python3.13\n"
        "  The last build had 3.11\n"
    )
    assert "python" not in own.layers
    assert ask(own, where) == "3.13.5 /usr/bin/python3.13\n"


def test_two_builds_with_cleared_caches_give_one_layer_without_secrets(
    project: Project, tmp_path: Path
) -> None:
    first = project.build("3.11")
    assert SECRET not in first.output
    run("docker", "image", "rm", "--force", first.image)
    run("docker", "volume", "rm", "--force", f"{first.image}-build", f"{first.image}-launch")
    second = project.build("3.11")
    assert second.layers == first.layers
    archive = tmp_path / "image.tar"
    saved = run("docker", "save", "--output", str(archive), second.image)
    assert saved.returncode == 0, saved.stdout
    assert SECRET.encode() not in archive.read_bytes()
    files = [name for layer in _layers(archive) for name in layer]
    assert PROGRAM.lstrip("/") in [name.lstrip("/") for name in files]


def _layers(archive: Path) -> Iterator[list[str]]:
    with tarfile.open(archive) as image:
        for member in image:
            content = image.extractfile(member)
            if content and member.size > 100_000:
                with tarfile.open(fileobj=content) as layer:
                    yield layer.getnames()


def test_an_image_without_its_python_says_so(project: Project) -> None:
    built = project.build("3.11.2")
    command = ["docker", "run", "--rm", "--tmpfs", "/layers/flaskpack/python", built.image]
    answer = run(*command)
    assert answer.returncode == 1
    assert answer.stdout == f"Error: {PROGRAM} is missing: build the image again\n"
