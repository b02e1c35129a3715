"""The packaged buildpack: what goes in, in which form."""

import zipfile
from pathlib import Path

import pytest

from scripts.toolchain import package, vendor
from scripts.toolchain.engine import Wheels
from scripts.toolchain.errors import SetupError
from scripts.toolchain.interpreter import Interpreter
from scripts.toolchain.vendor import Vendored

WHEEL = "meinheld-1.0.2+flaskpack.1-cp3{}-cp3{}-manylinux_2_17_x86_64.whl"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repository"
    for name in (
        *("LICENSE", "buildpack.toml", "bin/detect", "buildpack/cli.py"),
        *("buildpack/__pycache__/cli.pyc", "buildpack/.cli.py.swp", "layers/web/launch/start"),
        *("tests/test_it.py", ".git/config", "README.md"),
    ):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(name)
    (top / "bin" / "detect").chmod(0o700)
    (top / "buildpack" / "cli.py").chmod(0o600)
    return top


@pytest.fixture
def vendored(tmp_path: Path) -> Vendored:
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheels = {
        "uv-0.13.9-py3-none-musllinux_1_1_x86_64.whl": [
            *("uv/__init__.py", "uv-0.13.9.data/scripts/uv", "uv-0.13.9.data/scripts/uvx"),
            *("uv-0.13.9.dist-info/METADATA", "uv-0.13.9.dist-info/licenses/LICENSE-MIT"),
        ],
        "toml-0.10.2-py2.py3-none-any.whl": [
            *("toml/__init__.py", "toml-0.10.2.dist-info/LICENSE"),
        ],
    }
    for wheel, members in wheels.items():
        with zipfile.ZipFile(folder / wheel, "w") as archive:
            for member in members:
                archive.writestr(member, member)
    (folder / GUNICORN).write_bytes(b"as it is")
    return Vendored(folder, {"uv": "0.13.9", "toml": "0.10.2", "gunicorn": "27.0.1"})


GUNICORN = "gunicorn-27.0.1-py3-none-any.whl"


def test_of_the_repository_only_what_a_build_needs(repository: Path) -> None:
    assert package.gather(repository) == {
        "LICENSE": (b"LICENSE", 0o644),
        "bin/detect": (b"bin/detect", 0o755),
        "buildpack/cli.py": (b"buildpack/cli.py", 0o644),
        "buildpack.toml": (b"buildpack.toml", 0o644),
        "layers/web/launch/start": (b"layers/web/launch/start", 0o644),
    }


def test_half_a_checkout_is_refused(repository: Path) -> None:
    (repository / "LICENSE").unlink()
    with pytest.raises(SetupError) as problem:
        package.gather(repository)
    assert str(problem.value) == f"LICENSE is missing in {repository}. Take a whole checkout"


def test_what_is_carried_along(vendored: Vendored, tmp_path: Path) -> None:
    wheels = [tmp_path / WHEEL.format(minor, minor) for minor in (9, 13)]
    for wheel in wheels:
        wheel.write_bytes(wheel.name.encode())
    runs_on = tmp_path / "interpreter"
    for name in ("python", "lib/os.pyc", "licenses/python"):
        (runs_on / name).parent.mkdir(parents=True, exist_ok=True)
        (runs_on / name).write_text(name)
    built = Wheels(tuple(wheels), missing=())
    assert package.carried(vendored, built, Interpreter(runs_on, "3.13.5-2")) == {
        "vendor/bin/uv": (b"uv-0.13.9.data/scripts/uv", 0o755),
        "vendor/interpreter/lib/os.pyc": (b"lib/os.pyc", 0o644),
        "vendor/interpreter/python": (b"python", 0o755),
        "vendor/licenses/python/LICENSE": (b"licenses/python", 0o644),
        "vendor/licenses/toml/LICENSE": (b"toml-0.10.2.dist-info/LICENSE", 0o644),
        "vendor/licenses/uv/LICENSE-MIT": (b"uv-0.13.9.dist-info/licenses/LICENSE-MIT", 0o644),
        "vendor/python/toml/__init__.py": (b"toml/__init__.py", 0o644),
        f"vendor/wheels/{GUNICORN}": (b"as it is", 0o644),
        **{f"vendor/wheels/{wheel.name}": (wheel.name.encode(), 0o644) for wheel in wheels},
        "vendor/versions.json": (
            b'{\n  "uv": "0.13.9",\n  "engine": "1.0.2+flaskpack.1",\n'
            b'  "interpreter": "3.13.5-2"\n}\n',
            0o644,
        ),
    }


def test_modes_and_dates_are_fixed(tmp_path: Path) -> None:
    top = tmp_path / "flaskpack"
    package.write({"bin/build": (b"#!", 0o755), "LICENSE": (b"MIT", 0o644)}, top)
    package.settle(top)
    found = {
        path.relative_to(tmp_path).as_posix(): (oct(path.stat().st_mode), path.stat().st_mtime)
        for path in [top, *top.rglob("*")]
    }
    assert found == {
        "flaskpack": ("0o40755", 315532800),
        "flaskpack/LICENSE": ("0o100644", 315532800),
        "flaskpack/bin": ("0o40755", 315532800),
        "flaskpack/bin/build": ("0o100755", 315532800),
    }


def test_versions_stand_in_the_lock() -> None:
    lock = "toml==0.10.2 \\\n    --hash=sha256:aa\nuv==0.13.9 \\\n    --hash=sha256:bb\n"
    assert vendor.pinned(lock) == {"toml": "0.10.2", "uv": "0.13.9"}
