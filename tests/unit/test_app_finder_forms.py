"""The forms in which one file makes its Flask app."""

import re
from pathlib import Path

import pytest
from support.app_oracle import not_importable
from support.app_projects import FACTORY, FLASK, found

MAKE = "from flask import Flask\ndef make():\n    return Flask(__name__)\n"
PROXY = "from werkzeug.middleware.proxy_fix import ProxyFix\n"

FORMS: dict[str, tuple[str, str]] = {
    "import flask": ("import flask\napp = flask.Flask(__name__)\n", "app"),
    "import flask as f": ("import flask as f\napp = f.Flask(__name__)\n", "app"),
    "import Flask as F": ("from flask import Flask as F\napp = F(__name__)\n", "app"),
    "import *": ("from flask import *\napp = Flask(__name__)\n", "app"),
    "import * of two": ("from os.path import *\nfrom flask import *\napp = Flask('x')\n", "app"),
    "flask.app": ("from flask.app import Flask\napp = Flask(__name__)\n", "app"),
    "Flask under another name": (FLASK + "F = Flask\napp = F(__name__)\n", "app"),
    "annotated": (FLASK + "app: Flask = Flask(__name__)\n", "app"),
    "known by annotation": (FLASK + "app: Flask = container.make()\n", "app"),
    "known by quoted annotation": (FLASK + "app: 'Flask' = container.make()\n", "app"),
    "in if": (FLASK + "if x:\n    app = Flask('a')\nelse:\n    app = Flask('b')\n", "app"),
    "in try": (FLASK + "try:\n    app = Flask('a')\nexcept OSError:\n    app = None\n", "app"),
    "in with": (FLASK + "with lock:\n    app = Flask('a')\n", "app"),
    "in match": (FLASK + "match x:\n    case 1:\n        app = Flask('a')\n", "app"),
    "in for": (FLASK + "for x in y:\n    app = Flask('a')\n", "app"),
    "None before": (FLASK + "app = None\nif x:\n    app = Flask('a')\n", "app"),
    "if not main": (FLASK + "if __name__ != '__main__':\n    app = Flask('a')\n", "app"),
    "walrus": (FLASK + "if (app := Flask('a')):\n    pass\n", "app"),
    "a tuple": (FLASK + "app, x = Flask('a'), 1\n", "app"),
    "a nested tuple": (FLASK + "x, (y, app) = 1, (2, Flask('a'))\n", "app"),
    "a tuple from a function": (
        FLASK + "def f():\n    app = Flask('a')\n    return 1, app\nx, app = f()\n",
        "app",
    ),
    "two targets": (FLASK + "application = app = Flask('a')\n", "app"),
    "either": (FLASK + "app = Flask('a') if x else None\n", "app"),
    "or": (FLASK + "app = given or Flask('a')\n", "app"),
    "another name": (FLASK + "api = Flask('a')\n", "api"),
    "application": (FLASK + "application = Flask('a')\n", "application"),
    "application before others": (
        FLASK + "x = Flask('a')\napplication = Flask('b')\n",
        "application",
    ),
    "app before application": (FLASK + "application = Flask('a')\napp = Flask('b')\n", "app"),
    "app before others": (FLASK + "api = Flask('a')\napp = Flask('b')\n", "app"),
    "two names for one": (FLASK + "api = Flask('a')\nserver = api\n", "api"),
    "a wrapped one and its inside": (
        FLASK + PROXY + "api = Flask('a')\nserver = ProxyFix(api)\n",
        "server",
    ),
    "two apps in a dispatcher": (
        FLASK
        + "from werkzeug.middleware.dispatcher import DispatcherMiddleware\n"
        + "front = Flask('a')\nback = Flask('b')\n"
        + "both = DispatcherMiddleware(front, {'/api': back})\n",
        "both",
    ),
    "subclass": (FLASK + "class My(Flask):\n    pass\napp = My(__name__)\n", "app"),
    "subclass of a subclass": (
        FLASK + "class A(Flask):\n    pass\nclass B(A):\n    pass\napp = B('x')\n",
        "app",
    ),
    "wrapped": (FLASK + PROXY + "app = Flask('a')\napp = ProxyFix(app, x_for=1)\n", "app"),
    "wrapped inside": (
        FLASK + PROXY + "app = Flask('a')\napp.wsgi_app = ProxyFix(app.wsgi_app)\n",
        "app",
    ),
    "wrapped twice": (
        FLASK
        + PROXY
        + "from whitenoise import WhiteNoise\napp = WhiteNoise(ProxyFix(Flask('a')))\n",
        "app",
    ),
    "wrapped by who knows": (FLASK + "from x import y\napp = Flask('a')\napp = y(app)\n", "app"),
    "wrapped by a class of the project": (
        FLASK
        + "class M:\n    def __init__(self, app):\n        self.app = app\n"
        + "    def __call__(self, environ, start_response):\n"
        + "        return self.app(environ, start_response)\n"
        + "app = M(Flask('a'))\n",
        "app",
    ),
    "wrapped by a function of the project": (
        FLASK + PROXY + "def fix(a):\n    return ProxyFix(a)\napp = fix(Flask('a'))\n",
        "app",
    ),
    "wsgi_app of one": (FLASK + "x = Flask('a')\napplication = x.wsgi_app\n", "application"),
    "extensions around": (
        FLASK
        + "from flask_sqlalchemy import SQLAlchemy\nfrom flask_cors import CORS\n"
        + "from flask_migrate import Migrate\nfrom flask_restx import Api\n"
        + "from flask_appbuilder import AppBuilder\nfrom flask_socketio import SocketIO\n"
        + "server = Flask('a')\ndb = SQLAlchemy(server)\ncors = CORS(server)\n"
        + "migrate = Migrate(server, db)\napi = Api(server)\nsocketio = SocketIO(server)\n"
        + "builder = AppBuilder(server, db.session)\nclient = server.test_client()\n",
        "server",
    ),
    "an unknown extension": (
        FLASK + "from some_lib import Thing\napi = Flask('a')\nthing = Thing(api)\n",
        "api",
    ),
    "Celery called app": (
        FLASK + "from celery import Celery\nweb = Flask('a')\napp = Celery('x')\n",
        "web",
    ),
    "made by a function": (MAKE + "app = make()\n", "app"),
    "made by a function with arguments": (
        FLASK + "def make(name, *, debug):\n    return Flask(name)\napp = make('x', debug=1)\n",
        "app",
    ),
    "made by a lambda": (FLASK + "make = lambda: Flask('a')\napp = make()\n", "app"),
    "made by an annotated function": (
        FLASK + "def make() -> Flask:\n    return load()\napp = make()\n",
        "app",
    ),
    "made by a static method": (
        FLASK
        + "class Make:\n    @staticmethod\n    def app():\n        return Flask('a')\n"
        + "app = Make.app()\n",
        "app",
    ),
    "made by a class method": (
        FLASK
        + "class My(Flask):\n    @classmethod\n    def make(cls):\n        return cls('a')\n"
        + "app = My.make()\n",
        "app",
    ),
    "made by a method": (
        FLASK + "class Make:\n    def app(self):\n        return Flask('a')\napp = Make().app()\n",
        "app",
    ),
    "kept in an object": (
        FLASK
        + "class Server:\n    def __init__(self):\n        self.app = Flask('a')\n"
        + "server = Server()\napp = server.app\n",
        "app",
    ),
    "kept in an object, given": (
        FLASK
        + "class Server:\n    def __init__(self, flask):\n        self.flask = flask\n"
        + "server = Server(Flask('a'))\napplication = server.flask\n",
        "application",
    ),
    "a property": (
        FLASK
        + "class Server:\n    @property\n    def app(self):\n        return Flask('a')\n"
        + "app = Server().app\n",
        "app",
    ),
    "a decorated method": (
        FLASK + "app = Flask('a')\n@app.route('/')\ndef index(env, start):\n    pass\n",
        "app",
    ),
    "create_app": (FACTORY, "create_app()"),
    "make_app": (FACTORY.replace("create_app", "make_app"), "make_app()"),
    "create_app before make_app": (
        FACTORY.replace("create_app", "make_app") + FACTORY,
        "create_app()",
    ),
    "a factory by another name": (FACTORY.replace("create_app", "build"), "build()"),
    "an app before a factory": (FACTORY + "api = Flask('x')\n", "api"),
    "a factory with defaults": (
        FLASK + "def create_app(config=None, *, x=1, **more):\n    return Flask('a')\n",
        "create_app()",
    ),
    "a factory that only runs as a script": (
        FACTORY + "if __name__ == '__main__':\n    app = create_app()\n    app.run()\n",
        "create_app()",
    ),
    "a factory with branches": (
        FLASK
        + "def create_app():\n    app = Flask('a')\n    with app.app_context():\n"
        + "        if x:\n            return app\n    raise OSError\n",
        "create_app()",
    ),
    "a factory that wraps": (
        FLASK
        + PROXY
        + "def create_app():\n    app = Flask('a')\n    app = ProxyFix(app)\n    return app\n",
        "create_app()",
    ),
    "a factory that imports inside": (
        "def create_app():\n    from flask import Flask\n    return Flask('a')\n",
        "create_app()",
    ),
    "a factory beside one that needs arguments": (
        FACTORY + "def make_app(x):\n    return Flask(x)\n",
        "create_app()",
    ),
    "a lambda as factory": (FLASK + "create_app = lambda: Flask('a')\n", "create_app()"),
    "a global": (FLASK + "app = Flask('a')\ndef create_app():\n    return app\n", "app"),
    "named inside an ASGI wrapper": (
        FLASK + "from asgiref.wsgi import WsgiToAsgi\nweb = Flask('a')\napp = WsgiToAsgi(web)\n",
        "web",
    ),
    "beside an ASGI wrapper": (
        FLASK + "from a2wsgi import WSGIMiddleware\napp = Flask('a')\nasgi = WSGIMiddleware(app)\n",
        "app",
    ),
    "a long chain of elif": (
        FLASK + "if a:\n    pass\n" + "elif b:\n    pass\n" * 300 + "app = Flask('a')\n",
        "app",
    ),
}


@pytest.mark.parametrize(("source", "variable"), FORMS.values(), ids=list(FORMS))
def test_form(tmp_path: Path, source: str, variable: str) -> None:
    result = found(tmp_path, {"main.py": source})
    assert (result.app_module, result.framework) == (f"main:{variable}", "Flask")
    assert result.imports_flask


NOT_INSTALLED = re.compile(r"(flask_|celery|some_lib|whitenoise|asgiref|a2wsgi|from x)")
NAMES = "a = b = given = None\nx = 1\ny = [1]\nlock = __import__('contextlib').nullcontext()\n"
LATER = {"known by annotation", "known by quoted annotation", "made by an annotated function"}


def test_gunicorn_imports_it(tmp_path: Path) -> None:
    projects = {
        name: {"main.py": NAMES + source}
        for name, (source, _) in FORMS.items()
        if not NOT_INSTALLED.search(source) and name not in LATER
    }
    assert len(projects) > 55
    assert not_importable(tmp_path, projects) == ([], "")
