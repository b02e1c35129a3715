"""How the bytes of a file become code: encodings, line ends, sizes, newer grammar."""

from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, PYTHON, found, make, word

from buildpack.app_finder import Found, UserWord, find_app
from buildpack.errors.app_source import NewerSyntax


@pytest.mark.parametrize("encoding", ["latin-1", "iso-8859-15", "cp1252", "utf-8", "koi8-r", "gbk"])
def test_declared_encoding(tmp_path: Path, encoding: str) -> None:
    source = f"# -*- coding: {encoding} -*-\n{FLASK}app = Flask('x')  # ".encode()
    text = {"koi8-r": "ж", "gbk": "中"}.get(encoding, "é")
    assert found(tmp_path, {"main.py": source + text.encode(encoding)}).variable == "app"


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf" + APP.encode(),
        b"\xef\xbb\xbf# coding: utf-8\n" + APP.encode(),
        APP.replace("\n", "\r\n").encode(),
        APP.replace("\n", "\r").encode(),
        b"\x0c" + APP.encode(),
        b"#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n" + APP.encode() + b"# \xe9\n",
        APP.encode() + b"# no line end",
    ],
    ids=["BOM", "BOM and coding", "CRLF", "CR", "form feed", "coding in line 2", "no line end"],
)
def test_forms_of_text(tmp_path: Path, source: bytes) -> None:
    result = found(tmp_path, {"main.py": source})
    assert (result.variable, result.origin.text) == ("app", "app = Flask(__name__)")


def test_warnings_of_the_parser_are_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found(tmp_path, {"main.py": APP + "x = '\\d' is 1\n"})
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("said", ["APP_MODULE=main:app", "MODULE_NAME=main"])
def test_file_too_large_is_taken_on_the_users_word(tmp_path: Path, said: str) -> None:
    result = found(tmp_path, {"main.py": APP + "#" * 1_000_000}, said)
    assert (result.app_module, result.framework) == ("main:app", "unknown")
    assert result.explain == (
        f"{said}, from pack build --env",
        "main:app is taken on your word: main.py is too large to be searched for the app",
    )


NEW = APP + "def f():\n    x = 1\n    type X = \n    y = 2\n" + "class A:\n    pass\n"


def test_newer_grammar_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, {"main.py": NEW + "app.extra = 1\n"})
    result = find_app(tmp_path, UserWord(), app_python=(3, 99), our_python=PYTHON)
    assert isinstance(result, Found)
    assert result.app_module == "main:app"


def test_newer_grammar_everywhere(tmp_path: Path) -> None:
    broken = "".join(f"x{n} = = 1\n" for n in range(30))
    make(tmp_path, {"main.py": FLASK + broken})
    with pytest.raises(NewerSyntax) as caught:
        find_app(tmp_path, UserWord(), app_python=(3, 99), our_python=PYTHON)
    assert (
        caught.value.explanation.render()
        == """\
Error: main.py can't be read here

Flaskpack finds the app by reading its code, and this file is on the way to it.
The app runs on Python 3.99, but the builder reads its code with Python 3.13, which refuses it.

Found:
  main.py:2, `x0 = = 1`
  invalid syntax

What to do:
  1. Name the app yourself, then the file needn't be read:
     pack build --env APP_MODULE=the.module:the_variable
  2. Or write main.py in a form that older Pythons know too.
"""
    )
    named = find_app(tmp_path, word("APP_MODULE=main:app"), (3, 99), PYTHON)
    assert isinstance(named, Found)
    assert named.app_module == "main:app"
