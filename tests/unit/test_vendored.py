"""Which of the packaged wheels fits which interpreter."""

import json
from pathlib import Path

import pytest

from buildpack.dependencies import GUNICORN
from buildpack.errors.platform import NotPackaged
from buildpack.interpreter import Interpreter
from buildpack.vendored import Vendored, fits, read_vendored

WHEEL = "meinheld-1.0.2+flaskpack.1-{}-{}-{}.whl"
MANYLINUX = WHEEL.format("cp313", "cp313", "manylinux_2_17_x86_64.manylinux2014_x86_64")
MUSLLINUX = WHEEL.format("cp313", "cp313", "musllinux_1_2_x86_64")


def python(version: str = "3.13.5", libc: str = "glibc", libc_version: str = "2.41") -> Interpreter:
    return Interpreter(Path("/usr/bin/python3"), version, "cpython", libc, libc_version)


@pytest.mark.parametrize(
    ("wheel", "interpreter", "arch", "fitting"),
    [
        (MANYLINUX, python(), "amd64", True),
        (MANYLINUX, python(libc_version="2.17"), "amd64", True),
        (MANYLINUX, python(libc_version="2.16"), "amd64", False),
        (MANYLINUX, python(libc="", libc_version=""), "amd64", False),
        (MANYLINUX, python(version="3.12.1"), "amd64", False),
        (MANYLINUX, python(), "arm64", False),
        (WHEEL.format("cp313", "cp313t", "manylinux_2_17_x86_64"), python(), "amd64", False),
        (WHEEL.format("cp313", "cp313", "manylinux_2_17_aarch64"), python(), "arm64", True),
        (
            MUSLLINUX,
            python(libc="musl", libc_version="1.2.5"),
            "amd64",
            True,
        ),
        (MUSLLINUX, python(libc="musl", libc_version="1.1.24"), "amd64", False),
        (MUSLLINUX, python(libc="musl", libc_version="1.2.5"), "arm64", False),
        (MUSLLINUX, python(), "amd64", False),
        (MANYLINUX, python(libc="musl", libc_version="1.2.5"), "amd64", False),
        ("flask-3.1.3-py3-none-any.whl", python(), "amd64", False),
    ],
)
def test_a_wheel_fits(wheel: str, interpreter: Interpreter, arch: str, fitting: bool) -> None:
    assert fits(wheel, interpreter, arch) is fitting


def test_a_packaged_buildpack(tmp_path: Path) -> None:
    for file, text in {
        "vendor/versions.json": json.dumps({"uv": "0.13.9", "engine": "1.0.2+flaskpack.1"}),
        "vendor/bin/uv": "",
        f"vendor/wheels/{MANYLINUX}": "",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    vendored = read_vendored(tmp_path)
    assert (vendored.uv_version, vendored.engine_version) == ("0.13.9", "1.0.2+flaskpack.1")
    assert vendored.engine_wheel(python(), "amd64") == tmp_path / "vendor/wheels" / MANYLINUX
    assert vendored.engine_wheel(python("3.14.0"), "amd64") is None


def test_a_wheel_that_is_carried(tmp_path: Path) -> None:
    (tmp_path / "gunicorn-27.0.1-py3-none-any.whl").touch()
    vendored = Vendored(tmp_path / "uv", "0.13.9", "1.0.2+flaskpack.1", tmp_path)
    assert vendored.has("gunicorn==27.0.1")
    assert not vendored.has("gunicorn==23.0.0")
    assert not vendored.has("flask==3.1.3")


def test_the_gunicorn_that_is_added_is_the_one_that_is_carried() -> None:
    pins = Path(__file__).parents[2] / "builder" / "vendor.txt"
    assert f"\n{GUNICORN} " in "\n" + pins.read_text()


@pytest.mark.parametrize("minor", range(9, 15))
@pytest.mark.parametrize(
    ("libc", "version", "platforms"),
    [
        ("glibc", "2.31", "manylinux_2_17_x86_64.manylinux2014_x86_64"),
        ("musl", "1.2.5", "musllinux_1_2_x86_64"),
    ],
)
def test_each_python_gets_its_own_wheel(
    tmp_path: Path, minor: int, libc: str, version: str, platforms: str
) -> None:
    for number in range(9, 15):
        for platform in ("manylinux_2_17_x86_64.manylinux2014_x86_64", "musllinux_1_2_x86_64"):
            tag = f"cp3{number}"
            (tmp_path / WHEEL.format(tag, tag, platform)).touch()
    vendored = Vendored(tmp_path / "uv", "0.13.9", "1.0.2+flaskpack.1", tmp_path)

    tag = f"cp3{minor}"
    expected = tmp_path / WHEEL.format(tag, tag, platforms)
    assert vendored.engine_wheel(python(f"3.{minor}.1", libc, version), "amd64") == expected


def test_a_checkout_is_no_packaged_buildpack(tmp_path: Path) -> None:
    with pytest.raises(NotPackaged) as caught:
        read_vendored(tmp_path)
    assert f"{tmp_path}: there is no vendor/versions.json" in caught.value.explanation.render()
    assert "run scripts/package" in caught.value.explanation.render()
