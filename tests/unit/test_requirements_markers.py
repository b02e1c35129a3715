"""What is required on the target, and whether its gunicorn can run."""

from pathlib import Path, PurePosixPath

import pytest

from buildpack.errors.requirements import GunicornTooOldError
from buildpack.requirements import (
    GunicornAdvice,
    Requirements,
    Target,
    check_gunicorn,
    directly_required,
    read_requirements,
)
from buildpack.requirements.markers import marker_holds

ROOT = PurePosixPath("requirements.txt")
TARGET = Target("3.13.5", "x86_64")
MARKERS = {
    "": True,
    "python_version >= '3.9'": True,
    "python_version < '3.9'": False,
    'python_version<"3.13"': False,
    "python_version == '3.13'": True,
    "python_version == '3.*'": True,
    "python_version != '3.13'": False,
    "python_version ~= '3.9'": True,
    "python_version > '3.9' and python_version < '3.14'": True,
    "python_version < '3.9' or python_version > '3.12'": True,
    "python_full_version >= '3.13.6'": False,
    "python_full_version == '3.13.5'": True,
    "sys_platform == 'linux'": True,
    "sys_platform != 'win32'": True,
    "'linux' == sys_platform": True,
    "platform_system == 'Windows'": False,
    "os_name == 'nt'": False,
    "platform_python_implementation == 'PyPy'": False,
    "implementation_name == 'cpython'": True,
    "platform_machine in 'x86_64 aarch64'": True,
    "platform_machine not in 'arm64'": True,
    "platform_machine == 'aarch64'": False,
    "extra == 'dev'": False,
    "(python_version < '3' or sys_platform == 'linux') and os_name == 'posix'": True,
    "((((python_version < '4'))))": True,
    # Decided by the part that is known:
    "platform_release == 'x' and python_version < '3'": False,
    "platform_release == 'x' or python_version > '3'": True,
    # Left to the installer:
    "platform_release == 'x'": None,
    "platform_release == 'x' and python_version > '3'": None,
    "python_version in '3.12 3.13'": True,
    "'3.9' <= python_version": None,
    "sys_platform > 'a'": None,
    "python_version": None,
    "python_version >=": None,
    "python_version >= '3' and": None,
    "python_version >= 3": None,
    "python_version >= 'x'": None,
    "(python_version >= '3'": None,
    "python_version >= '3')": None,
    "python_version is '3'": None,
    "unknown == '3'": None,
    "§": None,
    "(" * 10_000: None,
    "os_name not '3'": None,
}


@pytest.mark.parametrize(("marker", "holds"), MARKERS.items(), ids=[m[:60] for m in MARKERS])
def test_markers(marker: str, holds: bool | None) -> None:
    assert marker_holds(marker, TARGET) is holds


def read(app: Path, text: str, constraints: str = "") -> Requirements:
    (app / "requirements.txt").write_text(text)
    (app / "c.txt").write_text(constraints)
    return read_requirements(app, ROOT)


def test_what_is_required_directly(tmp_path: Path) -> None:
    (tmp_path / "own_lib-1.0.tar.gz").write_text("")
    text = """
-c c.txt
Flask.SQLAlchemy[x]>=3
six ; python_version < '3.9'
idna ; platform_release > '5'
b @ git+https://h.example/b
git+https://h.example/c#egg=c
git+https://h.example/d
./own_lib-1.0.tar.gz
"""
    assert directly_required(read(tmp_path, text, "gunicorn==23"), TARGET) == {
        "flask-sqlalchemy",
        "idna",
        "b",
        "c",
        "own-lib",
    }


HOLES = (
    "gunicorn before 22 has known holes (CVE-2024-1135, CVE-2024-6827: requests smuggled past a"
    " proxy when one of its own workers is used); write gunicorn>=22"
)
WARNING = f"requirements.txt:1: {HOLES}"
FINE = GunicornAdvice()
WARNED = GunicornAdvice((), WARNING)
WITH_SETUPTOOLS = GunicornAdvice(("setuptools<82",), WARNING)
WORKS = {
    "flask": FINE,
    "gunicorn": FINE,
    "gunicorn>=20": FINE,
    "gunicorn==22.0.0": FINE,
    "gunicorn==23.*": FINE,
    "gunicorn<24": FINE,
    "gunicorn~=25.0": FINE,
    "gunicorn==99": FINE,
    "gunicorn==19.123": FINE,
    "gunicorn @ git+https://h.example/gunicorn": FINE,
    "gunicorn==19.9.0 ; python_version < '3'": FINE,
    "gunicorn==21.2.0": WARNED,
    "gunicorn<22": WARNED,
    "gunicorn>=20,<22": WARNED,
    "gunicorn~=21.0": WARNED,
    "gunicorn==21.*": WARNED,
    "gunicorn==20.1.0": WITH_SETUPTOOLS,
    "gunicorn==20.0.4": WITH_SETUPTOOLS,
    "gunicorn[gthread]>=20,<21": WITH_SETUPTOOLS,
    "gunicorn~=20.0.0": WITH_SETUPTOOLS,
}


@pytest.mark.parametrize(("line", "advice"), WORKS.items())
def test_gunicorns_that_run(tmp_path: Path, line: str, advice: GunicornAdvice) -> None:
    assert check_gunicorn(read(tmp_path, line), TARGET) == advice


def test_a_pin_in_a_constraints_file(tmp_path: Path) -> None:
    advice = check_gunicorn(read(tmp_path, "gunicorn\n-c c.txt", "gunicorn==20.1.0"), TARGET)
    assert advice == WITH_SETUPTOOLS


def test_a_setuptools_that_is_old_enough_already(tmp_path: Path) -> None:
    for text in ("gunicorn==20.1.0\nsetuptools==80.9.0", "gunicorn==20.1.0\nsetuptools<82"):
        assert check_gunicorn(read(tmp_path, text), TARGET) == WARNED
    newer = "gunicorn==20.1.0\nsetuptools"
    assert check_gunicorn(read(tmp_path, newer), TARGET) == WITH_SETUPTOOLS


def test_nothing_can_be_added_to_a_list_with_hashes(tmp_path: Path) -> None:
    text = "gunicorn==20.1.0\n--require-hashes\n"
    with pytest.raises(GunicornTooOldError) as raised:
        check_gunicorn(read(tmp_path, text), TARGET)
    assert raised.value.explanation.happened == (
        "gunicorn 20.1 doesn't run on Python 3.13.5: it needs setuptools<82, which the list with"
        " hashes doesn't have."
    )
    assert check_gunicorn(read(tmp_path, text + "setuptools==80.9.0"), TARGET) == WARNED


def test_the_oldest_gunicorn_runs_on_old_pythons(tmp_path: Path) -> None:
    for pin, python in (("19.10.0", "3.11.7"), ("19.0", "3.10.13"), ("19.9.0", "3.9.2")):
        requirements = read(tmp_path, f"gunicorn=={pin}")
        assert check_gunicorn(requirements, Target(python)) == WITH_SETUPTOOLS


TOO_OLD = [
    ("gunicorn==19.9.0", "3.13.5", "19.9", "its gunicorn.six can't be imported since Python 3.12"),
    ("gunicorn<20", "3.12.1", "19.10", "its gunicorn.six can't be imported since Python 3.12"),
    (
        "gunicorn==19.7.1",
        "3.11.2",
        "19.7.1",
        "it calls inspect.getargspec, which Python 3.11 has no more",
    ),
    (
        "gunicorn==18.0",
        "3.9.2",
        "18.0",
        "it has no threads setting, which the engine's worker asks for",
    ),
]


@pytest.mark.parametrize(("line", "python", "version", "reason"), TOO_OLD)
def test_gunicorns_that_do_not_run(
    tmp_path: Path, line: str, python: str, version: str, reason: str
) -> None:
    with pytest.raises(GunicornTooOldError) as raised:
        check_gunicorn(read(tmp_path, line), Target(python))
    assert raised.value.explanation.render() == (
        "Error: gunicorn is too old for this Python\n\n"
        f"gunicorn {version} doesn't run on Python {python}: {reason}.\n\n"
        f"Found:\n  requirements.txt:1: {line}\n\n"
        "What to do:\n  Write this in place of that line: gunicorn>=22\n"
    )
