"""Projects as people really write them."""

from pathlib import Path

import pytest
from support.app_projects import APP, FLASK, Files, found

FOUND: dict[str, tuple[Files, str, str]] = {
    "global": (
        {
            "main.py": FLASK + "app = None\n"
            "def init():\n"
            "    global app\n"
            "    app = Flask('x')\n"
            "init()\n"
        },
        "",
        "main:app",
    ),
    "global no None": (
        {"main.py": FLASK + "def init():\n    global app\n    app = Flask('x')\ninit()\n"},
        "",
        "main:app",
    ),
    "global named": (
        {"main.py": FLASK + "def init():\n    global api\n    api = make()\ninit()\n"},
        "APP_MODULE=main:api",
        "main:api",
    ),
    "globals() named": (
        {"main.py": FLASK + "globals()['app'] = Flask('x')\n"},
        "APP_MODULE=main:app",
        "main:app",
    ),
    "class attr": (
        {"main.py": FLASK + "class C:\n    app = Flask('x')\napp = C.app\n"},
        "",
        "main:app",
    ),
    "class attr inst": (
        {"main.py": FLASK + "class C:\n    app = Flask('x')\napp = C().app\n"},
        "",
        "main:app",
    ),
    "self.make": (
        {
            "main.py": FLASK + "class C:\n"
            "    def __init__(self):\n"
            "        self.app = self.make()\n"
            "    def make(self):\n"
            "        return Flask('x')\n"
            "app = C().app\n"
        },
        "",
        "main:app",
    ),
    "super init": (
        {
            "main.py": FLASK + "class B:\n"
            "    def __init__(self):\n"
            "        self.app = Flask('x')\n"
            "class C(B):\n"
            "    def __init__(self):\n"
            "        super().__init__()\n"
            "c = C()\n"
            "app = c.app\n"
        },
        "",
        "main:app",
    ),
    "sio named": (
        {
            "main.py": FLASK + "import socketio\n"
            "web = Flask('x')\n"
            "sio = socketio.Server()\n"
            "both = socketio.WSGIApp(sio, web)\n"
        },
        "",
        "main:both",
    ),
    "flask_app inside": (
        {"app/main.py": "from flask_app import app\n", "app/flask_app.py": APP},
        "",
        "main:app",
    ),
    "flask_app top": ({"flask_app.py": APP}, "", "flask_app:app"),
    "factory returns other file": (
        {
            "main.py": "from web import create_app\n",
            "web/__init__.py": "from .factory import create_app\n",
            "web/factory.py": FLASK + "from .config import Config\n"
            "from .ext import db\n"
            "def create_app(config=Config):\n"
            "    app = Flask('x')\n"
            "    app.config.from_object(config)\n"
            "    db.init_app(app)\n"
            "    return app\n",
            "web/config.py": "class Config: pass\n",
            "web/ext.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n",
        },
        "",
        "main:create_app()",
    ),
    "relative in root main": ({"main.py": "from .app import app\n", "app.py": APP}, "", "app:app"),
    "celery worker": (
        {
            "app.py": FLASK + "def create_app():\n    app = Flask('x')\n    return app\n",
            "celery_worker.py": "from app import create_app\napp = create_app()\n",
        },
        "",
        "app:create_app()",
    ),
    "main pkg": ({"main/__init__.py": APP}, "", "main:app"),
    "mkdir app.py": ({"app.py/": "", "app/main.py": APP}, "", "app.main:app"),
    "lambda args": (
        {"main.py": FLASK + "create_app = lambda x=1: Flask('x')\n"},
        "",
        "main:create_app()",
    ),
    "nested fn": (
        {
            "main.py": FLASK + "def create_app():\n"
            "    def inner():\n"
            "        return Flask('x')\n"
            "    return inner()\n"
        },
        "",
        "main:create_app()",
    ),
    "closure": (
        {
            "main.py": FLASK + "def outer():\n"
            "    app = Flask('x')\n"
            "    def get():\n"
            "        return app\n"
            "    return get\n"
            "get = outer()\n"
            "app = get()\n"
        },
        "",
        "main:app",
    ),
    "fn app returns flask": (
        {"main.py": FLASK + "def app():\n    return Flask('x')\n"},
        "",
        "main:app()",
    ),
    "star unpack": ({"main.py": FLASK + "app, *rest = Flask('x'), 1, 2\n"}, "", "main:app"),
    "if else": (
        {
            "main.py": FLASK + "import os\n"
            "if os.getenv('X'):\n"
            "    from a import app\n"
            "else:\n"
            "    from b import app\n",
            "a.py": APP,
            "b.py": APP,
        },
        "",
        "main:app",
    ),
    "try flask or stub": (
        {
            "main.py": "try:\n"
            "    from flask import Flask\n"
            "except ImportError:\n"
            "    Flask = None\n"
            "app = Flask(__name__)\n"
        },
        "",
        "main:app",
    ),
    "appbuilder": (
        {
            "app/__init__.py": FLASK + "from flask_appbuilder import AppBuilder, SQLA\n"
            "app = Flask(__name__)\n"
            "db = SQLA(app)\n"
            "appbuilder = AppBuilder(app, db.session)\n"
            "from . import views\n",
            "app/views.py": "from . import appbuilder\n",
            "run.py": "from app import app\napp.run()\n",
        },
        "",
        "app:app",
    ),
    "dash pages": (
        {
            "app.py": "import dash\n"
            "from dash import html\n"
            "app = dash.Dash(__name__, use_pages=True)\n"
            "server = app.server\n",
            "pages/home.py": "import dash\ndash.register_page(__name__)\n",
        },
        "",
        "app:server",
    ),
    "dash index": (
        {
            "app.py": "import dash\napp = dash.Dash()\nserver = app.server\n",
            "index.py": "from app import app, server\n",
        },
        "",
        "app:server",
    ),
    "connexion create": (
        {
            "main.py": "import connexion\n"
            "def create_app():\n"
            "    cx = connexion.App(__name__)\n"
            "    return cx.app\n"
            "app = create_app()\n"
        },
        "",
        "main:app",
    ),
    "flask cli": (
        {
            "main.py": FLASK + "from flask.cli import FlaskGroup\n"
            "app = Flask('x')\n"
            "cli = FlaskGroup(create_app=lambda: app)\n"
        },
        "",
        "main:app",
    ),
    "star pkg": (
        {
            "main.py": "from pkg import *\n",
            "pkg/__init__.py": "from .web import *\n",
            "pkg/web.py": APP,
        },
        "",
        "main:app",
    ),
    "mutual star": (
        {
            "main.py": "from a import *\n",
            "a.py": "from main import *\nfrom b import *\n",
            "b.py": "from a import *\n" + APP,
        },
        "",
        "main:app",
    ),
    "main imports wsgi": (
        {
            "wsgi.py": "from main import app as application\n"
            "if __name__ == '__main__':\n"
            "    application.run()\n",
            "main.py": APP,
        },
        "",
        "main:app",
    ),
    "404 dispatcher": (
        {
            "main.py": FLASK + "from werkzeug.middleware.dispatcher import DispatcherMiddleware\n"
            "from werkzeug.exceptions import NotFound\n"
            "api = Flask('x')\n"
            "app = DispatcherMiddleware(NotFound(), {'/v1': api})\n"
        },
        "",
        "main:app",
    ),
    "app None then factory": (
        {"main.py": FLASK + "app = None\ndef create_app():\n    return Flask('x')\n"},
        "",
        "main:create_app()",
    ),
    "case": ({"Main.py": APP}, "", "Main:app"),
}


@pytest.mark.parametrize(("files", "said", "app"), FOUND.values(), ids=list(FOUND))
def test_found(tmp_path: Path, files: Files, said: str, app: str) -> None:
    assert found(tmp_path, files, said).app_module == app
