# ruff: noqa: E501 (messages as they are printed)

"""Source files of a Flask project that Python can't parse: the whole message."""

from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, Files, refused

CASES: dict[str, tuple[Files, str, str]] = {
    "never closed": (
        {"main.py": FLASK + "app = Flask(\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:2, `app = Flask(`
  '(' was never closed

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "Python 2, and a good main.py after it": (
        {"app/main.py": "import flask\nprint 'x'\n", "main.py": APP},
        "",
        """\
Error: app/main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  app/main.py:2, `print 'x'`
  Missing parentheses in call to 'print'. Did you mean print(...)?

What to do:
  1. Correct app/main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "no word of Flask, but it is required": (
        {"main.py": "from a import (\n", "requirements.txt": "flask\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:1, `from a import (`
  '(' was never closed

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "in an imported file": (
        {"main.py": "from core import app  # flask\n", "core.py": "def\n"},
        "",
        """\
Error: core.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  core.py:1, `def`
  invalid syntax

What to do:
  1. Correct core.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "a merge conflict": (
        {"main.py": "from flask import Flask\n<<<<<<< HEAD\napp = Flask(__name__)\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:2, `<<<<<<< HEAD`
  a merge conflict was left in it

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "deep nesting": (
        {"main.py": APP + "x = " + "-" * 100000 + "1\n"},
        "",
        """\
Error: main.py is nested too deeply

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python's own parser gives up on it.

Found:
  main.py

What to do:
  1. Break up its longest expressions or its chains of elif.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "300 parentheses": (
        {"main.py": APP + "(" * 300 + ")" * 300 + "\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:3, `(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…`
  too many nested parentheses

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "a tab in the line": (
        {"main.py": APP + "\tx\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:3, `x`
  unexpected indent

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "a long line": (
        {"main.py": APP + "x = = " + "1 + " * 100 + "\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:3, `x = = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 +…`
  invalid syntax

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "escape sequences in the line": (
        {"main.py": APP + "x = = '\x1b[31m\x07'\n"},
        "",
        """\
Error: main.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  main.py:3, `x = = '\\x1b[31m\\x07'`
  invalid syntax

What to do:
  1. Correct main.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "5 MB": (
        {"main.py": APP + "#" * 5_000_000, "requirements.txt": "flask"},
        "",
        """\
Error: main.py is too large to be searched for the app

Flaskpack finds the app by reading its code, and this file is on the way to it.
Files over 1,000,000 bytes or 50,000 words aren't read.

Found:
  main.py: 5,000,046 bytes

What to do:
  1. Name the app yourself, then the file needn't be read:
     pack build --env APP_MODULE=the.module:the_variable
  2. Or move what makes it large (data, generated code) into a module of its own.
""",
    ),
    "too many words": (
        {"main.py": APP + "a = 1\n" * 60_000},
        "",
        """\
Error: main.py is too large to be searched for the app

Flaskpack finds the app by reading its code, and this file is on the way to it.
Files over 1,000,000 bytes or 50,000 words aren't read.

Found:
  main.py: 360,046 bytes with more than 50,000 words

What to do:
  1. Name the app yourself, then the file needn't be read:
     pack build --env APP_MODULE=the.module:the_variable
  2. Or move what makes it large (data, generated code) into a module of its own.
""",
    ),
}


@pytest.mark.parametrize(("files", "said", "text"), CASES.values(), ids=list(CASES))
def test_message(tmp_path: Path, files: Files, said: str, text: str) -> None:
    assert refused(tmp_path, files, said) == text
