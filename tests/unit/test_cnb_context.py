"""The lifecycle's inputs, as the specification lays them out."""

from pathlib import Path

import pytest

from buildpack.cnb.context import (
    BuildContext,
    PlanEntry,
    Target,
    read_build_context,
    read_detect_context,
)
from buildpack.cnb.platform import Binding, bindings_root, read_bindings, read_env
from buildpack.errors.platform import MissingVariable


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for folder in ("app", "platform/env", "layers", "buildpack"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "plan.toml").write_text(
        '[[entries]]\nname = "flask"\n[entries.metadata]\nv = "1"\n'
    )
    (tmp_path / "buildpack/buildpack.toml").write_text('[buildpack]\nversion = "0.1.0"\n')
    monkeypatch.chdir(tmp_path / "app")
    return {
        "CNB_BUILDPACK_DIR": str(tmp_path / "buildpack"),
        "CNB_PLATFORM_DIR": str(tmp_path / "platform"),
        "CNB_LAYERS_DIR": str(tmp_path / "layers"),
        "CNB_BP_PLAN_PATH": str(tmp_path / "plan.toml"),
        "CNB_BUILD_PLAN_PATH": str(tmp_path / "build_plan.toml"),
        "CNB_TARGET_OS": "linux",
        "CNB_TARGET_ARCH": "arm64",
        "CNB_TARGET_DISTRO_NAME": "debian",
        "CNB_TARGET_DISTRO_VERSION": "13",
        "BP_STACK_PYTHON": "3.13",
    }


def test_the_inputs_of_build(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "platform/env/BP_REFRESH").write_text("true\n")
    (tmp_path / "layers/venv.toml").write_text('[metadata]\ndigest = "0f"\n')
    (tmp_path / "layers/damaged.toml").write_text("metadata = 5\n")
    (tmp_path / "layers/store.toml").write_text('[metadata]\npython = "3.13"\n')
    binding = tmp_path / "platform/bindings/index"
    binding.mkdir(parents=True)
    (binding / "type").write_text("pip\n")
    context = read_build_context(environ)
    assert context == BuildContext(
        app_dir=tmp_path / "app",
        buildpack_dir=tmp_path / "buildpack",
        buildpack_version="0.1.0",
        layers_dir=tmp_path / "layers",
        target=Target("linux", "arm64", "debian", "13"),
        platform_env={"BP_REFRESH": "true\n"},
        builder_env=environ,
        bindings=(Binding("index", "pip", None, binding),),
        plan=(PlanEntry("flask", {"v": "1"}),),
        restored={"damaged": {}, "venv": {"digest": "0f"}},
        store={"python": "3.13"},
    )


def test_the_inputs_of_detect(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "platform/env/APP_MODULE").write_text("app.main:app")
    context = read_detect_context(environ)
    assert context.app_dir == tmp_path / "app"
    assert context.build_plan_path == tmp_path / "build_plan.toml"
    assert context.platform_env == {"APP_MODULE": "app.main:app"}


@pytest.mark.parametrize(
    "name", ["CNB_BUILDPACK_DIR", "CNB_PLATFORM_DIR", "CNB_LAYERS_DIR", "CNB_BP_PLAN_PATH"]
)
def test_a_variable_that_the_lifecycle_owes_us(environ: dict[str, str], name: str) -> None:
    del environ[name]
    with pytest.raises(MissingVariable) as caught:
        read_build_context(environ)
    assert caught.value.explanation.title == f"{name} is not set"


def test_an_architecture_is_known_without_the_lifecycle(environ: dict[str, str]) -> None:
    del environ["CNB_TARGET_ARCH"]
    assert read_build_context(environ).target.arch in {"amd64", "arm64"}


def test_values_of_the_platform_are_verbatim(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "env/A").write_bytes(b" a\n")
    (tmp_path / "env/B").write_bytes(b"\xff")
    (tmp_path / "env/folder").mkdir()
    assert read_env(tmp_path) == {"A": " a\n", "B": "\udcff"}


def test_no_platform_folder_is_no_variables(tmp_path: Path) -> None:
    assert read_env(tmp_path / "absent") == {}


def test_bindings_are_read_from_where_the_platform_says(tmp_path: Path) -> None:
    assert bindings_root(tmp_path, {}) == tmp_path / "bindings"
    assert bindings_root(tmp_path, {"SERVICE_BINDING_ROOT": "/b"}) == Path("/b")


def test_a_binding_has_a_type_and_secrets(tmp_path: Path) -> None:
    for name, files in {
        "index": {"type": "pip\n", "provider": "us\n", "pip.conf": "[global]\n"},
        "..data": {"type": "pip"},
        "typeless": {"secret": "x"},
    }.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    (binding,) = read_bindings(tmp_path)
    assert (binding.name, binding.type, binding.provider) == ("index", "pip", "us")
    assert binding.secret("pip.conf") == tmp_path / "index/pip.conf"
    assert binding.secret("absent") is None
