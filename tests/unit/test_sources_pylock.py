"""Groups and extras of a pylock.toml, as PEP 751 has them, and what it may not say."""

from pathlib import Path

import pytest
from support.lock_files import PYLOCK, TARGET, error

from buildpack.requirements import without_engine
from buildpack.requirements.markers import marker_holds
from buildpack.sources import read_source

GROUPS = Path(__file__).parent / "locks" / "pylock-groups"
ALWAYS = [
    "six==1.17.0",
    "tool @ git+https://host.example/tool.git@0123456789abcdef0123456789abcdef01234567"
    "#subdirectory=py",
    "asset @ https://host.example/asset-1.0.tar.gz",
]


@pytest.mark.parametrize(
    ("settings", "more"),
    [
        ({}, []),
        ({"BP_GROUPS": "main"}, []),
        ({"BP_GROUPS": "dev"}, ["iniconfig==2.1.0"]),
        (
            {"BP_GROUPS": "dev", "BP_EXTRAS": "HTTP"},
            ["--extra-index-url https://index.example/simple", "idna==3.10", "iniconfig==2.1.0"],
        ),
    ],
)
def test_groups_and_extras(settings: dict[str, str], more: list[str]) -> None:
    source = read_source(GROUPS, settings, TARGET)
    assert source is not None
    lines = without_engine(source.requirements).requirements.splitlines()
    plain = [line.split(" --hash")[0] for line in lines if not line.startswith("# ")]
    assert sorted(plain) == sorted([*ALWAYS, *more])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("hashes = { sha256", "hashes = { md5", " holds a file without a hash."),
        ("sdist =", "other =", " holds a package without any file."),
        ('version = "1.17.0"', 'version = "1 17"', ":2 holds a version that isn't one."),
        ('name = "six"', 'name = "six six"', ":2 holds a name that no package can have."),
        ('"ff70"', '"ff70 --pre"', ":2 holds a hash of six that isn't one."),
    ],
)
def test_what_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = error(tmp_path, {"pylock.toml": PYLOCK.replace(old, new, 1)})
    assert f"pylock.toml{problem}" in text.splitlines()


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("extra == 'PDF'", True),
        ("extra != 'pdf'", False),
        ("extra == 'web'", False),
        ("extra == ''", False),
        ("'pdf' in extras", True),
        ("'web' in extras", False),
        ("'web' not in extras", True),
        ("'dev' in dependency_groups", True),
        ("'pdf' in dependency_groups", False),
        ("'dev' in dependency_groups and python_version < '3'", False),
    ],
)
def test_markers_know_what_is_asked_for(marker: str, holds: bool) -> None:
    assert marker_holds(marker, TARGET, {"pdf"}, {"dev"}) is holds
