"""What the documents lead to is there: files, headings in them, parts of the soak."""

import re
from pathlib import Path

import pytest
from harness.soak import PARTS

from benchmarks.soak import matrix

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("engine/*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```", re.DOTALL)
_FOLDERS = "benchmarks|buildpack|builder|docs|engine|examples|scripts|tests"
_FILE = re.compile(rf"`((?:{_FOLDERS})/[\w./-]+)")
_PART = re.compile(r"--part (\w+)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page: Path) -> None:
    broken = []
    for link in _LINK.findall(_CODE.sub("", page.read_text())):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, heading = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists():
            broken.append(link)
        elif heading:
            text = _CODE.sub("", target.read_text())
            if heading not in map(anchor, _HEADING.findall(text)):
                broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named(page: Path) -> None:
    # A page in a folder may name what is in it from there.
    places = (ROOT, page.parent)
    named = _FILE.findall(page.read_text())
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_parts_of_the_soak_that_are_named() -> None:
    named = {part for page in PAGES for part in _PART.findall(page.read_text())}
    assert named
    assert named - {*PARTS, matrix.PART} == set()
