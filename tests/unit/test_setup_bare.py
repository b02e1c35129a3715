"""The command line of scripts/bare."""

import pytest

from scripts.toolchain import bare
from scripts.toolchain.errors import SetupError


def test_options_and_command() -> None:
    given = ["--env", "A=1", "--", "sh", "-c", "scripts/try -- x"]
    assert bare.split(given) == (["--env", "A=1"], ["sh", "-c", "scripts/try -- x"])
    assert bare.split(["--", "scripts/try"]) == ([], ["scripts/try"])


@pytest.mark.parametrize("given", [[], ["scripts/try"], ["--env", "A=1", "--"]])
def test_no_command(given: list[str]) -> None:
    with pytest.raises(SetupError) as problem:
        bare.split(given)
    assert str(problem.value) == (
        "scripts/bare needs a command after two dashes. For example: scripts/bare -- scripts/try"
    )
