"""The options of scripts/setup."""

import pytest

from scripts.toolchain.__main__ import options
from scripts.toolchain.errors import SetupError


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {}),
        (["--builders"], {"builders": True}),
        (["--renew", "--builders"], {"renew": True, "builders": True}),
    ],
)
def test_what_set_up_is_told(arguments: list[str], expected: dict[str, bool]) -> None:
    assert options(arguments) == expected


def test_another_word_is_refused() -> None:
    with pytest.raises(SetupError) as problem:
        options(["--renew", "--fast", "now"])
    assert str(problem.value) == (
        "scripts/setup doesn't know --fast now. It takes --builders and --renew"
    )
