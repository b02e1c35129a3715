"""The request parser under libFuzzer, for seconds; scripts/soak does it for hours."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import environments, parser_fuzz
from harness.parser_fuzz import Target


@pytest.fixture(scope="session")
def target() -> Target:
    """The parser as it is."""
    return parser_fuzz.ready(environments.tested_python())


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """The corpus as libFuzzer wants it."""
    folder = tmp_path / "corpus"
    parser_fuzz.spread(parser_fuzz.corpus(), folder)
    return folder


def test_corpus_finds_nothing(target: Target, inputs: Path) -> None:
    done = parser_fuzz.play(target, inputs)

    assert done.wrong == ()
    assert done.executed >= len(parser_fuzz.corpus())
    assert done.covered > 700


def test_mutations_of_the_corpus_find_nothing(target: Target, inputs: Path) -> None:
    done = parser_fuzz.fuzz(target, inputs, "-runs=10000", "-seed=1")

    assert done.wrong == ()
    assert done.executed >= 10_000


def test_corpus_is_small() -> None:
    corpus = parser_fuzz.corpus()

    assert len(corpus) == len(set(corpus))
    assert max(map(len, corpus)) <= parser_fuzz.LONGEST_KEPT
    assert parser_fuzz.CORPUS.stat().st_size < 300_000


def changed(file: str, right: str, wrong: str) -> Callable[[Path], None]:
    """Puts a mistake into a source, where there must be one place for it."""

    def change(tree: Path) -> None:
        path = tree / "meinheld" / "server" / file
        before, found, after = path.read_text().partition(right)
        assert found
        assert right not in after
        path.write_text(before + wrong + after)

    return change


FAULTS = {
    "a byte too far": (
        changed(
            "http_request_parser.c", "write_body(req, buf, len)", "write_body(req, buf, len + 1)"
        ),
        "parser_fuzz: a body is as long as its Content-Length",
    ),
    "an index too far": (
        changed("http_request_parser.c", "char tmp[HDR_MAX], ", "char tmp[8], "),
        "runtime error: index 8 out of bounds for type 'char[8]'",
    ),
    "other requests in pieces": (
        changed("http_request_parser.c", "    req->split_field = 1;\n", ""),
        "pieces give other requests",
    ),
    "lines that end elsewhere": (
        changed("input.c", "if (*start == '\\n')", "if (*start == 'l')"),
        "parser_fuzz: readline",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(target: Target, inputs: Path, tmp_path: Path, fault: str) -> None:
    change, said = FAULTS[fault]
    broken = dataclasses.replace(target, folder=tmp_path / "broken")
    parser_fuzz.compile_target(broken, change)

    assert any(said in line for line in parser_fuzz.play(broken, inputs).wrong)
