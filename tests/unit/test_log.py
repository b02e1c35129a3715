"""What a build prints: one stream, nothing that acts on a terminal."""

import pytest

from buildpack import log


def test_the_form_of_a_build(capsys: pytest.CaptureFixture[str]) -> None:
    log.title("Flaskpack 0.1.0")
    log.section("App")
    log.line("main.py:3")
    log.warning("Python 3.9 has reached its end of life\nwrite 3.13 into .python-version")
    log.block("Error: no\n")
    assert capsys.readouterr().out == (
        "Flaskpack 0.1.0\n"
        "\n"
        "App\n"
        "  main.py:3\n"
        "  Warning: Python 3.9 has reached its end of life\n"
        "    write 3.13 into .python-version\n"
        "\n"
        "Error: no\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("naïve — ok", "naïve — ok"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\rb\tc", "a\\rb\\tc"),
        ("\udcff.py", "\\xff.py"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_could_act_on_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert log.printable(text) == shown
