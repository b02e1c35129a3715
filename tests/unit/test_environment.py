"""When the environment is taken over, when it is installed, and what is said of it."""

import datetime
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from support.contexts import build_context

from buildpack import environment
from buildpack.cnb.context import BuildContext
from buildpack.dependencies import Addition, Dependencies
from buildpack.environment import provide
from buildpack.errors import FlaskpackError
from buildpack.interpreter import Interpreter
from buildpack.network import Network
from buildpack.requirements import read_requirements
from buildpack.settings import Settings
from buildpack.vendored import Vendored

PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")
NOTHING = Dependencies(None, (), (Addition("gunicorn", "gunicorn==27.0.1", "the server"),))
WHEEL = "meinheld-1.0.2+flaskpack.1-cp313-cp313-manylinux_2_17_x86_64.whl"


@pytest.fixture
def vendored(tmp_path: Path) -> Vendored:
    """A uv that must not be run."""
    program = tmp_path / "uv"
    program.write_text("#!/bin/sh\necho 'error: uv was run'\nexit 1\n")
    program.chmod(0o755)
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / WHEEL).touch()
    return Vendored(program, "0.13.9", "1.0.2+flaskpack.1", tmp_path / "wheels")


def restored(root: Path, vendored: Vendored, gunicorn: str = "27.0.1") -> BuildContext:
    """A context with the environment of an earlier build, made with the same inputs."""
    key = environment._key(
        build_context(root), PYTHON, NOTHING, vendored, vendored.wheels / WHEEL, SETTINGS
    )
    metadata = {
        "key": [{"name": name, "digest": digest} for name, digest in key.items()],
        "versions": {"gunicorn": gunicorn, "meinheld": "1.0.2+flaskpack.1"},
        "packages": [],
    }
    made_for = {
        "uv": "0.13.9",
        "Python": "cp313",
        "C library": "glibc 2.41",
        "target": "linux/amd64 debian 13",
    }
    wheels = {"made_for": made_for, "resolved": ""}
    return build_context(root, {"venv": metadata, "wheels": wheels})


SETTINGS = Settings(refresh=False, network=Network())


def test_an_unchanged_key_takes_the_environment_over(
    tmp_path: Path, vendored: Vendored, capsys: pytest.CaptureFixture[str]
) -> None:
    context = restored(tmp_path, vendored)
    provided = provide(context, PYTHON, NOTHING, vendored, SETTINGS)
    assert provided.worker_class == "egg:meinheld#gunicorn_worker"
    assert provided.venv.layer.metadata == context.restored["venv"]
    assert not (tmp_path / "layers/venv").exists()
    assert capsys.readouterr().out == (
        "  Nothing changed: the last build's environment is kept, no installer runs\n"
    )


@pytest.mark.parametrize(
    ("libc", "distro", "kept"),
    [("2.41", "13", True), ("2.36", "13", False), ("2.41", "12", False)],
)
def test_wheels_that_were_built_on_another_system_are_dropped(
    tmp_path: Path, vendored: Vendored, libc: str, distro: str, kept: bool
) -> None:
    """They may be linked against libraries of another version."""
    context = restored(tmp_path, vendored)
    context = replace(context, target=replace(context.target, distro_version=distro))
    python = replace(PYTHON, libc_version=libc)
    wheel = tmp_path / "layers/wheels/sdists-v9/old.whl"
    wheel.parent.mkdir(parents=True)
    wheel.touch()
    with pytest.raises(FlaskpackError):
        provide(context, python, NOTHING, vendored, Settings(refresh=True, network=Network()))
    assert wheel.exists() is kept


def test_an_old_gunicorn_gets_the_class_by_its_path(tmp_path: Path, vendored: Vendored) -> None:
    context = restored(tmp_path, vendored, gunicorn="20.1.0")
    provided = provide(context, PYTHON, NOTHING, vendored, SETTINGS)
    assert provided.worker_class == "meinheld.gmeinheld.MeinheldWorker"


@pytest.mark.parametrize(
    ("python", "settings", "reason"),
    [
        (
            Interpreter(PYTHON.path, "3.13.6", "cpython", "glibc", "2.41"),
            SETTINGS,
            "Python 3.13.5 became 3.13.6",
        ),
        (
            Interpreter(PYTHON.path, "3.13.5", "cpython", "glibc", "2.42"),
            SETTINGS,
            "the C library glibc 2.41 became glibc 2.42",
        ),
        (
            PYTHON,
            Settings(False, Network(index={"UV_INDEX": "https://i"})),
            "the list of named package indexes is set now",
        ),
        (PYTHON, Settings(True, Network()), "BP_REFRESH is set"),
    ],
)
def test_a_change_is_told_before_anything_is_installed(
    tmp_path: Path,
    vendored: Vendored,
    capsys: pytest.CaptureFixture[str],
    python: Interpreter,
    settings: Settings,
    reason: str,
) -> None:
    context = restored(tmp_path, vendored)
    with pytest.raises(FlaskpackError):
        provide(context, python, NOTHING, vendored, settings)
    assert capsys.readouterr().out == f"  Installing: {reason}\n"
    # Neither half an environment nor uv's folders: nothing is declared, nothing is left.
    assert not (tmp_path / "layers/uv-home").exists()
    assert not (tmp_path / "layers/uv-cache").exists()


def test_without_a_wheel_the_fallback_is_loud(
    tmp_path: Path, vendored: Vendored, capsys: pytest.CaptureFixture[str]
) -> None:
    musl = Interpreter(PYTHON.path, "3.13.5", "cpython", "", "")
    with pytest.raises(FlaskpackError):
        provide(build_context(tmp_path), musl, NOTHING, vendored, SETTINGS)
    assert capsys.readouterr().out.startswith(
        "  Warning: There is no engine for cpython 3.13.5 on amd64 with another libc: "
        "gunicorn's gthread worker takes its place\n"
    )


def test_another_wheel_of_the_same_version_is_a_reason(
    tmp_path: Path, vendored: Vendored, capsys: pytest.CaptureFixture[str]
) -> None:
    context = restored(tmp_path, vendored)
    (tmp_path / "wheels" / WHEEL).write_text("patched")
    with pytest.raises(FlaskpackError):
        provide(context, PYTHON, NOTHING, vendored, SETTINGS)
    assert capsys.readouterr().out == "  Installing: the engine's wheel changed\n"


def test_what_is_replaced_is_told_without_its_credentials(
    tmp_path: Path, vendored: Vendored, capsys: pytest.CaptureFixture[str]
) -> None:
    context = build_context(tmp_path)
    pin = "meinheld @ https://user:hunter2@host.example/meinheld-1.0.2.tar.gz"
    (context.app_dir / "requirements.txt").write_text(pin + "\n")
    requirements = read_requirements(context.app_dir, PurePosixPath("requirements.txt"))
    with pytest.raises(FlaskpackError):
        provide(context, PYTHON, Dependencies(requirements, (), ()), vendored, SETTINGS)
    said = capsys.readouterr().out
    assert "requirements.txt:1: meinheld @ https://****@host.example/" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("resolved", "words"),
    [("2026-11-23", "0 days"), ("2026-11-22", "1 day"), ("2026-12-01", "0 days")],
)
def test_the_age_of_an_environment(resolved: str, words: str) -> None:
    assert environment._age(resolved, datetime.date(2026, 11, 23)) == words


def test_what_the_engine_replaces_is_told_without_its_hashes(
    tmp_path: Path, vendored: Vendored, capsys: pytest.CaptureFixture[str]
) -> None:
    context = build_context(tmp_path)
    hashes = "".join(f" \\\n    --hash=sha256:{digit * 64}" for digit in "ab")
    (context.app_dir / "requirements.txt").write_text(f"meinheld==1.0.2{hashes}\n")
    requirements = read_requirements(context.app_dir, PurePosixPath("requirements.txt"))
    with pytest.raises(FlaskpackError):
        provide(context, PYTHON, Dependencies(requirements, (), ()), vendored, SETTINGS)
    assert capsys.readouterr().out.splitlines()[0] == (
        "  requirements.txt:1: meinheld==1.0.2 is left out, the engine, meinheld"
        " 1.0.2+flaskpack.1, takes its place"
    )
