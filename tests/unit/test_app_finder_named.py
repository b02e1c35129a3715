"""Settings at build time that lead to no app: the whole message."""

from pathlib import Path

import pytest
from support.app_projects import APP, FACTORY, FLASK, Files, refused

CASES: dict[str, tuple[Files, str, str]] = {
    "VARIABLE nowhere": (
        {"main.py": APP},
        "VARIABLE_NAME=api",
        """\
Error: VARIABLE_NAME leads to no app

None of the files where an app is looked for has api.

Found:
  VARIABLE_NAME=api, from pack build --env
  not in app/main.py
  not in main.py
  not in app.py
  not in wsgi.py
  not in application.py
  not in app/__init__.py, app/app.py, app/wsgi.py, app/application.py
  not in src/ (the same names), or the one package in it

What to do:
  Name the module too:
  pack build --env MODULE_NAME=the.module --env VARIABLE_NAME=api
""",
    ),
    "APP_MODULE var": (
        {"main.py": APP + "api = Flask('x')\n" + "def create_app():\n    return app\n"},
        "APP_MODULE=main:web",
        """\
Error: APP_MODULE leads to no app

main.py has no web at its top level.

Found:
  APP_MODULE=main:web, from pack build --env
  main.py:2, `app = Flask(__name__)`
  main.py:3, `api = Flask('x')`
  main.py:4, `def create_app():`

What to do:
  1. Write APP_MODULE=main:app
  2. Write APP_MODULE=main:api
  3. Write APP_MODULE=main:create_app()
""",
    ),
    "none in it": (
        {"main.py": "x = 1\n"},
        "MODULE_NAME=main",
        """\
Error: MODULE_NAME leads to no app

main.py has no app at its top level.

Found:
  MODULE_NAME=main, from pack build --env

What to do:
  1. Make the app there, in main.py: app = Flask(__name__)
  2. Or name the module that has it.
""",
    ),
    "factory uncalled": (
        {"main.py": FACTORY},
        "APP_MODULE=main:create_app",
        """\
Error: APP_MODULE names a factory that isn't called

gunicorn would call it with each request instead of once at the start.

Found:
  APP_MODULE=main:create_app, from pack build --env
  main.py:2, `def create_app():`

What to do:
  Write APP_MODULE=main:create_app()
""",
    ),
    "factory VARIABLE": (
        {"main.py": FACTORY},
        "VARIABLE_NAME=create_app",
        """\
Error: VARIABLE_NAME names a factory that isn't called

gunicorn would call it with each request instead of once at the start.

Found:
  VARIABLE_NAME=create_app, from pack build --env
  main.py:2, `def create_app():`

What to do:
  Write VARIABLE_NAME=create_app()
""",
    ),
    "factory missing": (
        {"main.py": FLASK + "def create_app(a, b):\n    return Flask('x')\n"},
        "APP_MODULE=main:create_app('x')",
        """\
Error: APP_MODULE calls a factory with the wrong arguments

It needs b too.

Found:
  APP_MODULE=main:create_app('x'), from pack build --env
  main.py:2, `def create_app(a, b):`

What to do:
  Write the arguments that the factory takes.
""",
    ),
    "factory surplus": (
        {"main.py": FACTORY},
        "APP_MODULE=main:create_app('x', debug=True)",
        """\
Error: APP_MODULE calls a factory with the wrong arguments

It doesn't take 'x', debug.

Found:
  APP_MODULE=main:create_app('x', debug=True), from pack build --env
  main.py:2, `def create_app():`

What to do:
  Write the arguments that the factory takes.
""",
    ),
    "app called": (
        {"main.py": APP},
        "APP_MODULE=main:app()",
        """\
Error: APP_MODULE calls an app as if it were a factory

gunicorn would call it once at the start, without a request.

Found:
  APP_MODULE=main:app(), from pack build --env
  main.py:2, `app = Flask(__name__)`

What to do:
  Write APP_MODULE=main:app
""",
    ),
    "asgi named": (
        {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"},
        "APP_MODULE=main:app",
        """\
Error: APP_MODULE names an app that can't be served as WSGI

It is made with FastAPI. Flaskpack serves Flask and other WSGI apps.

Found:
  APP_MODULE=main:app, from pack build --env
  main.py:2, `app = FastAPI()`

What to do:
  Name a Flask app, or build this project with another buildpack.
""",
    ),
    "asgi module": (
        {"main.py": "from quart import Quart\napp = Quart('x')\n"},
        "MODULE_NAME=main",
        """\
Error: MODULE_NAME names an app that can't be served as WSGI

It is made with Quart. Flaskpack serves Flask and other WSGI apps.

Found:
  MODULE_NAME=main, from pack build --env
  main.py:2, `app = Quart('x')`

What to do:
  Name a Flask app, or build this project with another buildpack.
""",
    ),
    "hidden named": (
        {"app.py": "", "app/main.py": APP},
        "APP_MODULE=app.main:app",
        """\
Error: app/main.py is hidden by app.py

The app is in app/main.py, but `import app` takes app.py.

Found:
  app/main.py
  app.py

What to do:
  Give one of the two another name, or take app.py away.
""",
    ),
    "a module in a broken file": (
        {"web.py": "def\n"},
        "MODULE_NAME=web",
        """\
Error: web.py is not valid Python

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python 3.13 refuses it.

Found:
  web.py:1, `def`
  invalid syntax

What to do:
  1. Correct web.py.
  2. Or name an app that doesn't need this file:
     pack build --env APP_MODULE=the.module:the_variable
""",
    ),
    "a variable from an extension": (
        {"main.py": FLASK + "from flask_cors import CORS\napp = Flask('a')\ncors = CORS(app)\n"},
        "APP_MODULE=main:cors",
        """\
Error: APP_MODULE names something that is no app

CORS works on the app that it gets, and gives back none.

Found:
  APP_MODULE=main:cors, from pack build --env
  main.py:4, `cors = CORS(app)`

What to do:
  Name the app itself.
""",
    ),
}


@pytest.mark.parametrize(("files", "said", "text"), CASES.values(), ids=list(CASES))
def test_message(tmp_path: Path, files: Files, said: str, text: str) -> None:
    assert refused(tmp_path, files, said) == text
