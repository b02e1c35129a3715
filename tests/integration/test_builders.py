"""Real ``pack build``s on other builders, and rebases of what they made.

The builders' names come from scripts/test. Their build images hold what their run images hold:
no compiler, no git, and on one of them no Python either.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from support.containers import Container
from support.packing import Packer, inspect, run, timeless
from support.python_archive import archives, listed

APP = Path(__file__).parent.parent / "apps" / "builders"

PINNED = {
    "blinker": "1.9.0",
    "click": "8.1.8",
    "flask": "3.1.3",
    "gunicorn": "23.0.0",
    "importlib-metadata": "8.7.0",
    "itsdangerous": "2.2.0",
    "jinja2": "3.1.6",
    "markupsafe": "3.0.3",
    "packaging": "25.0",
    "werkzeug": "3.1.3",
    "zipp": "3.23.0",
}
BACKPORTS = ("importlib-metadata", "zipp")
"""What flask needs on Python 3.9 only."""


@dataclass(frozen=True)
class Stack:
    """A builder, and the Python that its run image has; ``more`` is what the log says of it."""

    builder: str
    minor: str
    version: str
    more: str = ""


STACKS = (
    Stack(
        "FLASKPACK_BUILDER_BULLSEYE",
        "3.9",
        "3.9.2",
        "  Warning: Python 3.9 has had no security fixes since 2025-10-31 (PEP 596): "
        "move to 3.13\n",
    ),
    Stack("FLASKPACK_BUILDER_BOOKWORM", "3.11", "3.11.2"),
    Stack("FLASKPACK_BUILDER", "3.13", "3.13.5"),
    Stack("FLASKPACK_BUILDER_FORKY", "3.14", "3.14.*"),
    Stack("FLASKPACK_BUILDER_TINY", "3.13", "3.13.5"),
)


def built_log(minor: str, python: str) -> str:
    """The whole log of a first build; ``python`` is the section's line, * for a number."""
    packages = [name for name in PINNED if minor == "3.9" or name not in BACKPORTS]
    number = len(packages)
    added = "".join(f"  + {name}=={PINNED[name]}\n" for name in packages)
    return (
        "Flaskpack 0.1.0\n"
        "\n"
        "Python\n"
        f"{python}"
        "\n"
        "App\n"
        "  main:app is a Flask app: main.py:5, `app = Flask(__name__)`\n"
        "\n"
        "Dependencies\n"
        "  requirements.txt: 11 requirements\n"
        "  Installing: there is no environment of an earlier build\n"
        f"  Resolved {number} packages in TIME\n"
        f"  Prepared {number} packages in TIME\n"
        f"  Installed {number} packages in TIME\n"
        f"{added}"
        "  Resolved 1 package in TIME\n"
        "  Prepared 1 package in TIME\n"
        "  Installed 1 package in TIME\n"
        "  + meinheld==1.0.2+flaskpack.1\n"
        "\n"
        "Launch\n"
        "  Bytecode for the app's modules: 1\n"
        "  Processes: web, prestart, dev, healthcheck, python, python3, gunicorn, flask\n"
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return Path(shutil.copytree(APP, tmp_path / "app"))


def answers(image: str, minor: str) -> None:
    """The app answers, and again after a restart, served by the engine."""
    container = Container(image)
    try:
        for _ in container.twice():
            assert container.get() == {"python": minor}
            assert "Using worker: egg:meinheld#gunicorn_worker\n" in container.output()[1]
    finally:
        container.remove()


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.builder.lower())
def test_the_stacks_own_python(stack: Stack, app: Path) -> None:
    packer = Packer(os.environ[stack.builder])
    try:
        built = packer.build(app)
        assert built.exit_code == 0, built.output
        line = f"  {stack.version}, the run image's own: /usr/bin/python{stack.minor}\n"
        log = timeless(built.log)
        if stack.version.endswith("*"):  # the newest release moves on
            log = re.sub(r"^  3\.14\.\d+,", "  3.14.*,", log, flags=re.MULTILINE)
        assert log == built_log(stack.minor, line + stack.more)
        answers(built.image, stack.minor)
        again = packer.build(app)
        assert "  Nothing changed: the last build's environment is kept" in again.log
        assert again.layers == built.layers
    finally:
        packer.remove()


def test_a_builder_without_any_python(app: Path, tmp_path: Path) -> None:
    packer = Packer(os.environ["FLASKPACK_BUILDER_NONE"])
    python, _ = archives(tmp_path)
    (tmp_path / "list.json").write_text(listed({f"file:///pythons/{python.path.name}": python}))
    tmp_path.chmod(0o755)  # for the user of the build
    (app / ".python-version").write_text("3.11\n")
    env = {"UV_PYTHON_DOWNLOADS_JSON_URL": "file:///pythons/list.json"}
    try:
        built = packer.build(app, "app", "--volume", f"{tmp_path}:/pythons:ro", env=env)
        assert built.exit_code == 0, built.output
        lines = (
            "  3.11.2, asked for by .python-version:1; installed by uv\n"
            "  Installing: there is none of an earlier build\n"
            "  Downloading cpython-3.11.2-linux-x86_64-gnu (download) (SIZE)\n"
        )
        assert timeless(built.log) == built_log("3.11", lines)
        answers(built.image, "3.11")
    finally:
        packer.remove()


def test_the_build_image_needs_no_more_than_a_shell(app: Path) -> None:
    """The packaged interpreter starts where there is no other program and no library."""
    packaged = os.environ["FLASKPACK_BUILDPACK"]
    shell = "/bin/dash"
    command = ["docker", "run", "--rm", "--user", "0", "--volume", f"{packaged}:/buildpack:ro"]
    command += ["--volume", f"{app}:/app:ro", "--workdir", "/app", "--entrypoint", shell]
    for variable, value in {
        "CNB_BUILDPACK_DIR": "/buildpack",
        "CNB_PLATFORM_DIR": "/nowhere",
        "CNB_BUILD_PLAN_PATH": "/tmp/plan.toml",
        "PATH": "/nowhere",
    }.items():
        command += ["--env", f"{variable}={value}"]
    done = run(*command, run_image("tiny"), "-c", "/buildpack/bin/detect && echo passed")
    assert (done.returncode, done.stdout) == (0, "passed\n")


def run_image(tag: str) -> str:
    return f"flaskpack/run:{tag}"


def test_a_tiny_run_image_has_a_shell_and_no_other_program_of_that_kind() -> None:
    look = "for name in bash ls cat env id sleep sed grep find sh; do command -v $name; done; :"
    done = run("docker", "run", "--rm", run_image("tiny"), "sh", "-c", look)
    assert done.stdout == "/usr/bin/sh\n"
    assert inspect(run_image("tiny"))["Size"] < inspect(run_image("trixie"))["Size"] * 0.85


def test_a_hook_on_a_tiny_run_image(app: Path) -> None:
    (app / "prestart.sh").write_text("export FROM_HOOK=yes\n")
    packer = Packer(os.environ["FLASKPACK_BUILDER_TINY"])
    try:
        built = packer.build(app)
        assert built.exit_code == 0, built.output
        answers(built.image, "3.13")
        (app / "prestart.sh").write_text("#!/bin/bash\nexport FROM_HOOK=yes\n")
        bash = packer.build(app)
        done = run("docker", "run", "--rm", bash.image)
    finally:
        packer.remove()
    assert done.returncode == 1
    assert done.stdout == (
        "Checking for script in /workspace/prestart.sh\n"
        "Error: /workspace/prestart.sh asks for bash, which this run image does not have: "
        "write it for sh (#!/bin/sh)\n"
    )


@dataclass(frozen=True)
class Rebased:
    """An image that was built on trixie's run image under a tag of its own."""

    image: str
    tag: str

    def rebase(self, run_image: str, *options: str) -> tuple[int, str]:
        """``pack rebase`` when the tag has moved on; its exit code and the end of its output."""
        run("docker", "tag", run_image, self.tag)
        command = [os.environ["FLASKPACK_PACK"], "rebase", self.image, "--run-image", self.tag]
        done = run(*command, "--pull-policy", "never", "--no-color", *options)
        return done.returncode, done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def built() -> Iterator[Rebased]:
    tag = f"flaskpack-test/run:{uuid4().hex[:12]}"
    run("docker", "tag", run_image("trixie"), tag)
    packer = Packer()
    try:
        made = packer.build(APP, "rebased", "--run-image", tag)
        assert made.exit_code == 0, made.output
        yield Rebased(made.image, tag)
    finally:
        packer.remove()
        run("docker", "image", "rm", "--force", tag)


@pytest.fixture
def patched() -> Iterator[str]:
    """trixie's run image a security update later."""
    name = f"flaskpack-test-{uuid4().hex[:12]}"
    change = ["sh", "-c", "echo newer >/etc/flaskpack-test-patch"]
    made = run("docker", "run", "--name", name, "--user", "0", run_image("trixie"), *change)
    assert made.returncode == 0, made.stdout
    kept = run("docker", "commit", "--change", "USER 1002:1000", name, name)
    assert kept.returncode == 0, kept.stdout
    yield name
    run("docker", "rm", name)
    run("docker", "image", "rm", "--force", name)


def test_a_rebase_to_a_newer_patch(built: Rebased, patched: str) -> None:
    code, said = built.rebase(patched)
    assert (code, said) == (0, f"Successfully rebased image '{built.image}'")
    shown = run("docker", "run", "--rm", built.image, "cat", "/etc/flaskpack-test-patch")
    assert shown.stdout == "newer\n"
    answers(built.image, "3.13")


def test_a_rebase_to_another_release_is_refused_by_the_lifecycle(built: Rebased) -> None:
    before = inspect(built.image)["Id"]
    code, said = built.rebase(run_image("forky"))
    assert code == 1
    system = '{{"os":"linux","arch":"amd64","distro":{{"name":"debian","version":"{}"}}}}'
    assert said == (
        "ERROR: unable to satisfy target os/arch constraints; "
        f"new run image: {system.format(14)}, old run image: {system.format(13)}; "
        "please provide -force to override"
    )
    assert inspect(built.image)["Id"] == before


def test_a_forced_rebase_to_another_minor_version_says_so_at_the_start(built: Rebased) -> None:
    code, said = built.rebase(run_image("forky"), "--force")
    assert code == 0, said
    done = run("docker", "run", "--rm", built.image)
    assert done.returncode == 1
    assert done.stdout == (
        "Error: this image was built for Python 3.13 (/usr/bin/python3.13), "
        "this run image has Python 3.14: build it again\n"
    )


def test_a_rebase_to_a_run_image_without_python_says_so_at_the_start(built: Rebased) -> None:
    built.rebase(run_image("trixie"), "--force")
    code, said = built.rebase(run_image("none"))
    assert code == 0, said
    done = run("docker", "run", "--rm", built.image)
    assert done.returncode == 1
    assert done.stdout == (
        "Error: this image was built for Python 3.13 (/usr/bin/python3.13), "
        "this run image has none: build it again\n"
    )
