"""What stays in the environment's layer once uv has made it."""

import importlib.util
import json
import marshal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from support.contexts import build_context

from buildpack.dependencies import Addition
from buildpack.interpreter import Interpreter
from buildpack.network import Network
from buildpack.requirements import read_requirements, without_engine
from buildpack.uv import Uv, UvFailed
from layers import venv, wheels
from layers.venv.making import make
from layers.venv.recipe import Recipe

PYTHON = Interpreter(Path(sys.executable), "3.13.5", "cpython", "glibc", "2.41")
SITE = "lib/python3.13/site-packages"


@dataclass(frozen=True)
class OfflineUv(Uv):
    """Leaves the files that uv leaves; the engine's step brings a package with ``source``."""

    source: str = "https://host/tiny.whl"

    def make_venv(self, python: Path, venv: Path) -> None:  # noqa: ARG002  uv's own signature
        (venv / SITE).mkdir(parents=True)
        (venv / "bin").mkdir()
        (venv / "bin/python").symlink_to("/usr/bin/python3")
        for name in ("bin/activate", "bin/activate.bat", "bin/pydoc.bat", ".gitignore"):
            (venv / name).touch()

    def install(
        self,
        venv: Path,
        *arguments: str,  # noqa: ARG002
        variables: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> None:
        (venv / ".lock").touch()
        (venv / "bin/activate-global-completion").touch()
        info = venv / SITE / "tiny-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Name: tiny\nVersion: 1.0\n")
        (info / "direct_url.json").write_text(json.dumps({"url": self.source}))
        (info / "RECORD").write_text("tiny.py,,\ntiny-1.0.dist-info/direct_url.json,,\n")

        for module in MODULES:
            (venv / SITE / module).parent.mkdir(parents=True, exist_ok=True)
            (venv / SITE / module).write_text("x = 1\n")


MODULES = ("tiny/__init__.py", "tiny/tests/test_tiny.py", "tiny/tests/deeper/data.py", "tests.py")


def made(root: Path, source: str) -> Path:
    context = build_context(root)
    cached = wheels.open_wheels(context, {})
    uv = OfflineUv(Path("/absent"), cached.work, root, Network(), {}, source)
    recipe = Recipe(PYTHON, None, (), "meinheld==1", root, {})
    assert make(context, recipe, uv, cached).versions == {"tiny": "1.0"}
    return venv.folder(context)


def test_a_dependencys_own_program_stays(tmp_path: Path) -> None:
    folder = made(tmp_path, "https://host/tiny.whl")
    assert sorted(path.name for path in folder.iterdir()) == ["bin", "lib"]
    programs = sorted(path.name for path in (folder / "bin").iterdir())
    assert programs == ["activate-global-completion", "python"]
    assert (folder / "bin/python").readlink() == PYTHON.path


def test_packages_are_compiled_but_not_their_tests(tmp_path: Path) -> None:
    root = tmp_path / "tests"  # a folder above the layer's doesn't count
    root.mkdir()
    site = made(root, "https://host/tiny.whl") / SITE
    compiled = {path.relative_to(site) for path in site.rglob("*.pyc")}
    sources = {importlib.util.source_from_cache(str(path)) for path in compiled}
    assert sources == {"tests.py", "tiny/__init__.py"}
    for path in compiled:  # unchecked-hash: nobody edits a package, and dates are of 1980
        assert (site / path).read_bytes()[4:8] == bytes([1, 0, 0, 0])


def test_a_package_has_a_layer_of_its_own(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    cached = wheels.open_wheels(context, {})
    uv = ListingUv(Path("/absent"), cached.work, tmp_path, Network(), {})
    recipe = Recipe(PYTHON, None, (), "tiny==1", tmp_path, {"Python": "3.13.5"})
    built = make(context, recipe, uv, cached)
    (layer,) = built.packages
    assert (layer.name, built.layer.metadata["packages"]) == (
        "site-packages-0001",
        ["site-packages-0001"],
    )
    site = venv.folder(context) / SITE
    part = context.layers_dir / "site-packages-0001/part" / SITE
    assert (site / "tiny").readlink() == part / "tiny"
    compiled = {path.relative_to(part) for path in part.rglob("*.pyc")}
    assert len(compiled) == 2
    for path in compiled:  # tracebacks name the environment, and nothing is renamed at a start
        code = marshal.loads((part / path).read_bytes()[16:])
        assert code.co_filename == importlib.util.source_from_cache(str(site / path))


@dataclass(frozen=True)
class ListingUv(OfflineUv):
    """Its package lists every file, and comes from an index."""

    def install(
        self,
        venv: Path,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        super().install(venv, *arguments, variables=variables)
        info = venv / SITE / "tiny-1.0.dist-info"
        (info / "direct_url.json").unlink()
        (venv / "bin/activate-global-completion").unlink()
        files = [*MODULES, f"{info.name}/METADATA", f"{info.name}/RECORD"]
        (info / "RECORD").write_text("".join(f"{file},,10\n" for file in files))


def test_a_package_that_does_not_list_all_of_its_files_stays(tmp_path: Path) -> None:
    folder = made(tmp_path, "https://host/tiny.whl")
    assert not any(path.is_symlink() for path in (folder / SITE).iterdir())
    assert not list(tmp_path.glob("layers/site-packages-*"))


@pytest.mark.parametrize(
    ("source", "record"),
    [
        ("https://host/tiny.whl", "tiny.py,,\ntiny-1.0.dist-info/direct_url.json,,\n"),
        ("https://host/tiny.whl?sig=s3cr3t", "tiny.py,,\n"),
    ],
)
def test_an_address_with_a_query_is_not_kept(tmp_path: Path, source: str, record: str) -> None:
    info = made(tmp_path, source) / SITE / "tiny-1.0.dist-info"
    assert (info / "RECORD").read_text() == record
    assert (info / "direct_url.json").exists() == ("direct_url" in record)


@dataclass(frozen=True)
class RecordingUv(OfflineUv):
    """Notes each install: its arguments, the file of what is added, the variables."""

    def install(
        self,
        venv: Path,  # noqa: ARG002  uv's own signature
        *arguments: str,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        additions = self.home / "additions.txt"
        text = additions.read_text() if additions.exists() else ""
        calls.append((arguments, text, dict(variables or {})))


calls: list[tuple[tuple[str, ...], str, dict[str, str]]] = []


def test_what_is_added_comes_from_the_users_indexes(tmp_path: Path) -> None:
    calls.clear()
    context = build_context(tmp_path)
    lines = "--index-url https://${TOKEN}@host/simple\n--trusted-host host\n--require-hashes\n"
    (context.app_dir / "requirements.txt").write_text(lines)
    values = {"TOKEN": "s3cr3t"}
    user = without_engine(
        read_requirements(context.app_dir, PurePosixPath("requirements.txt"), values)
    )
    gunicorn = Addition("gunicorn", "gunicorn==27.0.1", "the server")
    recipe = Recipe(PYTHON, user, (gunicorn,), None, tmp_path, {})
    cached = wheels.open_wheels(context, {})
    make(
        context, recipe, RecordingUv(Path("/absent"), cached.work, tmp_path, Network(), {}), cached
    )
    arguments, text, variables = calls[1]
    assert arguments == (
        *("-r", str(tmp_path / "additions.txt"), "-c", str(tmp_path / "frozen.txt")),
        *("--allow-insecure-host", "host"),
    )
    assert text == (
        "# requirements.txt:1\n"
        "--index-url https://${FLASKPACK_REQUIREMENT_TOKEN}@host/simple\n"
        "gunicorn==27.0.1\n"
    )
    assert variables == {"FLASKPACK_REQUIREMENT_TOKEN": "s3cr3t"}


def test_what_is_carried_asks_no_index(tmp_path: Path) -> None:
    calls.clear()
    context = build_context(tmp_path)
    gunicorn = Addition("gunicorn", "gunicorn==27.0.1", "the server")
    flask = Addition("flask", "flask==3.1.3", "the app imports it")
    recipe = Recipe(
        PYTHON, None, (flask, gunicorn), "meinheld==1", tmp_path / "wheels", {}, (gunicorn,)
    )
    cached = wheels.open_wheels(context, {})
    uv = RecordingUv(Path("/absent"), cached.work, tmp_path, Network(), {})
    make(context, recipe, uv, cached)
    (_, text, _), (arguments, _, _) = calls
    assert text == "flask==3.1.3\n"
    assert arguments == (
        *("--offline", "--no-deps", "--no-index", "--find-links", str(tmp_path / "wheels")),
        *("gunicorn==27.0.1", "meinheld==1"),
    )


def test_what_is_carried_and_there_already_is_not_installed(tmp_path: Path) -> None:
    calls.clear()
    context = build_context(tmp_path)
    tiny = Addition("tiny", "tiny==2.0", "a test")
    recipe = Recipe(PYTHON, None, (tiny,), None, tmp_path, {}, (tiny,))
    cached = wheels.open_wheels(context, {})
    uv = BringingUv(Path("/absent"), cached.work, tmp_path, Network(), {})
    assert make(context, recipe, uv, cached).versions == {"tiny": "1.0"}
    assert calls == []


@dataclass(frozen=True)
class BringingUv(RecordingUv):
    """A new environment has a package in it, as after the user's requirements."""

    def make_venv(self, python: Path, venv: Path) -> None:
        super().make_venv(python, venv)
        info = venv / SITE / "tiny-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Name: tiny\nVersion: 1.0\n")
        (info / "RECORD").write_text("")


@dataclass(frozen=True)
class FailingUv(OfflineUv):
    """Fails halfway, as on a full disk."""

    def install(
        self,
        venv: Path,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        super().install(venv, *arguments, variables=variables)
        raise UvFailed(1, "error: No space left on device")


def test_a_failure_leaves_no_half_of_an_environment(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    cached = wheels.open_wheels(context, {})
    uv = FailingUv(Path("/absent"), cached.work, tmp_path, Network(), {})
    recipe = Recipe(PYTHON, None, (), "meinheld==1", tmp_path, {})
    with pytest.raises(UvFailed):
        make(context, recipe, uv, cached)
    assert not (context.layers_dir / "venv").exists()
