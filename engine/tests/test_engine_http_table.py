"""docs/http.md names cases and tests that exist, and has a row for each rule that a case names."""

import ast
import re
from pathlib import Path

from harness.cases import CASES

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parents[1] / "docs" / "http.md"
CASE_NAMES = {case.name for case in CASES}


def defined() -> set[str]:
    """The names of all tests of the engine, and of their modules."""
    modules = list(TESTS.glob("test_engine_*.py"))
    trees = [ast.parse(module.read_text()) for module in modules]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {module.name for module in modules} | {node.name for node in functions}


def rows() -> dict[str, list[list[str]]]:
    """``{RFC's number: rows}``, a row of section, requirement, what is done, proof."""
    found: dict[str, list[list[str]]] = {}
    for part in DOCUMENT.read_text().split("\n## RFC ")[1:]:
        lines = [line for line in part.partition("\n## ")[0].splitlines() if line.startswith("| ")]
        cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]
        found[part[:4]] = cells
    return found


def proofs() -> list[str]:
    return [row[3] for section in rows().values() for row in section]


def named() -> set[str]:
    return {name for proof in proofs() for name in re.findall(r"`([^`]+)`", proof)}


def test_cases_and_tests_that_are_named_exist() -> None:
    assert named() - CASE_NAMES - defined() == set()


def test_each_row_has_a_proof_or_a_reason() -> None:
    counts = {number: len(section) for number, section in rows().items()}

    assert {len(row) for section in rows().values() for row in section} == {4}
    assert sum(counts.values()) > 90
    assert [
        proof for proof in proofs() if "`" not in proof and not proof.startswith("none: ")
    ] == []


def test_each_rule_of_a_case_has_a_row() -> None:
    sections = {
        f"{number} {section}"
        for number, section_rows in rows().items()
        for row in section_rows
        for section in row[0].split(", ")
    }
    cited = {
        f"{number} {section}"
        for case in CASES
        for number, list_ in re.findall(r"RFC (\d+) ([\d.]+(?:, [\d.]+)*)", case.rule)
        for section in list_.split(", ")
    }

    assert cited - sections == set()
