"""docs/wsgi.md names tests that exist, and all tests of the modules about WSGI."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parents[1] / "docs" / "wsgi.md"


def defined(pattern: str) -> set[str]:
    """The names of the tests in modules whose names fit."""
    return {
        node.name
        for module in TESTS.glob(pattern)
        for node in ast.parse(module.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def rows() -> list[list[str]]:
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named() -> set[str]:
    return {name for *_, tests in rows() for name in re.findall(r"`(\w+)`", tests)}


def test_tests_that_are_named_exist() -> None:
    assert named() - defined("test_engine_*.py") == set()


def test_tests_about_wsgi_are_named() -> None:
    assert defined("test_engine_wsgi*.py") - defined(Path(__file__).name) - named() == set()


def test_each_row_has_a_test() -> None:
    headings = {"requirement", "name"}

    assert len(rows()) > 30
    assert [row for row in rows() if row[0] not in headings and "`test_" not in row[2]] == []
    assert {len(row) for row in rows()} == {3}
