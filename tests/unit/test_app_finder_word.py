# ruff: noqa: E501 (messages as they are printed)

"""Settings at build time that name nothing: the whole message."""

from pathlib import Path

import pytest
from support.app_projects import APP, Files, refused

CASES: dict[str, tuple[Files, str, str]] = {
    "APP_MODULE file": (
        {"app/main.py": APP},
        "APP_MODULE=app/main.py:app",
        """\
Error: APP_MODULE has a value that names no app

It wants a dotted name, not a file's.

Found:
  APP_MODULE=app/main.py:app, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "APP_MODULE empty var": (
        {"app/main.py": APP},
        "APP_MODULE=app.main:",
        """\
Error: APP_MODULE has a value that names no app

The variable is a name, app, or a call with literal arguments, create_app() or create_app("x").

Found:
  APP_MODULE=app.main:, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "APP_MODULE empty mod": (
        {"app/main.py": APP},
        "APP_MODULE=:app",
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=:app, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "APP_MODULE no colon": (
        {"main.py": APP},
        "APP_MODULE=main",
        """\
Error: APP_MODULE leads to no app

main.py has no application at its top level, the name that gunicorn takes where none is given.

Found:
  APP_MODULE=main, from pack build --env
  main.py:2, `app = Flask(__name__)`

What to do:
  Write APP_MODULE=main:app
""",
    ),
    "APP_MODULE space": (
        {"main.py": APP},
        "APP_MODULE=a b",
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=a b, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "APP_MODULE attr": (
        {"main.py": APP},
        "APP_MODULE=main:app.server",
        """\
Error: APP_MODULE has a value that names no app

The variable is a name, app, or a call with literal arguments, create_app() or create_app("x").

Found:
  APP_MODULE=main:app.server, from pack build --env

What to do:
  Write it like this: APP_MODULE=main:app
""",
    ),
    "APP_MODULE code": (
        {"main.py": APP},
        "APP_MODULE=main:f(open('x'))",
        """\
Error: APP_MODULE has a value that names no app

The variable is a name, app, or a call with literal arguments, create_app() or create_app("x").

Found:
  APP_MODULE=main:f(open('x')), from pack build --env

What to do:
  Write it like this: APP_MODULE=main:app
""",
    ),
    "APP_MODULE nowhere": (
        {"main.py": APP},
        "APP_MODULE=web.site:app",
        """\
Error: APP_MODULE leads to no file

The module web.site is not in the app's folder.

Found:
  APP_MODULE=web.site:app, from pack build --env
  neither web/site.py nor web/site/__init__.py, nor these in src/ or app/

What to do:
  1. Name a module of the project: app.main stands for app/main.py.
  2. Or leave APP_MODULE out: the app is looked for in the usual places.
""",
    ),
    "MODULE_NAME nowhere": (
        {"main.py": APP},
        "MODULE_NAME=site",
        """\
Error: MODULE_NAME leads to no file

The module site is not in the app's folder.

Found:
  MODULE_NAME=site, from pack build --env
  neither site.py nor site/__init__.py, nor these in src/ or app/

What to do:
  1. Name a module of the project: app.main stands for app/main.py.
  2. Or leave MODULE_NAME out: the app is looked for in the usual places.
""",
    ),
    "MODULE_NAME py": (
        {"main.py": APP},
        "MODULE_NAME=main.py",
        """\
Error: MODULE_NAME has a value that names no app

It wants a dotted name, not a file's.

Found:
  MODULE_NAME=main.py, from pack build --env

What to do:
  Write it like this: MODULE_NAME=main
""",
    ),
    "MODULE colon": (
        {"main.py": APP},
        "MODULE_NAME=main:app",
        """\
Error: MODULE_NAME has a value that names no app

It is the module alone; APP_MODULE takes both, the module and the variable.

Found:
  MODULE_NAME=main:app, from pack build --env

What to do:
  Write it like this: APP_MODULE=main:app
""",
    ),
    "VARIABLE bad": (
        {"main.py": APP},
        "VARIABLE_NAME=my-app",
        """\
Error: VARIABLE_NAME has a value that names no app

The variable is a name, app, or a call with literal arguments, create_app() or create_app("x").

Found:
  VARIABLE_NAME=my-app, from pack build --env

What to do:
  Write it like this: VARIABLE_NAME=app
""",
    ),
    "APP_MODULE with a name too long": (
        {"main.py": APP},
        "APP_MODULE=" + "a" * 600,
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "a relative module": (
        {"main.py": APP},
        "APP_MODULE=..main:app",
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=..main:app, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "a surrogate": (
        {"main.py": APP},
        "APP_MODULE=m\udcff:app",
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=m\\xff:app, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "control characters": (
        {"main.py": APP},
        "APP_MODULE=a\x1b[31m\nb:c",
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=a\\x1b[31m\\nb:c, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
}


@pytest.mark.parametrize(("files", "said", "text"), CASES.values(), ids=list(CASES))
def test_message(tmp_path: Path, files: Files, said: str, text: str) -> None:
    assert refused(tmp_path, files, said) == text
