# ruff: noqa: E501 (messages as they are printed)

"""Projects as people really write them, that lead to no app."""

from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, Files, refused

REFUSED: dict[str, tuple[Files, str, str]] = {
    "globals()": (
        {"main.py": FLASK + "globals()['app'] = Flask('x')\n"},
        "",
        """\
Error: The app in main.py can't be imported

It is made inside of a function, below `if __name__ == "__main__":`, or without a name: gunicorn needs a name at the top level of the file.

Found:
  main.py:2, `globals()['app'] = Flask('x')`

What to do:
  1. Make it at the top level of main.py: app = Flask(__name__)
  2. Or in a function that returns it and needs no arguments: def create_app():
  3. Or name it, if it gets its name in another way: pack build --env APP_MODULE=the.module:app
""",
    ),
    "asgi same name": (
        {
            "main.py": FLASK + "from asgiref.wsgi import WsgiToAsgi\n"
            "app = Flask('x')\n"
            "app = WsgiToAsgi(app)\n"
        },
        "",
        """\
Error: The Flask app in main.py can only be reached as ASGI

WsgiToAsgi makes an ASGI app of it. Flaskpack serves WSGI apps.

Found:
  main.py:4, `app = WsgiToAsgi(app)`

What to do:
  Give the Flask app a name of its own, in main.py:
  app = Flask(__name__)
  asgi_app = WsgiToAsgi(app)
""",
    ),
    "partial": (
        {
            "main.py": FLASK + "from functools import partial\n"
            "def make(x):\n"
            "    return Flask(x)\n"
            "create_app = partial(make, 'x')\n"
        },
        "",
        """\
Error: Whether create_app() in main.py is an app can't be told

What it is doesn't stand in the project's code.

Found:
  main.py:5, `create_app = partial(make, 'x')`

What to do:
  If it is the app, say so: pack build --env 'APP_MODULE=main:create_app()'
""",
    ),
    "dict": (
        {"main.py": FLASK + "apps = {'a': Flask('a')}\napp = apps['a']\n"},
        "",
        """\
Error: Whether app in main.py is an app can't be told

What it is doesn't stand in the project's code.

Found:
  main.py:3, `app = apps['a']`

What to do:
  If it is the app, say so: pack build --env APP_MODULE=main:app
""",
    ),
    "async factory": (
        {"main.py": FLASK + "async def create_app():\n    return Flask('x')\n"},
        "",
        """\
Error: The app in main.py can't be imported

It is made inside of a function, below `if __name__ == "__main__":`, or without a name: gunicorn needs a name at the top level of the file.

Found:
  main.py:3, `return Flask('x')`

What to do:
  1. Make it at the top level of main.py: app = Flask(__name__)
  2. Or in a function that returns it and needs no arguments: def create_app():
  3. Or name it, if it gets its name in another way: pack build --env APP_MODULE=the.module:app
""",
    ),
    "generator": (
        {"main.py": FLASK + "def create_app():\n    yield Flask('x')\n"},
        "",
        """\
Error: The app in main.py can't be imported

It is made inside of a function, below `if __name__ == "__main__":`, or without a name: gunicorn needs a name at the top level of the file.

Found:
  main.py:3, `yield Flask('x')`

What to do:
  1. Make it at the top level of main.py: app = Flask(__name__)
  2. Or in a function that returns it and needs no arguments: def create_app():
  3. Or name it, if it gets its name in another way: pack build --env APP_MODULE=the.module:app
""",
    ),
    "two same factory": (
        {"main.py": FLASK + "def make():\n    return Flask('x')\na = make()\nb = make()\n"},
        "",
        """\
Error: main.py has 2 apps, and none is called app

Which of them is to be served can't be told.

Found:
  a: main.py:4, `a = make()`
  b: main.py:5, `b = make()`

What to do:
  1. Say which one: pack build --env APP_MODULE=main:a
  2. Or call it app, in main.py: app = a
""",
    ),
    "main pkg+file": (
        {"main/__init__.py": "", "main.py": APP},
        "",
        """\
Error: main.py is hidden by main/__init__.py

The app is in main.py, but `import main` takes main/__init__.py.

Found:
  main.py
  main/__init__.py

What to do:
  Give one of the two another name, or take main/__init__.py away.
""",
    ),
    "decorated app fn": (
        {
            "main.py": "from x import wsgi\n@wsgi\ndef app(request):\n    pass\n",
            "requirements.txt": "flask",
        },
        "",
        """\
Error: Whether app in main.py is an app can't be told

What it is doesn't stand in the project's code.

Found:
  main.py:3, `def app(request):`

What to do:
  If it is the app, say so: pack build --env APP_MODULE=main:app
""",
    ),
    "with as": (
        {"main.py": FLASK + "with make() as app:\n    pass\n", "requirements.txt": "flask"},
        "",
        """\
Error: Whether app in main.py is an app can't be told

What it is doesn't stand in the project's code.

Found:
  main.py:2, `with make() as app:`

What to do:
  If it is the app, say so: pack build --env APP_MODULE=main:app
""",
    ),
    "del": (
        {"main.py": FLASK + "app = Flask('x')\ndel app\n"},
        "",
        """\
Error: The app in main.py can't be imported

It is made inside of a function, below `if __name__ == "__main__":`, or without a name: gunicorn needs a name at the top level of the file.

Found:
  main.py:2, `app = Flask('x')`

What to do:
  1. Make it at the top level of main.py: app = Flask(__name__)
  2. Or in a function that returns it and needs no arguments: def create_app():
  3. Or name it, if it gets its name in another way: pack build --env APP_MODULE=the.module:app
""",
    ),
    "nul name": (
        {"main.py": APP},
        "MODULE_NAME=ma\0in",
        """\
Error: MODULE_NAME has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  MODULE_NAME=ma\\x00in, from pack build --env

What to do:
  Write it like this: MODULE_NAME=app.main
""",
    ),
    "dup slash": (
        {"app/main.py": APP},
        "APP_MODULE=app..main:app",
        """\
Error: APP_MODULE has a value that names no app

The module is a dotted name of letters, digits and underscores: app.main.

Found:
  APP_MODULE=app..main:app, from pack build --env

What to do:
  Write it like this: APP_MODULE=app.main:app
""",
    ),
    "src two": (
        {"src/a/__init__.py": APP, "src/b/__init__.py": APP},
        "",
        """\
Error: 2 files have an app

None of them is app/main.py, main.py or another usual place.

Found:
  a:app: src/a/__init__.py:2, `app = Flask(__name__)`
  b:app: src/b/__init__.py:2, `app = Flask(__name__)`

What to do:
  Say which one: pack build --env APP_MODULE=a:app
""",
    ),
}


@pytest.mark.parametrize(("files", "said", "text"), REFUSED.values(), ids=list(REFUSED))
def test_refused(tmp_path: Path, files: Files, said: str, text: str) -> None:
    assert refused(tmp_path, files, said) == text
