"""What a phase loads: a code-only rebuild has 0.3 s for its own work, and most of it is this."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = "import sys; sys.path.insert(0, sys.argv[1]); import buildpack.cli, {}; print(*sys.modules)"
FOR_AN_INSTALL = {
    "buildpack.installation",
    "buildpack.installed",
    "buildpack.installer_failure",
    "buildpack.sbom",
    "buildpack.uv",
    "importlib.metadata",
    "tarfile",
}
FOR_BUILD = {"buildpack.network", "layers", "subprocess"}


@pytest.mark.parametrize(
    ("phase", "needless"),
    [("buildpack.detect", FOR_AN_INSTALL | FOR_BUILD), ("buildpack.build", FOR_AN_INSTALL)],
)
def test_what_is_not_needed_is_not_loaded(phase: str, needless: set[str]) -> None:
    command = [sys.executable, "-I", "-B", "-c", LIST.format(phase), str(ROOT)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert phase in loaded
    assert needless.intersection(loaded) == set()
