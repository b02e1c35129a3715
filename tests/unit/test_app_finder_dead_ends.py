"""Projects as people really write them, that lead to no app."""

from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, Files, refused

REFUSED: dict[str, tuple[Files, str, str, str]] = {
    "globals()": (
        {"main.py": FLASK + "globals()['app'] = Flask('x')\n"},
        "",
        "The app in main.py can't be imported",
        "main.py:2, `globals()['app'] = Flask('x')`",
    ),
    "asgi same name": (
        {
            "main.py": FLASK + "from asgiref.wsgi import WsgiToAsgi\n"
            "app = Flask('x')\n"
            "app = WsgiToAsgi(app)\n"
        },
        "",
        "The Flask app in main.py can only be reached as ASGI",
        "main.py:4, `app = WsgiToAsgi(app)`",
    ),
    "partial": (
        {
            "main.py": FLASK + "from functools import partial\n"
            "def make(x):\n"
            "    return Flask(x)\n"
            "create_app = partial(make, 'x')\n"
        },
        "",
        "Whether create_app() in main.py is an app can't be told",
        "main.py:5, `create_app = partial(make, 'x')`",
    ),
    "dict": (
        {"main.py": FLASK + "apps = {'a': Flask('a')}\napp = apps['a']\n"},
        "",
        "Whether app in main.py is an app can't be told",
        "main.py:3, `app = apps['a']`",
    ),
    "async factory": (
        {"main.py": FLASK + "async def create_app():\n    return Flask('x')\n"},
        "",
        "The app in main.py can't be imported",
        "main.py:3, `return Flask('x')`",
    ),
    "generator": (
        {"main.py": FLASK + "def create_app():\n    yield Flask('x')\n"},
        "",
        "The app in main.py can't be imported",
        "main.py:3, `yield Flask('x')`",
    ),
    "two same factory": (
        {"main.py": FLASK + "def make():\n    return Flask('x')\na = make()\nb = make()\n"},
        "",
        "main.py has 2 apps, and none is called app",
        "b: main.py:5, `b = make()`",
    ),
    "main pkg+file": (
        {"main/__init__.py": "", "main.py": APP},
        "",
        "main.py is hidden by main/__init__.py",
        "main/__init__.py",
    ),
    "decorated app fn": (
        {
            "main.py": "from x import wsgi\n@wsgi\ndef app(request):\n    pass\n",
            "requirements.txt": "flask",
        },
        "",
        "Whether app in main.py is an app can't be told",
        "main.py:3, `def app(request):`",
    ),
    "with as": (
        {"main.py": FLASK + "with make() as app:\n    pass\n", "requirements.txt": "flask"},
        "",
        "Whether app in main.py is an app can't be told",
        "main.py:2, `with make() as app:`",
    ),
    "del": (
        {"main.py": FLASK + "app = Flask('x')\ndel app\n"},
        "",
        "The app in main.py can't be imported",
        "main.py:2, `app = Flask('x')`",
    ),
    "nul name": (
        {"main.py": APP},
        "MODULE_NAME=ma\0in",
        "MODULE_NAME has a value that names no app",
        "MODULE_NAME=ma\\x00in, from pack build --env",
    ),
    "dup slash": (
        {"app/main.py": APP},
        "APP_MODULE=app..main:app",
        "APP_MODULE has a value that names no app",
        "APP_MODULE=app..main:app, from pack build --env",
    ),
    "src two": (
        {"src/a/__init__.py": APP, "src/b/__init__.py": APP},
        "",
        "2 files have an app",
        "b:app: src/b/__init__.py:2, `app = Flask(__name__)`",
    ),
}


@pytest.mark.parametrize(("files", "said", "title", "line"), REFUSED.values(), ids=list(REFUSED))
def test_refused(tmp_path: Path, files: Files, said: str, title: str, line: str) -> None:
    text = refused(tmp_path, files, said)
    assert text.startswith(f"Error: {title}\n")
    assert f"\n  {line}\n" in text
