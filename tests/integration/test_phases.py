"""bin/detect and bin/build of the packaged buildpack, run as the lifecycle runs them."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
FLASK = "from flask import Flask\n\napp = Flask(__name__)\n"


@dataclass(frozen=True)
class Lifecycle:
    """The folders that a lifecycle gives to a buildpack."""

    root: Path
    buildpack: Path

    def run(
        self, phase: str, files: Mapping[str, str], env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A phase on a project of these files; ``env`` are the user's variables."""
        for folder in ("app", "platform/env", "layers"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (self.root / "app" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "app" / name).write_text(text)
        for name, value in (env or {}).items():
            (self.root / "platform/env" / name).write_text(value)
        (self.root / "plan.toml").write_text("")
        return subprocess.run(
            [str(self.buildpack / "bin" / phase)],
            cwd=self.root / "app",
            env={
                "PATH": "/usr/bin:/bin",
                "CNB_BUILDPACK_DIR": str(self.buildpack),
                "CNB_PLATFORM_DIR": str(self.root / "platform"),
                "CNB_LAYERS_DIR": str(self.root / "layers"),
                "CNB_BP_PLAN_PATH": str(self.root / "plan.toml"),
                "CNB_BUILD_PLAN_PATH": str(self.root / "build_plan.toml"),
                "CNB_TARGET_OS": "linux",
                "CNB_TARGET_ARCH": "amd64",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def lifecycle(tmp_path: Path) -> Lifecycle:
    return Lifecycle(tmp_path, Path(os.environ["FLASKPACK_BUILDPACK"]))


def test_a_flask_project_passes_without_a_word(lifecycle: Lifecycle) -> None:
    answer = lifecycle.run("detect", {"main.py": FLASK})
    assert (answer.returncode, answer.stdout) == (0, "")
    assert (lifecycle.root / "build_plan.toml").read_text() == "provides = []\nrequires = []\n"


def test_a_project_that_is_not_ours_fails_with_100(lifecycle: Lifecycle) -> None:
    answer = lifecycle.run("detect", {"100% free.txt": "", "package.json": "{}"})
    assert answer.returncode == 100
    assert answer.stdout.startswith("\nNo Flask app was found.\n")
    # The lifecycle prints it as a format: a single percent sign would be garbled.
    assert "100%% free.txt" in answer.stdout
    assert answer.stdout.replace("%%", "").count("%") == 0


def test_an_error_in_detect_is_a_format_too(lifecycle: Lifecycle) -> None:
    sure = Lifecycle(lifecycle.root / "100% sure", lifecycle.buildpack)
    (sure.root / "build_plan.toml").mkdir(parents=True)
    answer = sure.run("detect", {"main.py": FLASK})
    assert answer.returncode == 1
    assert "100%% sure/build_plan.toml" in answer.stdout
    assert answer.stdout.replace("%%", "").count("%") == 0


def test_a_flask_project_with_a_problem_passes_and_fails_in_build(lifecycle: Lifecycle) -> None:
    files = {"main.py": FLASK + "def broken(:\n"}
    assert lifecycle.run("detect", files).returncode == 0


def test_a_bad_setting_passes_detect_too(lifecycle: Lifecycle) -> None:
    answer = lifecycle.run("detect", {"main.py": FLASK}, {"BP_FLASK": "perhaps"})
    assert (answer.returncode, answer.stdout) == (0, "")


def test_without_a_python_in_the_run_image_uv_is_asked(lifecycle: Lifecycle) -> None:
    nowhere = {"UV_PYTHON_INSTALL_MIRROR": "http://127.0.0.1:1", "UV_HTTP_RETRIES": "0"}
    answer = lifecycle.run("build", {"main.py": FLASK}, nowhere)
    assert answer.returncode == 1
    assert re.search(r"  3\.13\.\d+, as nothing asks for another; installed by uv\n", answer.stdout)
    assert re.search(
        r"Error: Python 3\.13\.\d+ couldn't be fetched: no connection\n", answer.stdout
    )
    assert not list((lifecycle.root / "layers").glob("*.toml"))


def test_a_bad_setting_is_told_whole(lifecycle: Lifecycle) -> None:
    answer = lifecycle.run("build", {"main.py": FLASK}, {"BP_REFRESH": "perhaps"})
    assert answer.returncode == 1
    assert answer.stdout == (
        "Flaskpack 0.1.0\n"
        "\n"
        "Error: BP_REFRESH has a value that makes no sense\n"
        "\n"
        "BP_REFRESH can be true or false.\n"
        "\n"
        "Found:\n"
        "  BP_REFRESH='perhaps', from the platform (pack build --env, project.toml)\n"
        "\n"
        "What to do:\n"
        "  Give it one of these values, or leave it out.\n"
    )


def test_what_nobody_foresaw_is_one_clear_line(lifecycle: Lifecycle) -> None:
    (lifecycle.root / "layers").write_text("a file where a folder should be")
    (lifecycle.root / "layers").unlink()
    (lifecycle.root / "layers/venv.toml").mkdir(parents=True)
    answer = lifecycle.run("build", {"main.py": FLASK})
    assert answer.returncode == 1
    assert "Traceback" not in answer.stdout
    assert "Error: venv.toml can't be read\n" in answer.stdout


def test_a_checkout_says_that_it_is_not_packaged(tmp_path: Path) -> None:
    for name in ("bin", "buildpack", "layers", "buildpack.toml"):
        source = CHECKOUT / name
        target = tmp_path / "checkout" / name
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copyfile(source, target)
    answer = Lifecycle(tmp_path, tmp_path / "checkout").run("build", {"main.py": FLASK})
    assert answer.returncode == 1
    assert answer.stdout.startswith("Error: this folder is not a packaged buildpack\n")
    assert "run scripts/package" in answer.stdout


TRAP = "open({marker!r}, 'a').write(__name__ + '\\n')\n"


@pytest.mark.parametrize("phase", ["detect", "build"])
def test_nothing_of_the_app_is_run(lifecycle: Lifecycle, phase: str) -> None:
    marker = lifecycle.root / "ran"
    trap = TRAP.format(marker=str(marker))
    modules = ("ast", "json", "toml", "tomllib", "sitecustomize", "usercustomize", "flask")
    files = {f"{name}.py": trap for name in modules}
    files |= {"buildpack/__init__.py": trap, "buildpack/cli.py": trap, "layers/__init__.py": trap}
    files |= {"bin/python3": f"#!/bin/sh\necho python >> {marker}\n", "main.py": FLASK + trap}
    app = str(lifecycle.root / "app")
    lifecycle.run(
        phase,
        files,
        {"PYTHONPATH": app, "PYTHONHOME": app, "PATH": f"{app}/bin", "LD_PRELOAD": f"{app}/x.so"},
    )
    assert not marker.exists()
