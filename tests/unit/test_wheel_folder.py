"""An app's own folder of packages: when it counts, and what is said when something lacks."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from support.package_index import sdist, wheel
from uv import find_uv_bin

from buildpack import wheel_folder
from buildpack.interpreter import Interpreter
from buildpack.requirements import InstallerInput, read_requirements, without_engine
from buildpack.wheel_folder import WheelFolder
from buildpack.wheel_folder_failure import explain_missing

PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")
SDIST = sdist("demo", "1.0", "pass").data
ARCHIVE = io.BytesIO()
with tarfile.open(fileobj=ARCHIVE, mode="w:gz") as archive:
    archive.addfile(tarfile.TarInfo("jquery-3.7.1/dist.js"))
WHEEL = "demo-1.0-py3-none-any.whl"


def find(app: Path, files: Mapping[str, bytes], requirements: str = "") -> WheelFolder | None:
    for name, content in files.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(content)
    (app / "requirements.txt").write_text(requirements)
    return wheel_folder.find(app, read_requirements(app, PurePosixPath("requirements.txt")))


@pytest.mark.parametrize(
    ("files", "packages"),
    [
        ({}, ()),
        ({"vendor/jquery.min.js": b"", "vendor/deep/demo-1.0-py3-none-any.whl": b""}, ()),
        ({"vendor/jquery-3.7.1.tar.gz": ARCHIVE.getvalue(), "vendor/b-1.zip": b""}, ()),
        ({"vendor/broken-1.0.tar.gz": b"no archive"}, ()),
        ({f"packages/{WHEEL}": b""}, ()),
        ({f"wheels/{WHEEL}": b"", "wheels/README": b""}, (f"wheels/{WHEEL}",)),
        ({"vendor/demo-1.0.tar.gz": SDIST}, ("vendor/demo-1.0.tar.gz",)),
        (
            {f"wheels/{WHEEL}": b"", "wheels/other-2.zip": b"", "vendor/demo-1.0.tar.gz": SDIST},
            (f"wheels/{WHEEL}", "wheels/other-2.zip", "vendor/demo-1.0.tar.gz"),
        ),
    ],
)
def test_what_counts(tmp_path: Path, files: Mapping[str, bytes], packages: tuple[str, ...]) -> None:
    found = find(tmp_path, files)
    assert tuple(map(str, found.packages if found else ())) == packages


@pytest.mark.parametrize(
    "line", [f"./wheels/{WHEEL}", "--find-links wheels", "--find-links ./wheels\n--no-index"]
)
def test_a_folder_that_the_requirements_name_is_theirs(tmp_path: Path, line: str) -> None:
    assert find(tmp_path, {f"wheels/{WHEEL}": b""}, line + "\n") is None


def test_a_folder_outside_of_the_app_does_not_count(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / WHEEL).touch()
    app = tmp_path / "app"
    app.mkdir()
    (app / "wheels").symlink_to(outside)
    assert find(app, {}) is None


def test_what_uv_is_told_and_what_the_key_covers(tmp_path: Path) -> None:
    files = {f"wheels/{WHEEL}": b"one", f"vendor/{WHEEL}": b""}
    found = find(tmp_path, files)
    assert found is not None
    assert found.shown == "wheels/ and vendor/"
    assert found.arguments() == (
        "--no-index",
        *("--find-links", str(tmp_path / "wheels")),
        *("--find-links", str(tmp_path / "vendor")),
    )
    other = find(tmp_path, files | {f"wheels/{WHEEL}": b"two"})
    assert other is not None
    assert list(found.keyed()) == ["wheels/", "vendor/"]
    assert found.keyed()["wheels/"].endswith(" used")
    assert found.keyed()["wheels/"] != other.keyed()["wheels/"]
    assert found.keyed()["vendor/"] == other.keyed()["vendor/"]


DOWNLOAD = (
    "pip download --dest wheels --only-binary=:all: --implementation cp --python-version 3.13"
    " --platform manylinux_2_34_x86_64 --platform manylinux_2_28_x86_64"
    " --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64"
)
TEXT = """\
Error: wheels/ lacks a package

The app brings its packages along in wheels/, so no index is asked. {happened}

Found:
{found}

What to do:
  1. Put it there, where there is a network, with what it depends on:
     {download}
  2. If wheels/ isn't meant to replace the index, name it in requirements.txt, and both are used:
     --find-links ./wheels
"""


@pytest.mark.parametrize(
    ("line", "happened", "found", "needed"),
    [
        (
            "gunicorn==27.0.1",
            "It has no gunicorn==27.0.1 that can be used. The app runs on Python 3.13, x86_64"
            " with glibc 2.41.",
            "  requirements.txt:1: gunicorn==27.0.1",
            "gunicorn==27.0.1",
        ),
        (
            "demo",
            "It has no dep>=2 that can be used. Needed by: demo. None of the files that are there"
            " fits it on Python 3.13, x86_64 with glibc 2.41.",
            "  wheels/dep-1.0-py3-none-any.whl",
            "'dep>=2'",
        ),
        (
            "dep==3",
            "It has no dep==3 that can be used. None of the files that are there fits it on"
            " Python 3.13, x86_64 with glibc 2.41.",
            "  requirements.txt:1: dep==3\n  wheels/dep-1.0-py3-none-any.whl",
            "dep==3",
        ),
        (
            "abi",
            "It has no abi that can be used. None of the files that are there fits it on"
            " Python 3.13, x86_64 with glibc 2.41.",
            "  requirements.txt:1: abi\n  wheels/abi-1.0-cp39-cp39-manylinux_2_17_x86_64.whl",
            "abi",
        ),
        (
            "windows",
            "It has no windows that can be used. None of the files that are there fits it on"
            " Python 3.13, x86_64 with glibc 2.41.",
            "  requirements.txt:1: windows\n  wheels/windows-1.0-py3-none-win_amd64.whl",
            "windows",
        ),
    ],
)
def test_what_lacks_is_named(
    tmp_path: Path, line: str, happened: str, found: str, needed: str
) -> None:
    packages = (
        wheel("demo", "1.0", ("dep>=2",)),
        wheel("dep", "1.0"),
        wheel("abi", "1.0", tag="cp39-cp39-manylinux_2_17_x86_64"),
        wheel("windows", "1.0", tag="py3-none-win_amd64"),
    )
    app = tmp_path / "app"
    app.mkdir()
    folder = find(app, {f"wheels/{p.file}": p.data for p in packages}, line + "\n")
    assert folder is not None
    given = without_engine(read_requirements(app, PurePosixPath("requirements.txt")))
    error = explain_missing(failure(tmp_path, folder, given), folder, PYTHON, "amd64", given)
    assert error is not None
    assert error.explanation.render() == TEXT.format(
        happened=happened, found=found, download=f"{DOWNLOAD} {needed}"
    )


def test_another_failure_is_left_to_others(tmp_path: Path) -> None:
    folder = find(tmp_path, {f"wheels/{WHEEL}": b""})
    assert folder is not None
    assert explain_missing("error: No space left\n", folder, PYTHON, "amd64", None) is None


def failure(root: Path, folder: WheelFolder, given: InstallerInput) -> str:
    """uv's own words."""
    (root / "requirements.txt").write_text(given.requirements)
    done = subprocess.run(
        [
            *(find_uv_bin(), "--no-progress", "--color", "never", "pip", "install"),
            *("--python", sys.executable, "--target", str(root / "target")),
            *("-r", str(root / "requirements.txt"), *folder.arguments()),
        ],
        env={"PATH": "/usr/bin:/bin", "HOME": str(root), "UV_NO_CONFIG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr
