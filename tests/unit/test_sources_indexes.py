"""Which indexes a project without a lock is installed from."""

from pathlib import Path

import pytest
from support.lock_files import read

from buildpack.requirements import without_engine

UV = '[project]\nname = "own"\ndependencies = ["six"]\n'
POETRY = '[tool.poetry.dependencies]\nsix = "*"\n'


def lines(folder: Path, project: str) -> list[str]:
    (folder / "wheels").mkdir()
    source = read(folder, {"pyproject.toml": project})
    assert source is not None
    text = without_engine(source.requirements).requirements
    return [line for line in text.splitlines() if not line.startswith("# ")]


@pytest.mark.parametrize(
    ("settings", "written"),
    [
        ('index-url = "https://a/simple"', ["--index-url https://a/simple"]),
        ('index-url = "https://pypi.org/simple"', []),
        (
            'extra-index-url = ["https://a/simple", "https://b/simple"]',
            ["--extra-index-url https://a/simple", "--extra-index-url https://b/simple"],
        ),
        (
            'find-links = ["https://a/links", "wheels"]',
            ["--find-links https://a/links", "--find-links file://{app}/wheels"],
        ),
        ("no-index = true", ["--no-index"]),
        (
            '[[tool.uv.index]]\nurl = "https://a/links"\nformat = "flat"',
            ["--find-links https://a/links"],
        ),
        (
            '[[tool.uv.index]]\nurl = "wheels"\nformat = "flat"',
            ["--find-links file://{app}/wheels"],
        ),
        (
            '[[tool.uv.index]]\nurl = "https://a/simple"\ndefault = true',
            ["--index-url https://a/simple"],
        ),
    ],
)
def test_uvs_settings(tmp_path: Path, settings: str, written: list[str]) -> None:
    given = lines(tmp_path, f"{UV}[tool.uv]\n{settings}\n")
    assert given == [*(line.format(app=tmp_path) for line in written), "six"]


def source(name: str, priority: str = "") -> str:
    priority = priority and f'priority = "{priority}"\n'
    url = "" if name == "PyPI" else f'url = "https://{name}/simple"\n'
    return f'[[tool.poetry.source]]\nname = "{name}"\n{url}{priority}'


@pytest.mark.parametrize(
    ("sources", "written"),
    [
        # A source of one's own is asked in place of the public index …
        ([source("a")], ["--index-url https://a/simple"]),
        ([source("a", "primary")], ["--index-url https://a/simple"]),
        ([source("a", "default")], ["--index-url https://a/simple"]),
        (
            [source("a"), source("b", "primary")],
            ["--extra-index-url https://a/simple", "--index-url https://b/simple"],
        ),
        # … unless that is named as well, or the source is only a further one.
        ([source("a"), source("PyPI")], ["--extra-index-url https://a/simple"]),
        ([source("a", "supplemental")], ["--extra-index-url https://a/simple"]),
        ([source("a", "secondary")], ["--extra-index-url https://a/simple"]),
        (
            [source("a", "supplemental"), source("b")],
            ["--extra-index-url https://a/simple", "--index-url https://b/simple"],
        ),
        ([source("a", "explicit")], []),
        (
            [source("PyPI", "explicit"), source("a", "supplemental")],
            ["--extra-index-url https://a/simple"],
        ),
    ],
)
def test_poetrys_sources(tmp_path: Path, sources: list[str], written: list[str]) -> None:
    assert lines(tmp_path, POETRY + "".join(sources)) == [*written, "six"]
