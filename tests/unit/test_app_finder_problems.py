# ruff: noqa: E501 (messages as they are printed)

"""Flask projects whose app can't be served as it is: the whole message."""

from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, Files, refused

CASES: dict[str, tuple[Files, str, str]] = {
    "two apps": (
        {"main.py": FLASK + "a = Flask('a')\nb = Flask('b')\n"},
        "",
        """\
Error: main.py has 2 apps, and none is called app

Which of them is to be served can't be told.

Found:
  a: main.py:2, `a = Flask('a')`
  b: main.py:3, `b = Flask('b')`

What to do:
  1. Say which one: pack build --env APP_MODULE=main:a
  2. Or call it app, in main.py: app = a
""",
    ),
    "two factories": (
        {
            "main.py": FLASK
            + "def one():\n    return Flask('a')\ndef two():\n    return Flask('b')\n"
        },
        "",
        """\
Error: main.py has 2 apps, and none is called app

Which of them is to be served can't be told.

Found:
  one(): main.py:2, `def one():`
  two(): main.py:4, `def two():`

What to do:
  1. Say which one: pack build --env 'APP_MODULE=main:one()'
  2. Or call it app, in main.py: app = one()
""",
    ),
    "two files": (
        {"a.py": APP, "b.py": APP},
        "",
        """\
Error: 2 files have an app

None of them is app/main.py, main.py or another usual place.

Found:
  a:app: a.py:2, `app = Flask(__name__)`
  b:app: b.py:2, `app = Flask(__name__)`

What to do:
  Say which one: pack build --env APP_MODULE=a:app
""",
    ),
    "a factory that needs arguments": (
        {"main.py": FLASK + "def create_app(config, *, debug):\n    return Flask('a')\n"},
        "",
        """\
Error: create_app can't be called without arguments

It makes the app, but has parameters without a default: config, debug.

Found:
  main.py:2, `def create_app(config, *, debug):`

What to do:
  1. Give them defaults in main.py.
  2. Or say what to call: pack build --env 'APP_MODULE=main:create_app(config=…, debug=…)'
""",
    ),
    "an extension's result": (
        {
            "main.py": FLASK
            + "from flask_talisman import Talisman\napp = Flask('a')\napp = Talisman(app)\n"
        },
        "",
        """\
Error: app in main.py is no app

Talisman works on the app that it gets, and gives back none.

Found:
  main.py:4, `app = Talisman(app)`

What to do:
  Keep the name app for the app itself, and give what Talisman gives back another name:
  extension = Talisman(app)
""",
    ),
    "an extension on a nameless app": (
        {"main.py": FLASK + "from flask_socketio import SocketIO\napp = SocketIO(Flask('a'))\n"},
        "",
        """\
Error: app in main.py is no app

SocketIO works on the app that it gets, and gives back none.

Found:
  main.py:3, `app = SocketIO(Flask('a'))`

What to do:
  Keep the name app for the app itself, and give what SocketIO gives back another name:
  extension = SocketIO(app)
""",
    ),
    "made when run as a script": (
        {
            "main.py": FLASK
            + "if __name__ == '__main__':\n    app = Flask(__name__)\n    app.run()\n"
        },
        "",
        """\
Error: The app in main.py can't be imported

It is made inside of a function, below `if __name__ == "__main__":`, or without a name: gunicorn needs a name at the top level of the file.

Found:
  main.py:3, `app = Flask(__name__)`

What to do:
  1. Make it at the top level of main.py: app = Flask(__name__)
  2. Or in a function that returns it and needs no arguments: def create_app():
  3. Or name it, if it gets its name in another way: pack build --env APP_MODULE=the.module:app
""",
    ),
    "made in a function": (
        {"main.py": FLASK + "def main():\n    app = Flask(__name__)\n    app.run()\nmain()\n"},
        "",
        """\
Error: The app in main.py can't be imported

It is made inside of a function, below `if __name__ == "__main__":`, or without a name: gunicorn needs a name at the top level of the file.

Found:
  main.py:3, `app = Flask(__name__)`

What to do:
  1. Make it at the top level of main.py: app = Flask(__name__)
  2. Or in a function that returns it and needs no arguments: def create_app():
  3. Or name it, if it gets its name in another way: pack build --env APP_MODULE=the.module:app
""",
    ),
    "from outside of the project": (
        {
            "main.py": "from superlib import create_app\napp = create_app()\n",
            "requirements.txt": "Flask==3\n",
        },
        "",
        """\
Error: Whether app in main.py is an app can't be told

What it is doesn't stand in the project's code.

Found:
  main.py:2, `app = create_app()`

What to do:
  If it is the app, say so: pack build --env APP_MODULE=main:app
""",
    ),
    "hidden by a package": (
        {"app.py": APP, "app/__init__.py": ""},
        "",
        """\
Error: app.py is hidden by app/__init__.py

The app is in app.py, but `import app` takes app/__init__.py.

Found:
  app.py
  app/__init__.py

What to do:
  Give one of the two another name, or take app/__init__.py away.
""",
    ),
    "flask.py": (
        {"main.py": APP, "flask.py": "x = 1\n"},
        "",
        """\
Error: flask.py hides the Flask library

from flask import Flask takes this file of the project, not the library.

Found:
  flask.py

What to do:
  Give it another name, main.py for example.
""",
    ),
}


@pytest.mark.parametrize(("files", "said", "text"), CASES.values(), ids=list(CASES))
def test_message(tmp_path: Path, files: Files, said: str, text: str) -> None:
    assert refused(tmp_path, files, said) == text
