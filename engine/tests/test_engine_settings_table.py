"""docs/gunicorn.md names each setting that gunicorn has, and a test proves each of its rows."""

import re
from pathlib import Path

import pytest
from harness.environments import output

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parents[1] / "docs" / "gunicorn.md"
WORKERS, NOBODYS = "## Settings of a worker", "## Settings that no worker of this class reads"


def rows(heading: str) -> dict[str, str]:
    """``{setting: since}`` of the table below a heading."""
    section = DOCUMENT.read_text().partition(f"{heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {
        name: since.strip() for names, _, since in lines for name in re.findall(r"`(\w+)`", names)
    }


@pytest.fixture(scope="module")
def settings(installed: Path) -> set[str]:
    """What the installed gunicorn has."""
    code = "from gunicorn.config import KNOWN_SETTINGS as all; print(*{each.name for each in all})"
    return set(output([str(installed), "-c", code]).split())


def test_each_setting_of_this_gunicorn_is_named(settings: set[str]) -> None:
    assert settings - rows(WORKERS).keys() - rows(NOBODYS).keys() == set()


def test_settings_are_there_since_when_the_table_says(
    settings: set[str], gunicorn: tuple[int, ...]
) -> None:
    named = rows(WORKERS) | rows(NOBODYS)

    assert settings == {name for name, since in named.items() if _has(gunicorn, since)}


def _has(gunicorn: tuple[int, ...], since: str) -> bool:
    if since == "all":
        return True
    if since.endswith(" only"):
        return gunicorn[0] == int(since.removesuffix(" only"))
    return gunicorn >= tuple(map(int, since.split(".")))


def test_no_setting_is_named_twice() -> None:
    names = [
        name
        for line in DOCUMENT.read_text().splitlines()
        if re.match(r"\| `\w+`.*\| ([\d.]+|22 only|all) \|$", line)
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]

    assert sorted(set(names)) == sorted(names)
    assert set(names) == rows(WORKERS).keys() | rows(NOBODYS).keys()


def test_each_row_of_a_worker_is_proven() -> None:
    marked: set[str] = set()
    for module in TESTS.glob("test_engine_*.py"):
        text = module.read_text()
        for names in re.findall(r"@pytest\.mark\.setting\((.*?)\)\n(?:@|def )", text, re.DOTALL):
            marked |= set(re.findall(r'"(\w+)"', names))
        if "@pytest.mark.setting(*REFUSED)" in text:
            marked |= set(re.findall(r'^    "(\w+)": \(', text, re.MULTILINE))

    assert rows(WORKERS).keys() - marked == set()
    assert marked - rows(WORKERS).keys() == set()
